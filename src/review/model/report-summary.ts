import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
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
  unknown: 'Unknown: it cannot be decided whether it was written',
  skipped: 'Skipped',
  not_attempted: 'Not attempted',
  applied: 'Applied',
  already: 'Already in the shop',
  planned: 'Planned',
};

/** The commands that lead on, with the options that they need here. */
export interface NextCommands {
  readonly apply: (id: string) => string;
  readonly approve: (id: string) => string;
}

const PLAIN: NextCommands = {
  apply: (id) => `sailplan apply ${id}`,
  approve: (id) => `sailplan approve ${id}`,
};

/** `Apply of plan 0c2f4b7a91d3e855 to staging` */
export function headingOf({ mode, plan, target, command }: Report): string {
  const name = mode === 'dry_run' ? 'Dry run' : plan === null ? (command ?? 'Apply') : 'Apply';
  const place = target === null ? '' : ` ${plan === null ? 'for' : 'to'} ${target.name ?? target.api_url}`;
  return `${name}${plan === null ? '' : ` of plan ${plan.id}`}${place}`;
}

export function summariseReport(report: Report, commands = PLAIN): ReportSummary {
  const byOutcome = groupBy(report.outcomes, ({ outcome }) => outcome);
  return {
    report,
    verdict: verdictOf(report),
    outcomes: ORDER.flatMap((outcome) => {
      const changes = byOutcome.get(outcome);
      return changes === undefined ? [] : [{ outcome, changes }];
    }),
    next: nextStep(report, commands),
  };
}

function verdictOf(report: Report): ReportSummary['verdict'] {
  const refusal = refusalIn(report);
  if (refusal !== undefined)
    return {
      code: 'refused',
      line: refusal.code === 'report_unwritten' ? refusal.message : `Nothing was written: ${refusal.message}`,
    };
  const skipped = skippedSentence(report);
  if (report.mode === 'dry_run') {
    const count = plural(report.totals.planned, 'change');
    return { code: 'planned', line: `Dry run: nothing was written. ${count} would be made.${skipped}` };
  }
  return report.converged
    ? { code: 'converged', line: `${doneText(report)}; the shop matches the plan.${skipped}` }
    : { code: 'incomplete', line: `${doneText(report)}; the shop does not match the plan.${skipped}` };
}

/** Applied changes: those that the last run wrote, and those that earlier runs of the plan wrote. */
function appliedByRun({ mode, totals, runs }: Report): { readonly now: number; readonly before: number } {
  // A run without a count is taken for the only one.
  const now = mode === 'dry_run' ? 0 : Math.min(runs.at(-1)?.applied ?? totals.applied, totals.applied);
  return { now, before: totals.applied - now };
}

/**
 * `10 changes applied, 2 failed`; `4 changes applied, 6 applied before` after a run that resumed the plan; `Nothing to write`
 * if this run wrote nothing, because the shop had every change.
 */
function doneText(report: Report): string {
  const { already } = report.totals;
  const { now, before } = appliedByRun(report);
  const others = unfinished(report);
  if (now === 0 && already === 0 && others.length === 0 && before > 0)
    return `Nothing to write: ${before === 1 ? 'the change was' : `all ${formatCount(before)} changes were`} applied before`;
  const present = [
    ...(before > 0 ? [`${formatCount(before)} applied before`] : []),
    ...(already > 0 ? [`${formatCount(already)} already in the shop`] : []),
  ];
  const parts = [...(now > 0 ? [`${plural(now, 'change')} applied`] : []), ...present, ...others];
  if (parts.length === 0) return 'No changes';
  return now > 0 || others.length > 0 ? parts.join(', ') : `Nothing to write: ${parts.join(', ')}`;
}

/** `2 failed`, `1 unknown`: the outcomes that need an action. */
const unfinished = ({ totals }: Report): readonly string[] =>
  ORDER.filter((outcome) => !isQuietOutcome(outcome) && totals[outcome] > 0).map(
    (outcome) => `${formatCount(totals[outcome])} ${outcome.replace('_', ' ')}`,
  );

/** The error that stopped the whole command. */
const refusalIn = ({ errors }: Report) => errors.find(({ ref }) => ref === 'plan' || ref === 'run');

