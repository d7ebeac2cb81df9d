import type { Actual } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import type { Assessment } from './assess-change.ts';
import { assessWithPreconditions } from './preconditions.ts';
import { viewShop } from './shop-view.ts';
import { type Execution, isStillPending, writeWithRetry } from './write-with-retry.ts';

/** A product is looked at again at most this long before it is written. */
export const MAX_READ_AGE_MS = 5_000;
const WAVE = 100;
const SMALLEST_WAVE = 4;

/**
 * Waves of products, each looked at right before it is written: what a human did since the plan is a conflict and is not
 * overwritten. The first look serves the first wave while it is fresh. Throws a Failure (timed_out) where even the
 * smallest wave is out of date before it can be written.
 */
export async function writeProducts(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
  firstLookedAt: number,
): Promise<void> {
  const { clock, tracker, plan } = execution;
  const queue = pending.map(({ change }) => change);
  let size = WAVE;
  let actual = known;
  let lookedAt = firstLookedAt;
  while (queue.length > 0 && !execution.isStopping()) {
    const wave = queue.splice(0, size);
    if (clock.now() - lookedAt > MAX_READ_AGE_MS / 2) {
      lookedAt = clock.now();
      actual = await execution.look(wave, actual);
    }
    const now = viewShop(plan, actual);
    const open = wave
      .map((change) => assessWithPreconditions(plan, change, now, tracker))
      .filter((one) => isStillPending(tracker, one));
    const { unsent } = await writeWithRetry(execution, open, actual, lookedAt + MAX_READ_AGE_MS);
    const isFruitless = open.length > 0 && unsent.length === open.length && !execution.isStopping();
    if (isFruitless && size === SMALLEST_WAVE) throw tooSlow(clock.now() - lookedAt);
    if (unsent.length > 0) size = Math.max(SMALLEST_WAVE, open.length - unsent.length);
    queue.unshift(...unsent.map(({ change }) => change));
    lookedAt = Number.NEGATIVE_INFINITY;
  }
}

const tooSlow = (ms: number): Failure =>
  new Failure(
    'timed_out',
    `looking at ${SMALLEST_WAVE} products took ${(ms / 1000).toFixed(1)} s, and what is older than ${MAX_READ_AGE_MS / 1000} s is not written over`,
  );
