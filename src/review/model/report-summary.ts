import { groupBy } from '../../core/collections.ts';
import { plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, Outcome, Report } from '../../plan/report.ts';

/** A report as a person reads it: outcomes that need an action first, and the next step. */
export interface ReportSummary {
  readonly report: Report;
  readonly verdict: {
    readonly code: 'converged' | 'planned' | 'incomplete' | 'refused';
    readonly line: string;
  };
  readonly outcomes: readonly { readonly outcome: Outcome; readonly changes: readonly ChangeOutcome[] }[];
  readonly next: string;
}

/** Outcomes that need an action come first. */
const ORDER: readonly Outcome[] = [
  'failed',
  'unknown',
  'skipped',
  'not_attempted',
  'applied',
  'already',
  'planned',
];

/** Whether the outcome needs no action. */
export const isQuietOutcome = (outcome: Outcome): boolean =>
  outcome === 'applied' || outcome === 'already' || outcome === 'planned';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  failed: 'Failed',
  unknown: 'Unknown: it cannot be decided what became of it',
  skipped: 'Skipped',
  not_attempted: 'Not attempted',
  applied: 'Applied',
  already: 'Already so before',
  planned: 'Would be done',
};

export function summariseReport(report: Report): ReportSummary {
  const byOutcome = groupBy(report.outcomes, ({ outcome }) => outcome);
  return {
    report,
    verdict: verdictOf(report),
    outcomes: ORDER.flatMap((outcome) => {
      const changes = byOutcome.get(outcome);
      return changes === undefined ? [] : [{ outcome, changes }];
    }),
    next: nextStep(report),
  };
}

function verdictOf(report: Report): ReportSummary['verdict'] {
  if (report.mode === 'dry_run') {
    return {
      code: 'planned',
      line: `Dry run: nothing was written. ${plural(report.totals.planned, 'change')} would be made.`,
    };
  }
  const refusal = refusalIn(report);
  if (refusal !== undefined) return { code: 'refused', line: `Nothing was written: ${refusal.message}` };
  return report.converged
    ? { code: 'converged', line: 'Converged: the shop was read back and holds all that the plan says.' }
    : { code: 'incomplete', line: 'Not converged: the shop does not hold all that the plan says.' };
}

/** The error of an apply that was refused as a whole. */
const refusalIn = ({ errors }: Report) => errors.find(({ ref }) => ref === 'plan');

/** `Apply: 40 applied, 3 already, 2 failed. Not converged.` */
export function totalsLine({ totals, mode, converged, complete }: Report): string {
  const counts = ORDER.filter((outcome) => totals[outcome] > 0).map(
    (outcome) => `${totals[outcome]} ${outcome.replace('_', ' ')}`,
  );
  const changes = counts.length === 0 ? 'no changes' : counts.join(', ');
  const skipped = complete ? '' : ' Not complete: something was left out of the plan.';
  if (mode === 'dry_run') return `Dry run: ${changes}.${skipped}`;
  return `Apply: ${changes}.${converged ? ' Converged.' : ' Not converged.'}${skipped}`;
}

function nextStep(report: Report): string {
  const refusal = refusalIn(report);
  if (refusal !== undefined) return refusal.hint;
  return report.mode === 'dry_run' ? nextAfterDryRun(report) : nextAfterApply(report);
}

const MEND_SKIPPED = 'Mend what was left out, then plan again.';

function nextAfterDryRun({ plan, totals, approvals, runs, complete }: Report): string {
  if (totals.planned === 0) return complete ? 'Nothing to do.' : MEND_SKIPPED;
  // Only the policy decides whether these approvals are enough; apply and verify check it.
  if (approvals.length > 0) return `Apply it: sailplan apply ${plan.id}.`;
  // Only the dry run of a sync has no run: it writes no plan.
  if (runs.length === 0) return 'Write it as a plan and have it approved: the same again with --no-dry-run.';
  return `Approve the plan and apply it: sailplan approve ${plan.id}, then sailplan apply ${plan.id}.`;
}

function nextAfterApply({ plan, totals, converged, complete, errors, warnings }: Report): string {
  const again = `run the same apply again (sailplan apply ${plan.id}): what is done is not written twice.`;
  if (totals.unknown > 0) return `Look at what is unknown, then ${again}`;
  if (totals.failed === 0 && errors.some(({ code }) => code === 'stopped'))
    return `${again.charAt(0).toUpperCase()}${again.slice(1)}`;
  if (totals.skipped > 0 && totals.failed === 0 && totals.not_attempted === 0)
    return 'The shop changed since the plan was made: plan again.';
  if (!converged) return `Mend what failed and ${again}`;
  if (warnings.some(({ code }) => code === 'reverts'))
    return 'Wagtail still says otherwise: change it there, or the next plan proposes the same again.';
  return complete ? 'Nothing to do: planning again finds no changes.' : MEND_SKIPPED;
}

/** Who approved an apply, and under which policy. Also reports a missing approval, signature or policy. */
export function approvalLines({ approvals, policy, mode }: Report): readonly string[] {
  const lines = approvals.map(({ approver, at, signed, comment }) => {
    const signature = signed ? 'signed' : 'unsigned';
    return `approved by ${approver} at ${at}, ${signature}${comment === null ? '' : `: ${comment}`}`;
  });
  if (mode === 'dry_run') return lines;
  return [
    ...(lines.length === 0 ? ['approved by nobody'] : lines),
    policy === null ? 'without a policy file' : `under the policy ${policy.slice(0, 12)}…`,
  ];
}

/** `run 2: 42 requests, 2026-11-23T14:38:47Z to 2026-11-23T14:39:02Z` */
export const runLines = ({ runs }: Report): readonly string[] =>
  runs.map(({ number, started_at, finished_at, requests }) => {
    if (finished_at === null) return `run ${number}: ${started_at} to an end that was not recorded`;
    const sent = requests === null ? '' : `${plural(requests, 'request')}, `;
    return `run ${number}: ${sent}${started_at} to ${finished_at}`;
  });
