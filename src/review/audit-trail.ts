import type { Target } from '../core/actual-state.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import type { ApprovalNote, Outcome } from '../plan/report.ts';
import { tableRow } from './markdown/collapsible-tables.ts';
import { code } from './markdown/escape.ts';

/** One start of an apply, from the archive and the files beside the plan. */
export type AuditedApply = {
  /** Numbers of its lines in the archive. */
  readonly lines: readonly number[];
  readonly plan: { readonly id: string; readonly digest: string };
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** null: the apply was killed, so the archive has no end of it. */
  readonly result: 'converged' | 'incomplete' | null;
  /** Approvals that the policy counted. */
  readonly approvals: readonly ApprovalNote[];
  /** SHA-256 of the policy file; null: there was none. */
  readonly policy: string | null;
  /** Who started it by their own account, which proves nothing. */
  readonly by: string | null;
  /** null: the report is missing. */
  readonly totals: Readonly<Record<Outcome, number>> | null;
};

export type AuditTrail = {
  readonly file: string;
  readonly target: Target | null;
  readonly applies: readonly AuditedApply[];
  /** The first check that fails; null if none fails. */
  readonly problem: string | null;
};

/** Who approved and applied what, when, where and with which result. Ends without a newline. */
export const renderTrail = (trail: AuditTrail, medium: 'text' | 'markdown'): string =>
  medium === 'text' ? trailText(trail) : trailMarkdown(trail);

function nameOf({ target, file }: AuditTrail): string {
  if (target === null) return file;
  return target.name === null ? target.api_url : `${target.name} (${target.api_url})`;
}

/** `2026-11-23 14:38 UTC`; `?` where the time is not known. */
export const timeText = (time: string | null): string =>
  time !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time)
    ? `${time.slice(0, 16).replace('T', ' ')} UTC`
    : '?';

/** `converged (40 applied, 2 failed)` */
export const resultText = ({ result, totals }: AuditedApply): string =>
  `${result ?? 'its end is not recorded'} (${totalsText(totals)})`;

function totalsText(totals: AuditedApply['totals']): string {
  if (totals === null) return 'no report';
  const counts = Object.entries(totals).filter(([, count]) => count > 0);
  if (counts.length === 0) return 'nothing to do';
  return counts.map(([outcome, count]) => `${count} ${outcome.replace('_', ' ')}`).join(', ');
}

/** `approved by ada@example.com at 2026-11-23 14:38 UTC, signed: read it` */
export function approvalText(approval: ApprovalNote): string {
  const comment = approval.comment === null ? '' : `: ${approval.comment}`;
  return `approved by ${approval.approver} at ${timeText(approval.at)}, ${signatureText(approval)}${comment}`;
}

const signatureText = ({ signed }: ApprovalNote): string => (signed ? 'signed' : 'unsigned');

/** Digits of the policy's SHA-256 that are shown. */
const POLICY_DIGITS = 12;

function trailText(trail: AuditTrail): string {
  const lines = [
    `${nameOf(trail)}: ${plural(trail.applies.length, 'apply', 'applies')}`,
    ...trail.applies.flatMap(applyLines),
    ...(trail.problem === null ? [] : [`  REFUSED: ${trail.problem}`]),
  ];
  return lines.map((line) => visible(line)).join('\n');
}

/** `policy 0c2f4b7a91d3`, `without a policy` */
export const policyText = ({ policy }: AuditedApply): string =>
  policy === null ? 'without a policy' : `policy ${policy.slice(0, POLICY_DIGITS)}`;

function applyLines(apply: AuditedApply): readonly string[] {
  const started = timeText(apply.started_at ?? apply.finished_at);
  return [
    `  ${started}  plan ${apply.plan.id}: ${resultText(apply)}`,
    ...apply.approvals.map((approval) => `      ${approvalText(approval)}`),
    `      applied by ${apply.by ?? 'somebody unknown'}, ${policyText(apply)}`,
  ];
}

function trailMarkdown(trail: AuditTrail): string {
  return [
    `### ${code(nameOf(trail))}`,
    '',
    '| When | Plan | Result | Approved by | Applied by | Policy |',
    '|---|---|---|---|---|---|',
    ...trail.applies.map(applyRow),
    ...(trail.problem === null ? [] : ['', `**Refused**: ${code(trail.problem)}`]),
  ].join('\n');
}

function applyRow(apply: AuditedApply): string {
  const approvals = apply.approvals.map((approval) => {
    const comment = approval.comment === null ? '' : `: ${code(approval.comment)}`;
    return `${code(approval.approver)}, ${signatureText(approval)}, ${timeText(approval.at)}${comment}`;
  });
  return tableRow([
    timeText(apply.started_at ?? apply.finished_at),
    code(apply.plan.id),
    resultText(apply),
    approvals.join('<br>') || 'none',
    apply.by === null ? 'unknown' : code(apply.by),
    apply.policy === null ? 'none' : code(apply.policy.slice(0, POLICY_DIGITS)),
  ]);
}
