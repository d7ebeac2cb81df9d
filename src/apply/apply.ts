import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import { productIdOf } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment, Conflict } from './assess-change.ts';
import { type EditedField, watchShop } from './concurrent-edits.ts';
import type { WriteCounts } from './journal-history.ts';
import { lostWrites } from './lost-writes.ts';
import { createOutcomeTracker, type OutcomeTracker } from './outcome-tracker.ts';
import { shopReader, writeAll } from './phases.ts';
import type { Journal, Shop } from './ports.ts';
import { assessWithPreconditions } from './preconditions.ts';
import { scopeOf } from './read-scope.ts';
import { readBack } from './readback.ts';
import { type ShopView, viewShop } from './shop-view.ts';
import { type SlugDifference, slugDifferences } from './slug-differences.ts';
import { findMisslugged } from './slug-mismatch.ts';

export interface EnginePorts {
  readonly shop: Shop;
  readonly journal: Journal;
  readonly clock: Clock;
  /** True after a stop signal: the engine finishes writes in flight and starts no new one. */
  readonly isStopping: () => boolean;
}

export interface EngineOptions {
  /** stop: any conflict, and nothing is written. skip: write the changes without a conflict. */
  readonly onConflict: 'stop' | 'skip';
  /** Number of requests in flight. */
  readonly parallel: number;
  /** Do everything but write. */
  readonly isDryRun: boolean;
  /** An earlier apply of this plan converged: this one may confirm, but not write. */
  readonly isApplied: boolean;
  /** Writes that earlier runs of this plan made or may have made: if the shop shows them, they count as applied. */
  readonly written: WriteCounts;
}

/** nothing_to_do: the shop had every change · done: something was written · the others: nothing was written */
type Ending = 'nothing_to_do' | 'stale' | 'applied_before' | 'dry_run' | 'done';

export interface EngineResult {
  readonly ending: Ending;
  readonly conflicts: readonly Conflict[];
  /** The pending changes of the first read, with their fields. */
  readonly pending: readonly Assessment[];
  readonly tracker: OutcomeTracker;
  /** The shop showed every change at the end. */
  readonly converged: boolean;
  /** Products that were rewritten while somebody edited their unmanaged fields. */
  readonly concurrentlyEdited: readonly ConcurrentEdit[];
  /** What ended the run early; null: nothing did. */
  readonly interruption: Interruption | null;
  /** Values that the shop has under another slug than the plan shows. */
  readonly slugDifferences: readonly SlugDifference[];
}

/** 4: stale · 5: incomplete */
export function exitCodeOf({ ending, conflicts, converged, interruption }: EngineResult): 0 | 4 | 5 {
  if (ending === 'stale') return 4;
  if (ending === 'dry_run') return conflicts.length > 0 ? 4 : 0;
  return converged && interruption === null ? 0 : 5;
}

/** interrupted: a lost connection, a full disk · stopped: a stop signal came before all was written */
export interface Interruption {
  readonly code: 'interrupted' | 'stopped';
  readonly message: string;
}

/**
 * Executes a verified plan: reads the shop, compares field by field, writes the pending changes in dependency order,
 * and reads back. Throws a Failure only before the first write; later errors are in `interruption`.
 */
