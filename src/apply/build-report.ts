import type { Target } from '../core/actual-state.ts';
import { VERSION } from '../core/version.ts';
import { idOf, type Plan } from '../plan/plan.ts';
import {
  type ApprovalNote,
  type ChangeOutcome,
  type Notice,
  OUTCOMES,
  type Outcome,
  type PlanReport,
  REPORT_FORMAT,
  type Report,
  type ReportedCall,
  type Run,
} from '../plan/report.ts';
import { reportLists } from '../plan/report-lists.ts';
import type { ConcurrentEdit, Interruption } from './apply.ts';
import { type Conflict, conflictText } from './assess-change.ts';
import type { EditedField } from './concurrent-edits.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { SlugDifference } from './slug-differences.ts';

interface ReportInputs {
  readonly call: ReportedCall;
  readonly exitCode: number;
  readonly plan: Plan;
  readonly digest: string;
  readonly runs: readonly Run[];
  readonly approvals: readonly ApprovalNote[];
  readonly policy: string | null;
  readonly tracker: OutcomeTracker;
  readonly converged: boolean;
  readonly conflicts: readonly Conflict[];
  readonly interruption: Interruption | null;
  /** Why the run was refused before it read the shop; null: it was not. */
  readonly refusal: Refusal | null;
  /** Refs whose update was sent again after it arrived or may have arrived. */
  readonly sentTwice: ReadonlySet<string>;
  /** Products that were rewritten while somebody edited their unmanaged fields. */
  readonly concurrentlyEdited: readonly ConcurrentEdit[];
  readonly slugDifferences: readonly SlugDifference[];
  /** Further warnings. */
  readonly advice: readonly Notice[];
  /** Nothing was written: pending changes are `planned`. */
  readonly isDryRun?: boolean;
}

/** The Failure that stopped the command. */
interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The report of an apply. Outcomes come from the journal and the read-back, never from the plan. */
export function applyReport(inputs: ReportInputs): PlanReport {
  const { plan, tracker } = inputs;
  const outcomes = plan.changes.map(({ ref, action }): ChangeOutcome => {
    const { outcome, because } = tracker.of(ref);
    return { ref, action, outcome, because };
  });
  const lists = reportLists(plan, ({ ref }) => tracker.of(ref));
  return {
    ...header(inputs, inputs.isDryRun === true ? 'dry_run' : 'apply', outcomes),
    plan: { id: idOf(inputs.digest), digest: inputs.digest },
    target: plan.target,
    ...lists,
    errors: [
      ...refusalNotices(inputs),
      ...lists.errors,
      ...failureNotices(inputs, outcomes),
      ...slugNotices(inputs),
    ],
    warnings: [...inputs.advice, ...lists.warnings, ...sentTwiceNotices(inputs), ...overwriteNotices(inputs)],
  };
}

type DryInputs = Pick<ReportInputs, 'call' | 'exitCode' | 'plan'> & {
  /** Offerings that flags excluded from the comparison; null: not counted. */
  readonly skippedByFlags: number | null;
};

const NOT_RUN = { runs: [], approvals: [], policy: null };

/** The report of a comparison of which no plan is stored: every change is `planned`. */
export function dryReport(inputs: DryInputs): Report {
  const outcomes = changesAs(inputs.plan, 'planned');
  const converged = inputs.plan.changes.length === 0;
  return {
    ...header({ ...inputs, ...NOT_RUN, converged }, 'dry_run', outcomes),
    ...reportLists(inputs.plan, () => ({ outcome: 'planned', id: null })),
  };
}

/** The report of a call that stopped after its plan was stored and before it was applied. */
export function unappliedReport(
  inputs: DryInputs & { readonly digest: string; readonly refusal: Refusal },
): PlanReport {
  const { plan, digest, refusal } = inputs;
  const lists = reportLists(plan, () => ({ outcome: 'not_attempted', id: null }));
  return {
    ...header({ ...inputs, ...NOT_RUN, converged: false }, 'apply', changesAs(plan, 'not_attempted')),
    ...lists,
    plan: { id: idOf(digest), digest },
    target: plan.target,
    errors: [...refusalNotices({ refusal }), ...lists.errors],
  };
}

/** The report of a call that failed before there was a plan. */
export function failureReport({
  call,
  exitCode,
  mode,
  target,
  refusal,
}: Pick<ReportInputs, 'call' | 'exitCode'> & {
  readonly mode: Report['mode'];
  readonly target: Target | null;
  readonly refusal: Refusal;
}): Report {
  return {
    ...opening(call, exitCode),
    mode,
    plan: null,
    target,
    ...NOT_RUN,
    converged: false,
    errored: false,
    totals: totalsOf([]),
    outcomes: [],
    created_attribute_values: [],
    updated_products: [],
    missing_products: [],
    missing_taxonomies: [],
    skipped_by_flags: null,
    skipped_pages: [],
    errors: [{ code: refusal.code, ref: 'run', message: refusal.message, hint: refusal.hint }],
    warnings: [],
  };
}

