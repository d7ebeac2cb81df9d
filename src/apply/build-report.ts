import type { Json } from '../core/json/json-value.ts';
import { FORMAT_VERSION } from '../plan/format-version.ts';
import { idOf, type Plan } from '../plan/plan.ts';
import {
  type ApprovalNote,
  type ChangeOutcome,
  type Notice,
  OUTCOMES,
  type Outcome,
  type Report,
  type Run,
} from '../plan/report.ts';
import { reportLists } from '../plan/report-lists.ts';
import type { Interruption } from './apply.ts';
import type { Conflict } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';

interface ReportInputs {
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
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string } | null;
  /** Refs whose update was sent again after it arrived or may have arrived. */
  readonly sentTwice: ReadonlySet<string>;
  /** Refs of products that were rewritten while somebody edited their unmanaged fields. */
  readonly concurrentlyEdited: readonly string[];
  /** Further warnings. */
  readonly advice: readonly Notice[];
  /** Nothing was written: pending changes are `planned`. */
  readonly isDryRun?: boolean;
}

/** The report of an apply. Outcomes come from the journal and the read-back, never from the plan. */
export function applyReport(inputs: ReportInputs): Report {
  const { plan, tracker } = inputs;
  const outcomes = plan.changes.map(({ ref, action }): ChangeOutcome => {
    const { outcome, because } = tracker.of(ref);
    return { ref, action, outcome, because };
  });
  const lists = reportLists(plan, ({ ref }) => tracker.of(ref));
  return {
    ...header(inputs, inputs.isDryRun === true ? 'dry_run' : 'apply', outcomes),
    ...lists,
    errors: [...refusalNotices(inputs), ...lists.errors, ...failureNotices(inputs, outcomes)],
    warnings: [...inputs.advice, ...lists.warnings, ...sentTwiceNotices(inputs), ...overwriteNotices(inputs)],
  };
}

/** The report of a dry run that did not read the shop: the same lists, every change `planned`. */
export function dryReport(
  inputs: Pick<ReportInputs, 'plan' | 'digest' | 'runs' | 'approvals' | 'policy'>,
): Report {
  const outcomes = inputs.plan.changes.map(
    ({ ref, action }): ChangeOutcome => ({ ref, action, outcome: 'planned', because: null }),
  );
  const converged = inputs.plan.changes.length === 0;
  return {
    ...header({ ...inputs, converged }, 'dry_run', outcomes),
    ...reportLists(inputs.plan, () => ({ outcome: 'planned', id: null })),
  };
}

function header(
  {
    plan,
    digest,
    runs,
    approvals,
    policy,
    converged,
  }: Pick<ReportInputs, 'plan' | 'digest' | 'runs' | 'approvals' | 'policy' | 'converged'>,
  mode: Report['mode'],
  outcomes: readonly ChangeOutcome[],
) {
  const totals = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, outcomes.filter((one) => one.outcome === outcome).length]),
  ) as Record<Outcome, number>;
  return {
    format_version: FORMAT_VERSION,
    mode,
    plan: { id: idOf(digest), digest },
    target: plan.target,
    runs,
    approvals,
    policy,
    converged,
    complete: plan.left_out.length === 0 && plan.diagnostics.every(({ severity }) => severity !== 'error'),
    totals,
    outcomes,
  };
}

const refusalNotices = ({ refusal }: ReportInputs): readonly Notice[] =>
  refusal === null ? [] : [{ code: refusal.code, ref: 'plan', message: refusal.message, hint: refusal.hint }];

function failureNotices(
  { conflicts, interruption }: ReportInputs,
  outcomes: readonly ChangeOutcome[],
): readonly Notice[] {
  const failed = outcomes
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map(({ ref, outcome, because }) => ({
      code: `change_${outcome}`,
      ref,
      message: `${ref}: ${because}`,
      hint: 'Mend the cause and apply the same plan again.',
    }));
  const stale = conflicts.map((conflict) => ({
    code: 'conflict',
    ref: conflict.ref,
    message: `${conflict.ref}${conflict.field === '' ? '' : `, ${conflict.field}`}: ${conflict.because ?? conflictText(conflict)}`,
    hint: 'Plan again, and have the new plan approved.',
  }));
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
                ? 'Run the same apply again; changes that are done are not written twice.'
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
      message: `${ref}: the update was sent again: its first reply never came, or the shop did not show it yet`,
      hint: 'It wrote the same values; an edit that someone made between the two may be lost.',
    }));

/** A possible overwrite: nothing records what the row held before. */
const overwriteNotices = ({ concurrentlyEdited }: ReportInputs): readonly Notice[] =>
  concurrentlyEdited.map((ref) => ({
    code: 'possible_overwrite',
    ref,
    message: `${ref}: its name, or an attribute that is not managed here, changed while it was written`,
    hint: 'Saleor rewrites the whole row: ask whoever edited it whether the edit is there.',
  }));

const conflictText = ({ planned_from, now, planned_to }: Conflict): string =>
  `planned from ${valueText(planned_from)} to ${valueText(planned_to)}, but the shop shows ${valueText(now)}`;

/** A set as its members, any other value as JSON. */
function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value);
  return Object.values(value).every((member) => member === true)
    ? `{${members.join(', ')}}`
    : JSON.stringify(value);
}
