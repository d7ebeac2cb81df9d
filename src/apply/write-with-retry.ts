import type { Actual } from '../core/actual-state.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess, conflictsText } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { CreatedResource } from './ports.ts';
import { assessWithPreconditions, missingPrecondition } from './preconditions.ts';
import { type ChangeReply, type SendContext, type SendRules, sendSteps } from './send-batches.ts';
import { type ShopView, viewShop } from './shop-view.ts';
import { findMisslugged, rollBack, withoutMisslugged, wrongSlug } from './slug-mismatch.ts';
import { withChange } from './state-overlay.ts';
import { stepsFor } from './steps.ts';

export interface Execution extends SendContext {
  readonly plan: Plan;
  /** Reads again what these changes touch; the rest of the result is `known`. */
  readonly readAgain: (changes: readonly Change[], known: Actual) => Promise<Actual>;
  /** Called before each sending; returns the changes that may still be sent. */
  readonly admit?: (open: readonly Assessment[], view: ShopView) => Promise<readonly Assessment[]>;
}

/** A change that Saleor confirmed, with what it created. */
export interface ConfirmedChange {
  readonly change: Change;
  readonly made: CreatedResource | null;
}

export interface PhaseResult {
  /** The last read, with every confirmed change applied to it. */
  readonly actual: Actual;
  /** Changes that were not sent, because of the deadline or a signal. */
  readonly unsent: readonly Assessment[];
  readonly confirmed: readonly ConfirmedChange[];
}

/**
 * Writes the pending changes of one phase, each step up to 5 times (docs/saleor.md#retries). It reads the shop before it
 * sends anything again. `rules` apply to the first round.
 */
export async function writeWithRetry(
  execution: Execution,
  assessed: readonly Assessment[],
  known: Actual,
  rules: SendRules = {},
): Promise<PhaseResult> {
  const { tracker, plan } = execution;
  /** Refs with an unclear reply: their write may have arrived, or may still arrive. */
  const unclear = new Set<string>();
  const confirmed: ConfirmedChange[] = [];
  const unsent: Assessment[] = [];
  let actual = known;
  let open = withWrittenNeeds(tracker, assessed);
  let isAlone = false;
  for (let round = 1; open.length > 0; round += 1) {
    const view = viewShop(plan, actual);
    open = withMetPreconditions(execution, open, view);
    if (execution.admit !== undefined) open = await execution.admit(open, view);
    const steps = stepsFor(plan, open, view, isAlone);
    const { replies, isPaused } = await sendSteps(execution, steps, round === 1 ? rules : {});
    const untried = open.filter(({ change }) => !replies.has(change.ref));
    const isResumed = isPaused && !execution.isStopping();
    if (!isResumed) unsent.push(...untried);
    const paused = isResumed ? untried.map(({ change }) => change) : [];
    const again: SentChange[] = [];
    for (const { change } of open) {
      const reply = replies.get(change.ref);
      if (reply === undefined) continue;
      const sent = { change, reply };
      const action = await nextAction(execution, sent, unclear);
      if (action === 'again') again.push(sent);
      if (action === 'done') confirmed.push({ change, made: reply.made });
    }
    actual = withConfirmed(plan, actual, confirmed);
    if (execution.isStopping()) giveUp(tracker, again, unclear);
    if (execution.isStopping() || again.length + paused.length === 0) break;
    isAlone ||= again.some(({ reply }) => reply.state !== 'not_sent');
    const changes = [...again.map(({ change }) => change), ...paused];
    const { actual: seen } = await readFresh(execution, changes, actual).catch((error: unknown) => {
      giveUp(tracker, again, unclear);
      throw error;
    });
    actual = withConfirmed(plan, seen, confirmed);
    const misslugged = findMisslugged(plan, changes, actual, tracker);
    for (const value of misslugged) await rollBack(execution, value);
    actual = withoutMisslugged(actual, misslugged);
    const left = again.filter(({ change }) => !misslugged.some((value) => value.change === change));
    const fresh = viewShop(plan, actual);
    const untouched = paused
      .map((change) => assessWithPreconditions(plan, change, fresh, tracker))
      .filter((one) => isStillPending(tracker, one));
    open = [...assessAgain(execution, left, fresh, unclear), ...untouched];
  }
  return { actual, unsent, confirmed };
}

/** A read may come from a replica that lags: applies the confirmed changes that it does not show yet. */
export function withConfirmed(plan: Plan, seen: Actual, confirmed: readonly ConfirmedChange[]): Actual {
  const view = viewShop(plan, seen);
  const unseen = confirmed.filter(({ change }) => assess(change, view).pending.length > 0);
  return unseen.reduce((actual, { change, made }) => withChange(actual, change, made), seen);
}

/** The state of the shop as read, and when the read began (milliseconds since the epoch). */
export interface DatedRead {
  readonly actual: Actual;
  readonly readAt: number;
}

/** Maximum age of the read that a product's write relies on. */
export const MAX_READ_AGE_MS = 5_000;