const changesAs = ({ changes }: Plan, outcome: Outcome): readonly ChangeOutcome[] =>
  changes.map(({ ref, action }) => ({ ref, action, outcome, because: null }));

const opening = ({ command, flags }: ReportedCall, exitCode: number) => ({
  format: 'sailplan-report' as const,
  format_version: REPORT_FORMAT,
  tool: `sailplan ${VERSION}`,
  written_at: new Date().toISOString(),
  command,
  flags,
  exit_code: exitCode,
});

const totalsOf = (outcomes: readonly ChangeOutcome[]) =>
  Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, outcomes.filter((one) => one.outcome === outcome).length]),
  ) as Record<Outcome, number>;

function header(
  inputs: Pick<ReportInputs, 'call' | 'exitCode' | 'plan' | 'runs' | 'approvals' | 'policy' | 'converged'> & {
    readonly skippedByFlags?: number | null;
  },
  mode: Report['mode'],
  outcomes: readonly ChangeOutcome[],
) {
  const { call, exitCode, plan, runs, approvals, policy, converged, skippedByFlags } = inputs;
  return {
    ...opening(call, exitCode),
    mode,
    plan: null,
    target: plan.target,
    runs,
    approvals,
    policy,
    converged,
    errored: plan.errored,
    totals: totalsOf(outcomes),
    outcomes,
    skipped_by_flags: skippedByFlags ?? null,
    skipped_pages: plan.skipped,
  };
}

const refusalNotices = ({ refusal }: Pick<ReportInputs, 'refusal'>): readonly Notice[] =>
  refusal === null ? [] : [{ code: refusal.code, ref: 'plan', message: refusal.message, hint: refusal.hint }];

function failureNotices(
  { conflicts, interruption, tracker }: ReportInputs,
  outcomes: readonly ChangeOutcome[],
): readonly Notice[] {
  const edited = outcomes.filter(({ ref }) => tracker.of(ref).isConflict === true);
  const failed = outcomes
    .filter((one) => (one.outcome === 'failed' || one.outcome === 'unknown') && !edited.includes(one))
    .map(({ ref, outcome, because }) => ({
      code: `change_${outcome}`,
      ref,
      message: `${ref}: ${because}`,
      hint: 'Fix the cause and run the same apply again.',
    }));
  const stale = [
    ...conflicts.map(({ ref, field, ...rest }) => ({
      ref,
      message: `${ref}${field === '' ? '' : `, ${field}`}: ${rest.because ?? conflictText({ ref, field, ...rest })}`,
    })),
    ...edited.map(({ ref, because }) => ({ ref, message: `${ref}: ${because}` })),
  ].map((one) => ({ code: 'conflict', ...one, hint: 'Plan again and have the new plan approved.' }));
  const ended =
    interruption === null
      ? []
      : [
          {
            code: interruption.code,
            ref: 'shop',
            message: `the run ended early: ${interruption.message}`,
            hint:
              interruption.code === 'stopped'
                ? 'Run the same apply again; completed changes are not written twice.'
                : 'Fix the cause and run the same apply again.',
          },
        ];
  return [...failed, ...stale, ...ended];
}

/** Saleor has no compare-and-set: an update that is sent twice may undo an edit made in between. */
const sentTwiceNotices = ({ plan, sentTwice }: ReportInputs): readonly Notice[] =>
  plan.changes
    .filter(({ ref }) => sentTwice.has(ref))
    .map(({ ref }) => ({
      code: 'sent_twice',
      ref,
      message: `${ref}: the update was sent twice: the first reply was missing, or the shop did not show the change yet`,
      hint: 'Both wrote the same values; an edit made between them may be lost.',
    }));

const slugNotices = ({ slugDifferences }: ReportInputs): readonly Notice[] =>
  slugDifferences.map(({ ref, planned, found }) => ({
    code: 'slug_differs',
    ref,
    message: `${ref}: the plan shows the slug "${planned}", the shop has "${found}"`,
    hint: 'Use the shop’s slug in filters and addresses. For the planned slug, free it in Saleor and rename the value.',
  }));

/** The read shows that this edit is kept; another edit at the same moment may be lost, which no read shows. */
const overwriteNotices = ({ concurrentlyEdited }: ReportInputs): readonly Notice[] =>
  concurrentlyEdited.map(({ ref, fields }) => ({
    code: 'possible_overwrite',
    ref,
    message: `${ref}: between the read before its write and the read after it, somebody changed ${fields.map(editText).join(', ')}`,
    hint: 'These edits are still there. Saleor rewrites the whole row, so another edit may be lost: check with the person who made them.',
  }));

const editText = ({ name, before, now }: EditedField): string =>
  `${name} from ${JSON.stringify(before)} to ${JSON.stringify(now)}`;
