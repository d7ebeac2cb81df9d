import type { Actual } from '../core/actual-state.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { CreatedResource } from './ports.ts';
import { assessWithPreconditions, missingPrecondition } from './preconditions.ts';
import { type ChangeReply, type SendContext, sendSteps } from './send-batches.ts';
import { type ShopView, viewShop } from './shop-view.ts';
import { findMisslugged, rollBack, withoutMisslugged, wrongSlug } from './slug-mismatch.ts';
import { withChange } from './state-overlay.ts';
import { stepsFor } from './steps.ts';

const ATTEMPTS = 5;
const BACKOFF = { baseMs: 500, maxMs: 8_000 };

export interface Execution extends SendContext {
  readonly plan: Plan;
  /** A fresh look at what these changes touch, laid over what is known. */
  readonly look: (changes: readonly Change[], known: Actual) => Promise<Actual>;
  /** A last word right before each sending: what it does not let through is not sent. */
  readonly admit?: (open: readonly Assessment[], now: ShopView) => Promise<readonly Assessment[]>;
}

/** A change that Saleor confirmed, with what it returned. */
interface Confirmed {
  readonly change: Change;
  readonly made: CreatedResource | null;
}

export interface PhaseResult {
  /** The look with every confirmed change laid over it. */
  readonly actual: Actual;
  /** What the deadline or a signal left unsent. */
  readonly unsent: readonly Assessment[];
  readonly confirmed: readonly Confirmed[];
}

