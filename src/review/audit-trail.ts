import type { Target } from '../core/actual-state.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import type { ApprovalNote, Outcome } from '../plan/report.ts';
import { code } from './markdown/escape.ts';

/** One start of an apply, as the archive tells it, with what its files add. */
export interface AuditedApply {
  /** Numbers of its lines in the archive. */
  readonly lines: readonly number[];
  readonly plan: { readonly id: string; readonly digest: string };
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** null: its end is not recorded, it was killed. */
  readonly result: 'converged' | 'incomplete' | null;
  /** Those that counted. */
  readonly approvals: readonly ApprovalNote[];
  /** SHA-256, or null: there was none. */
  readonly policy: string | null;
  /** Who says to have started it; proves nothing. */
  readonly by: string | null;
  /** null: the report is not there. */
  readonly totals: Readonly<Record<Outcome, number>> | null;
}

export interface AuditTrail {
  readonly file: string;
  readonly target: Target | null;
  readonly applies: readonly AuditedApply[];
  /** The first thing that does not hold, or null. */
  readonly problem: string | null;
}

/** Who approved and applied what, when, where and with what result. */
export const renderTrail = (trail: AuditTrail, medium: 'text' | 'markdown'): string =>
  medium === 'text' ? inText(trail) : inMarkdown(trail);

const nameOf = ({ target, file }: AuditTrail): string =>
  target === null ? file : target.name === null ? target.api_url : `${target.name} (${target.api_url})`;

const at = (time: string | null): string =>
  time !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time)
    ? `${time.slice(0, 16).replace('T', ' ')} UTC`
    : '?';

const resultOf = ({ result }: AuditedApply): string => result ?? 'its end is not recorded';

function figures({ totals }: AuditedApply): string {
  if (totals === null) return 'no report';
  const said = Object.entries(totals).flatMap(([outcome, count]) =>
    count === 0 ? [] : [`${count} ${outcome.replace('_', ' ')}`],
  );
  return said.join(', ') || 'nothing to do';
}

const signature = ({ signed }: ApprovalNote): string => (signed ? 'signed' : 'unsigned');

function inText(trail: AuditTrail): string {
  const lines = trail.applies.flatMap((one) => [
    `  ${at(one.started_at ?? one.finished_at)}  plan ${one.plan.id}: ${resultOf(one)} (${figures(one)})`,
    ...one.approvals.map(
      (note) =>
        `      approved by ${note.approver} at ${at(note.at)}, ${signature(note)}${note.comment === null ? '' : `: ${note.comment}`}`,
    ),
    `      applied by ${one.by ?? 'somebody unknown'}, ${one.policy === null ? 'without a policy' : `policy ${one.policy.slice(0, 12)}`}`,
  ]);
  const head = `${nameOf(trail)}: ${plural(trail.applies.length, 'apply', 'applies')}`;
  const refused = trail.problem === null ? [] : [`  REFUSED: ${trail.problem}`];
  return [head, ...lines, ...refused].map((line) => visible(line)).join('\n');
}

function inMarkdown(trail: AuditTrail): string {
  const rows = trail.applies.map((one) => {
    const approvals = one.approvals.map(
      (note) =>
        `${code(note.approver)}, ${signature(note)}, ${at(note.at)}${note.comment === null ? '' : `: ${code(note.comment)}`}`,
    );
    const policy = one.policy === null ? 'none' : code(one.policy.slice(0, 12));
    const cells = [
      at(one.started_at ?? one.finished_at),
      code(one.plan.id),
      `${resultOf(one)} (${figures(one)})`,
      approvals.join('<br>') || 'none',
      one.by === null ? 'unknown' : code(one.by),
      policy,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const table = [
    '| When | Plan | Result | Approved by | Applied by | Policy |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
  const refused = trail.problem === null ? [] : ['', `**Refused**: ${code(trail.problem)}`];
  return [`### ${code(nameOf(trail))}`, '', ...table, ...refused].join('\n');
}