/** ` 2 pages skipped: see `sailplan lint`. 5 pages skipped by flags.`, or an empty string. */
function skippedSentence({ skipped_pages, skipped_by_flags }: Report): string {
  const byErrors =
    skipped_pages.length === 0
      ? ''
      : ` ${plural(skipped_pages.length, 'page')} skipped: see \`sailplan lint\`.`;
  return skipped_by_flags === null || skipped_by_flags === 0
    ? byErrors
    : `${byErrors} ${plural(skipped_by_flags, 'page')} skipped by flags.`;
}

function nextStep(report: Report, commands: NextCommands): string {
  const refusal = refusalIn(report);
  if (refusal !== undefined) return refusal.hint;
  return report.mode === 'dry_run' ? nextAfterDryRun(report, commands) : nextAfterApply(report, commands);
}

/** Whether errors kept pages or resources out of the plan. */
const hasErrors = ({ skipped_pages, errors }: Report): boolean =>
  skipped_pages.length > 0 || errors.length > 0;

const FIX_ERRORS = 'Fix the errors listed above, then plan again.';
const FIX_AND_REPEAT = 'Fix the errors listed above, then run the same command again.';

function nextAfterDryRun(report: Report, { apply, approve }: NextCommands): string {
  const { plan, totals, approvals, errored, converged, skipped_by_flags } = report;
  if (errored) return FIX_AND_REPEAT;
  if (hasConflict(report)) return PLAN_AGAIN;
  if (totals.planned === 0) {
    if (hasErrors(report)) return plan === null ? FIX_AND_REPEAT : FIX_ERRORS;
    if (skipped_by_flags !== null && skipped_by_flags > 0)
      return 'Run it again without the flags that skip pages.';
    return converged ? 'Nothing to do.' : PLAN_AGAIN;
  }
  if (plan === null)
    return 'To write it, run the same command with --no-dry-run: it saves a plan and asks for approval.';
  // Only the policy decides whether these approvals are enough; apply and verify check it.
  if (approvals.length > 0) return `Apply it: ${apply(plan.id)}.`;
  return `Approve the plan and apply it: ${approve(plan.id)}, then ${apply(plan.id)}.`;
}

const PLAN_AGAIN = 'The shop changed since the plan: plan again and have the new plan approved.';

/** After a conflict the same plan cannot converge: nobody may overwrite what somebody else wrote since. */
const hasConflict = ({ errors }: Report): boolean => errors.some(({ code }) => code === 'conflict');

function nextAfterApply(report: Report, { apply }: NextCommands): string {
  const { plan, totals, converged, errors, warnings } = report;
  const again = `run the same apply again${plan === null ? '' : ` (${apply(plan.id)})`}: completed changes are not written twice.`;
  if (hasConflict(report))
    return totals.unknown > 0 ? `Check the unknown changes in Saleor. ${PLAN_AGAIN}` : PLAN_AGAIN;
  if (totals.unknown > 0) return `Check the unknown changes in Saleor, then ${again}`;
  if (totals.failed === 0 && errors.some(({ code }) => code === 'stopped')) return `To resume, ${again}`;
  if (!converged) return `Fix what failed, then ${again}`;
  if (warnings.some(({ code }) => code === 'reverts'))
    return 'Wagtail still has the newer content: change it there too, or the next plan proposes the same changes again.';
  if (report.skipped_pages.length > 0) return 'Fix the skipped pages, then plan again.';
  return hasErrors(report) ? FIX_ERRORS : 'Nothing to do: the same plan command finds no changes now.';
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

/** `run 2: 10 changes written, 42 requests, 2026-11-23T14:38:47Z to 2026-11-23T14:39:02Z` */
export const runLines = ({ runs }: Report): readonly string[] =>
  runs.map(({ number, started_at, finished_at, requests, applied }) => {
    if (finished_at === null) return `run ${number}: from ${started_at}; its end was not recorded`;
    const written = applied === undefined ? '' : `${plural(applied, 'change')} written, `;
    const sent = requests === null ? '' : `${plural(requests, 'request')}, `;
    return `run ${number}: ${written}${sent}${started_at} to ${finished_at}`;
  });