/** Reads again; once more if that took too long to write upon, because the shop was away meanwhile. */
export async function readFresh(
  { clock, readAgain }: Execution,
  changes: readonly Change[],
  known: Actual,
): Promise<DatedRead> {
  const first = { readAt: clock.now(), actual: await readAgain(changes, known) };
  if (clock.now() - first.readAt <= MAX_READ_AGE_MS) return first;
  return { readAt: clock.now(), actual: await readAgain(changes, first.actual) };
}

/** Whether a change is still to be written; records the outcome if not. Never overwrites an edit made during the run. */
export function isStillPending(tracker: OutcomeTracker, assessment: Assessment): boolean {
  const { change, pending, conflicts } = assessment;
  if (conflicts.length > 0)
    tracker.markConflict(change.ref, unwrittenOutcome(tracker, change), editDuringRun(assessment));
  else if (pending.length === 0) tracker.markPresent(change.ref);
  return conflicts.length === 0 && pending.length > 0;
}

/** Of a change that is not written now: what was sent before, and lost, stays failed or unknown. */
function unwrittenOutcome(tracker: OutcomeTracker, { ref }: Change): 'skipped' | 'failed' | 'unknown' {
  const { outcome } = tracker.of(ref);
  return outcome === 'failed' || outcome === 'unknown' ? outcome : 'skipped';
}

/** Skips changes that need another change which the shop does not have. */
function withWrittenNeeds(tracker: OutcomeTracker, assessed: readonly Assessment[]): readonly Assessment[] {
  return assessed.filter(({ change }) => {
    const missing = change.needs.find((need) => !tracker.isPresent(need));
    if (missing !== undefined)
      tracker.set(change.ref, unwrittenOutcome(tracker, change), `it needs ${missing}, which does not exist`);
    return missing === undefined;
  });
}

/** Skips changes whose prerequisites disappeared since the last read. */
function withMetPreconditions(
  { tracker, plan }: Execution,
  open: readonly Assessment[],
  view: ShopView,
): readonly Assessment[] {
  return open.filter((one) => {
    const missing = missingPrecondition(plan, one, view);
    if (missing !== null)
      tracker.markNotSent(one.change.ref, `it needs ${missing}, which the shop does not show`);
    return missing === null;
  });
}

type NextAction = 'done' | 'again' | 'ended';

interface SentChange {
  readonly change: Change;
  readonly reply: ChangeReply;
}

/** Decides by Saleor's reply; rolls back a value that got another slug. */
async function nextAction(
  execution: Execution,
  { change, reply }: SentChange,
  unclear: Set<string>,
): Promise<NextAction> {
  const { tracker, plan } = execution;
  if (reply.state === 'done') {
    const slug = wrongSlug(plan, change, reply);
    if (slug !== null && reply.made !== null) {
      await rollBack(execution, { change, id: reply.made.id, slug });
      return 'ended';
    }
    tracker.set(change.ref, 'applied', null, reply.made?.id);
    return 'done';
  }
  if (reply.state === 'refused' && reply.sharedWith === 1 && !unclear.has(change.ref)) {
    tracker.set(change.ref, 'failed', reply.because);
    return 'ended';
  }
  // A step that serves several changes was refused: one of them is at fault, so each is sent alone. Refused after an
  // unclear reply: the earlier write may have arrived. A read decides both.
  if (reply.state === 'unclear') unclear.add(change.ref);
  if (reply.state === 'refused' || !reply.isLast) return 'again';
  giveUp(tracker, [{ change, reply }], unclear);
  return 'ended';
}

/** Compares changes that were sent with a new read; returns those that may be sent again. */
function assessAgain(
  { plan, tracker }: Execution,
  again: readonly SentChange[],
  fresh: ShopView,
  unclear: ReadonlySet<string>,
): readonly Assessment[] {
  return again.flatMap(({ change, reply }) => {
    const found = assessWithPreconditions(plan, change, fresh, tracker);
    if (found.conflicts.length > 0) {
      if (unclear.has(change.ref))
        tracker.markConflict(
          change.ref,
          'unknown',
          `after an unclear reply (${reply.because}) the shop shows another value (${conflictsText(found.conflicts)})`,
        );
      else
        tracker.markConflict(
          change.ref,
          'failed',
          `${reply.because}; during the run ${editDuringRun(found)}`,
        );
    } else if (found.pending.length === 0) tracker.markPresent(change.ref);
    else if (reply.state === 'refused' && reply.sharedWith === 1)
      tracker.set(change.ref, 'failed', reply.because);
    else return [found];
    return [];
  });
}

/** An edit by somebody else, for the report. */
const editDuringRun = ({ conflicts }: Assessment): string =>
  `the shop changed during the run (${conflictsText(conflicts)})`;

/** Records `unknown`, not `failed`, for writes that may still arrive. */
function giveUp(tracker: OutcomeTracker, again: readonly SentChange[], unclear: ReadonlySet<string>): void {
  for (const { change, reply } of again)
    tracker.set(change.ref, unclear.has(change.ref) ? 'unknown' : 'failed', reply.because);
}