export async function runApply(
  plan: Plan,
  options: EngineOptions,
  given: EnginePorts,
): Promise<EngineResult> {
  const watched = watchShop(given.shop);
  const ports = { ...given, shop: watched.shop };
  const tracker = createOutcomeTracker(plan.changes, options.written);
  const firstReadAt = ports.clock.now();
  const firstRead = await ports.shop.read(scopeOf(plan, plan.changes, true));
  const view = viewShop(plan, firstRead);
  const assessed = plan.changes.map((change) => assessWithPreconditions(plan, change, view, tracker));
  const conflicts = assessed.flatMap((one) => one.conflicts);
  const pending = assessed.filter((one) => one.pending.length > 0 && one.conflicts.length === 0);
  const misslugged = options.isApplied ? [] : findMisslugged(plan, plan.changes, firstRead, tracker);
  recordFirstRead(tracker, assessed, view);
  let differences = slugDifferences(plan, firstRead, tracker);
  const end = (
    ending: Ending,
    converged: boolean,
    interruption: Interruption | null = null,
  ): EngineResult => ({
    ending,
    conflicts,
    pending,
    tracker,
    concurrentlyEdited: editsOf(plan, watched.concurrentlyEdited()),
    converged: converged && differences.length === 0,
    interruption,
    slugDifferences: differences,
  });
  if (conflicts.length > 0 && options.onConflict === 'stop') return end('stale', false);
  if (options.isApplied && pending.length > 0) return end('applied_before', false);
  if (options.isDryRun) {
    for (const { change } of pending) tracker.set(change.ref, 'planned', null);
    return end('dry_run', pending.length + misslugged.length + conflicts.length === 0);
  }
  if (pending.length + misslugged.length === 0)
    return conflicts.length > 0 ? end('stale', false) : end('nothing_to_do', true);

  if (ports.isStopping()) throw STOPPED_EARLY();
  await ports.journal.write([
    entry(ports.clock, 'started', { pending: pending.map(({ change }) => change.ref) }),
  ]);
  const { parallel } = options;
  const readAgain = shopReader(plan, ports.shop);
  const execution = { ...ports, plan, tracker, parallel, attempts: new Map<string, number>(), readAgain };
  const first = { actual: firstRead, readAt: firstReadAt };
  const interruption = await messageIfFailed(() => writeAll(execution, { pending, misslugged, first }));
  const unread = await messageIfFailed(async () => {
    const confirmed = new Set(
      plan.changes.flatMap(({ ref }) => (tracker.of(ref).outcome === 'applied' ? [ref] : [])),
    );
    let seen = await readBack(plan, tracker, ports, firstRead);
    const isOver = interruption !== null || ports.isStopping() || !watched.hasCrashed();
    const lost = isOver ? [] : lostWrites(plan, tracker, confirmed, seen);
    if (lost.length > 0) {
      const readAt = ports.clock.now();
      const first = { actual: await ports.shop.read(scopeOf(plan, plan.changes, true)), readAt };
      await writeAll(execution, { pending: lost.map((change) => ({ change })), misslugged: [], first });
      seen = await readBack(plan, tracker, ports, firstRead);
    }
    differences = slugDifferences(plan, seen, tracker);
  });
  const isPresent = plan.changes.every(({ ref }) => tracker.isPresent(ref));
  const converged = unread === null && isPresent && differences.length === 0;
  const unwritten = await messageIfFailed(() =>
    ports.journal.write([entry(ports.clock, 'finished', { converged })]),
  );
  const isStopped = ports.isStopping() && !converged;
  return end(
    'done',
    converged,
    interrupted(interruption ?? unread ?? unwritten) ?? (isStopped ? STOPPED : null),
  );
}

const interrupted = (message: string | null): Interruption | null =>
  message === null ? null : { code: 'interrupted', message };

const STOPPED: Interruption = {
  code: 'stopped',
  message: 'the run was stopped (Ctrl-C or a signal) before all changes were written',
};

const STOPPED_EARLY = (): Failure =>
  new Failure(
    'stopped',
    'stopped on request (Ctrl-C or a signal); nothing was written',
    'Run the same command again.',
  );

export interface ConcurrentEdit {
  readonly ref: string;
  readonly fields: readonly EditedField[];
}

const editsOf = (
  { changes }: Plan,
  edited: ReadonlyMap<string, readonly EditedField[]>,
): readonly ConcurrentEdit[] =>
  changes.flatMap((change) => {
    const fields = edited.get(productIdOf(change));
    return fields === undefined ? [] : [{ ref: change.ref, fields }];
  });

/** After the first write errors are returned, not thrown, so that a report is always written. */
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

function recordFirstRead(
  tracker: OutcomeTracker,
  assessed: readonly Assessment[],
  { createdId }: ShopView,
): void {
  for (const { change, pending, conflicts } of assessed) {
    if (conflicts.length > 0) tracker.set(change.ref, 'skipped', 'the shop changed since the plan');
    else if (pending.length === 0) tracker.markPresent(change.ref, createdId(change));
  }
}
