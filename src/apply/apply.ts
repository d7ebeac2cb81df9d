import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import { productIdOf } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment, Conflict } from './assess-change.ts';
import { watchShop } from './concurrent-edits.ts';
import type { WriteCounts } from './journal-history.ts';
import { createOutcomeTracker, type OutcomeTracker } from './outcome-tracker.ts';
import { shopReader, writeAll } from './phases.ts';
import type { Journal, Shop } from './ports.ts';
import { assessWithPreconditions } from './preconditions.ts';
import { scopeOf } from './read-scope.ts';
import { readBack } from './readback.ts';
import { type ShopView, viewShop } from './shop-view.ts';
import { findMisslugged } from './slug-mismatch.ts';

export interface EnginePorts {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  /** True once a signal asked to stop: writes in flight are finished, no new one is begun. */
  readonly isStopping: () => boolean;
}

export interface EngineOptions {
  /** stop: a conflict anywhere, and nothing at all is written. skip: go on with what does not conflict. */
  readonly onConflict: 'stop' | 'skip';
  /** Requests in flight. */
  readonly parallel: number;
  /** Everything but the writes. */
  readonly isDryRun: boolean;
  /** An earlier apply of this plan converged: it may confirm, and nothing else. */
  readonly isSpent: boolean;
  /** What earlier runs of this plan wrote or may have written: found as planned, it is their work. */
  readonly written: WriteCounts;
}

/** nothing_to_do: all was in the shop already · done: something was written · the others: nothing was written */
type Ending = 'nothing_to_do' | 'stale' | 'spent' | 'dry_run' | 'done';

export interface EngineResult {
  readonly ending: Ending;
  readonly conflicts: readonly Conflict[];
  /** What was pending at the first look, with its fields. */
  readonly pending: readonly Assessment[];
  readonly tracker: OutcomeTracker;
  /** Every change was seen in the shop at the end. */
  readonly converged: boolean;
  /** Refs of products that were rewritten while somebody edited what this plan does not manage. */
  readonly concurrentlyEdited: readonly string[];
  /** What ended the run early (a lost connection, a full disk), or null. */
  readonly interruption: string | null;
}

/**
 * Executes a verified plan: look, compare field by field, write what is pending in dependency order, read back.
 * Knows neither HTTP nor files nor console; throws a Failure only where nothing was written yet.
 */
export async function runApply(
  plan: Plan,
  options: EngineOptions,
  given: EnginePorts,
): Promise<EngineResult> {
  const { shop, concurrentlyEdited: meddledWith } = watchShop(given.shop);
  const ports = { ...given, shop };
  const tracker = createOutcomeTracker(plan.changes, options.written);
  const lookedAt = ports.clock.now();
  const first = await ports.shop.look(scopeOf(plan, plan.changes, true));
  const now = viewShop(plan, first);
  const assessed = plan.changes.map((change) => assessWithPreconditions(plan, change, now, tracker));
  const conflicts = assessed.flatMap((one) => one.conflicts);
  const pending = assessed.filter((one) => one.pending.length > 0 && one.conflicts.length === 0);
  const strays = options.isSpent ? [] : findMisslugged(plan, plan.changes, first, tracker);
  noteFirst(tracker, assessed, now);
  const end = (ending: Ending, converged: boolean, interruption: string | null = null): EngineResult => ({
    ending,
    conflicts,
    pending,
    tracker,
    concurrentlyEdited: meddledIn(plan, meddledWith()),
    converged,
    interruption,
  });
  if (conflicts.length > 0 && options.onConflict === 'stop') return end('stale', false);
  if (options.isSpent && pending.length > 0) return end('spent', false);
  if (options.isDryRun) {
    for (const { change } of pending) tracker.set(change.ref, 'planned', null);
    return end('dry_run', pending.length + strays.length + conflicts.length === 0);
  }
  if (pending.length + strays.length === 0) return end('nothing_to_do', conflicts.length === 0);

  await ports.journal.write([
    entry(ports.clock, 'started', { pending: pending.map(({ change }) => change.ref) }),
  ]);
  const { parallel } = options;
  const execution = { ...ports, plan, tracker, parallel, look: shopReader(plan, ports.shop) };
  const interruption = await messageIfFailed(() => writeAll(execution, pending, strays, first, lookedAt));
  const unread = await messageIfFailed(() => readBack(plan, tracker, ports, first));
  const converged = unread === null && plan.changes.every(({ ref }) => tracker.isPresent(ref));
  const unwritten = await messageIfFailed(() =>
    ports.journal.write([entry(ports.clock, 'finished', { converged })]),
  );
  return end('done', converged, interruption ?? unread ?? unwritten);
}

const meddledIn = ({ changes }: Plan, products: ReadonlySet<string>): readonly string[] =>
  changes.filter((change) => products.has(productIdOf(change))).map(({ ref }) => ref);

/** Once something was written, nothing may keep the report from being made: the reason is handed on instead. */
async function messageIfFailed(action: () => Promise<void>): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (error) {
    return error instanceof Failure ? error.message : `internal error: ${error}`;
  }
}

const entry = (clock: Clock, event: 'started' | 'finished', rest: Record<string, unknown>) => ({
  at: new Date(clock.now()).toISOString(),
  event,
  ...rest,
});

function noteFirst(tracker: OutcomeTracker, assessed: readonly Assessment[], now: ShopView): void {
  for (const { change, pending, conflicts } of assessed) {
    if (conflicts.length > 0) tracker.set(change.ref, 'skipped', 'the shop changed since the plan');
    else if (pending.length === 0) tracker.markPresent(change.ref, now.createdId(change));
  }
}