/** Writes what is pending of one phase. After an unclear reply it looks before it sends again. */
export async function writeWithRetry(
  execution: Execution,
  assessed: readonly Assessment[],
  known: Actual,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<PhaseResult> {
  const { tracker, plan } = execution;
  const doubtful = new Set<string>();
  const confirmed: Confirmed[] = [];
  const unsent: Assessment[] = [];
  let actual = known;
  let open = ready(tracker, assessed);
  for (let attempt = 1; open.length > 0; attempt += 1) {
    const now = viewShop(plan, actual);
    open = withMetPreconditions(execution, open, now);
    if (execution.admit !== undefined) open = await execution.admit(open, now);
    const steps = stepsFor(plan, open, now, attempt > 1);
    const words = await sendSteps(execution, steps, attempt === 1 ? deadlineMs : Number.POSITIVE_INFINITY);
    unsent.push(...open.filter(({ change }) => !words.has(change.ref)));
    const again: SentChange[] = [];
    for (const one of open) {
      const word = words.get(one.change.ref);
      if (word === undefined) continue;
      const verdict = await judge(execution, one.change, word, doubtful);
      if (verdict === 'again') again.push({ change: one.change, word });
      if (verdict === 'done') confirmed.push({ change: one.change, made: word.made });
    }
    actual = withConfirmed(plan, actual, confirmed);
    if (again.length === 0) break;
    if (attempt === ATTEMPTS || execution.isStopping()) {
      giveUp(tracker, again, doubtful);
      break;
    }
    if (again.some(({ word }) => word.state !== 'refused')) await execution.clock.sleep(backoff(attempt));
    const changes = again.map(({ change }) => change);
    actual = withConfirmed(plan, await execution.look(changes, actual), confirmed);
    const strays = findMisslugged(plan, changes, actual, tracker);
    for (const stray of strays) await rollBack(execution, stray);
    actual = withoutMisslugged(actual, strays);
    const left = again.filter(({ change }) => !strays.some((stray) => stray.change === change));
    open = lookAgain(execution, left, viewShop(plan, actual), doubtful);
  }
  return { actual, unsent, confirmed };
}

/** A look may come from a replica that lags behind: what Saleor confirmed is laid over it where it is not shown yet. */
export function withConfirmed(plan: Plan, seen: Actual, confirmed: readonly Confirmed[]): Actual {
  const now = viewShop(plan, seen);
  const unseen = confirmed.filter(({ change }) => assess(change, now).pending.length > 0);
  return unseen.reduce((actual, { change, made }) => withChange(actual, change, made), seen);
}

const backoff = (attempt: number): number => Math.min(BACKOFF.maxMs, BACKOFF.baseMs * 2 ** (attempt - 1));

/** What may still be written; what someone did since the first look is not written over. */
export function isStillPending(tracker: OutcomeTracker, assessment: Assessment): boolean {
  const { change, pending, conflicts } = assessment;
  if (conflicts.length > 0) tracker.set(change.ref, 'skipped', changedIn(assessment));
  else if (pending.length === 0) tracker.markPresent(change.ref);
  return conflicts.length === 0 && pending.length > 0;
}

/** What needs a change that is not there is skipped. */
function ready(tracker: OutcomeTracker, assessed: readonly Assessment[]): readonly Assessment[] {
  return assessed.filter(({ change }) => {
    const lacking = change.needs.find((need) => !tracker.isPresent(need));
    if (lacking !== undefined) tracker.set(change.ref, 'skipped', `it needs ${lacking}, which is not there`);
    return lacking === undefined;
  });
}

/** What someone took away since the look cannot be stood on. */
function withMetPreconditions(
  { tracker, plan }: Execution,
  open: readonly Assessment[],
  now: ShopView,
): readonly Assessment[] {
  return open.filter((one) => {
    const lacking = missingPrecondition(plan, one, now);
    if (lacking !== null)
      tracker.markNotSent(one.change.ref, `it needs ${lacking}, which the shop does not show`);
    return lacking === null;
  });
}

type NextAction = 'done' | 'again' | 'ended';

/** What was sent, and what Saleor said of it. */
interface SentChange {
  readonly change: Change;
  readonly word: ChangeReply;
}

async function judge(
  execution: Execution,
  change: Change,
  word: ChangeReply,
  doubtful: Set<string>,
): Promise<NextAction> {
  const { tracker } = execution;
  if (word.state === 'done') {
    const slug = wrongSlug(execution.plan, change, word);
    if (slug !== null && word.made !== null) {
      await rollBack(execution, { change, id: word.made.id, slug });
      return 'ended';
    }
    tracker.set(change.ref, 'applied', null, word.made?.id);
    return 'done';
  }
  if (word.state === 'refused' && word.sharedWith === 1 && !doubtful.has(change.ref)) {
    tracker.set(change.ref, 'failed', word.because);
    return 'ended';
  }
  // Refused in company: one of them is at fault, so each is sent alone. Refused after an unclear reply: the earlier
  // sending may have arrived. Both are decided by a look.
  if (word.state === 'unclear') doubtful.add(change.ref);
  return 'again';
}

function lookAgain(
  { plan, tracker }: Execution,
  again: readonly SentChange[],
  fresh: ShopView,
  doubtful: ReadonlySet<string>,
): readonly Assessment[] {
  return again.flatMap(({ change, word }) => {
    const found = assessWithPreconditions(plan, change, fresh, tracker);
    if (found.conflicts.length > 0) {
      if (doubtful.has(change.ref))
        tracker.set(
          change.ref,
          'unknown',
          `after an unclear reply (${word.because}) the shop shows something else`,
        );
      else tracker.set(change.ref, 'failed', `${word.because}; meanwhile ${changedIn(found)}`);
    } else if (found.pending.length === 0) tracker.markPresent(change.ref);
    else if (word.state === 'refused' && word.sharedWith === 1)
      tracker.set(change.ref, 'failed', word.because);
    else return [found];
    return [];
  });
}

/** What somebody else did, for a reader of the report. */
const changedIn = ({ conflicts }: Assessment): string =>
  `the shop changed during the run (${conflicts.map(({ field, because }) => because ?? field).join(', ')})`;

/** Never told as failed: what may have arrived and may still show up. */
function giveUp(tracker: OutcomeTracker, again: readonly SentChange[], doubtful: ReadonlySet<string>): void {
  for (const { change, word } of again)
    tracker.set(change.ref, doubtful.has(change.ref) ? 'unknown' : 'failed', word.because);
}
