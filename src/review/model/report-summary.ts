import { groupBy } from '../../core/collections.ts';
import { plural } from '../../core/text/counting.ts';
import type { ChangeOutcome, Outcome, Report } from '../../plan/report.ts';

/** A report as a person reads it: outcomes that ask for something first, and what to do next. */
export interface ReportSummary {
  readonly report: Report;
  readonly verdict: {
    readonly code: 'converged' | 'planned' | 'incomplete' | 'refused';
    readonly line: string;
  };
  readonly outcomes: readonly { readonly outcome: Outcome; readonly changes: readonly ChangeOutcome[] }[];
  readonly next: string;
}

/** Those that ask for something come first. */
const ORDER: readonly Outcome[] = [
  'failed',
  'unknown',
  'skipped',
  'not_attempted',
  'applied',
  'already',
  'planned',
];

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

/** Of a start that came to nothing: it stands first among the errors, and speaks of the plan as a whole. */
const refusalIn = ({ errors }: Report) => errors.find(({ ref }) => ref === 'plan');

/** `40 applied, 3 already so, 2 failed. Not converged. Complete.` */
export function totalsLine({ totals, mode, converged, complete }: Report): string {
  const words = ORDER.filter((outcome) => totals[outcome] > 0).map(
    (outcome) => `${totals[outcome]} ${outcome.replace('_', ' ')}`,
  );
  const state = mode === 'dry_run' ? '' : converged ? ' Converged.' : ' Not converged.';
  const whole = complete ? '' : ' Not complete: something was left out of the plan.';
  return `${mode === 'dry_run' ? 'Dry run' : 'Apply'}: ${words.length === 0 ? 'no changes' : words.join(', ')}.${state}${whole}`;
}

function nextStep(report: Report): string {
  const { mode, plan, totals, approvals, converged, complete, warnings } = report;
  const refusal = refusalIn(report);
  if (refusal !== undefined) return refusal.hint;
  if (mode === 'dry_run') {
    // Whether those are enough is for the policy to say, which apply and verify ask.
    if (totals.planned > 0 && approvals.length > 0) return `Apply it: sailplan apply ${plan.id}.`;
    // Of a sync, which writes no plan; the dry run of an apply is one of its runs.
    if (totals.planned > 0 && report.runs.length === 0)
      return 'Write it as a plan and have it approved: the same again with --no-dry-run.';
    if (totals.planned > 0)
      return `Approve the plan and apply it: sailplan approve ${plan.id}, then sailplan apply ${plan.id}.`;
    return complete ? 'Nothing to do.' : 'Mend what was left out, then plan again.';
  }
  if (totals.unknown > 0) {
    return `Look at what is unknown, then run the same apply again (sailplan apply ${plan.id}): what is done is not written twice.`;
  }
  if (totals.skipped > 0 && totals.failed === 0 && totals.not_attempted === 0) {
    return 'The shop changed since the plan was made: plan again.';
  }
  if (!converged)
    return `Mend what failed and run the same apply again (sailplan apply ${plan.id}): what is done is not written twice.`;
  if (warnings.some(({ code }) => code === 'reverts'))
    return 'Wagtail still says otherwise: change it there, or the next plan proposes the same again.';
  return complete
    ? 'Nothing to do: planning again finds no changes.'
    : 'Mend what was left out, then plan again.';
}

/** Who approved, and under which policy; that a signature or a policy is missing is said. */
export function approvalLines({ approvals, policy, mode }: Report): readonly string[] {
  const given = approvals.map(
    ({ approver, at, signed, comment }) =>
      `${approver} at ${at}, ${signed ? 'signed' : 'unsigned'}${comment === null ? '' : `: ${comment}`}`,
  );
  const none = mode === 'dry_run' ? [] : ['nobody'];
  return [
    ...(given.length === 0 ? none : given).map((one) => `approved by ${one}`),
    ...(mode === 'dry_run'
      ? []
      : [policy === null ? 'without a policy file' : `under the policy ${policy.slice(0, 12)}…`]),
  ];
}

/** `run 2: 42 requests, 2026-11-23T14:38:47Z to …` */
export const runLines = ({ runs }: Report): readonly string[] =>
  runs.map(({ number, started_at, finished_at, requests }) =>
    finished_at === null
      ? `run ${number}: ${started_at} to an end that was not recorded`
      : requests === null
        ? `run ${number}: ${started_at} to ${finished_at}`
        : `run ${number}: ${plural(requests, 'request')}, ${started_at} to ${finished_at}`,
  );
