import type { Actual } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import type { Assessment } from './assess-change.ts';
import { assessWithPreconditions } from './preconditions.ts';
import { viewShop } from './shop-view.ts';
import {
  type DatedRead,
  type Execution,
  isStillPending,
  MAX_READ_AGE_MS,
  readFresh,
  writeWithRetry,
} from './write-with-retry.ts';

/** Products per wave: as many as one read covers. */
const WAVE = 100;
const SMALLEST_WAVE = 4;

/**
 * Writes products in waves, and reads each wave right before it is written: an edit since the plan is a conflict and is
 * not overwritten. The first read (at `firstReadAt`, milliseconds since the epoch) serves the first wave while it is
 * fresh; the next wave is read while the last requests of the one before are in flight. Throws a Failure (timed_out) when a
 * read outdates before even the smallest wave is written.
 */
export async function writeProducts(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
  firstReadAt: number,
): Promise<void> {
  const { clock, tracker, plan } = execution;
  const queue = pending.map(({ change }) => change);
  let size = WAVE;
  let seen: DatedRead = { actual: known, readAt: firstReadAt };
  while (queue.length > 0 && !execution.isStopping()) {
    const wave = queue.splice(0, size);
    if (clock.now() - seen.readAt > MAX_READ_AGE_MS / 2) seen = await readFresh(execution, wave, seen.actual);
    const { actual, readAt } = seen;
    const view = viewShop(plan, actual);
    const open = wave
      .map((change) => assessWithPreconditions(plan, change, view, tracker))
      .filter((one) => isStillPending(tracker, one));
    let ahead: Promise<DatedRead> | null = null;
    const allTaken = () => {
      if (queue.length === 0) return;
      ahead ??= readFresh(execution, queue.slice(0, grown(size)), actual);
      // Awaited below, if the wave ends as expected.
      ahead.catch(() => undefined);
    };
    const rules = { deadlineMs: readAt + MAX_READ_AGE_MS, allTaken };
    const { unsent } = await writeWithRetry(execution, open, actual, rules);
    const isWaveUnsent = open.length > 0 && unsent.length === open.length && !execution.isStopping();
    if (isWaveUnsent && size === SMALLEST_WAVE) throw tooSlow(clock.now() - readAt);
    size = unsent.length > 0 ? Math.max(SMALLEST_WAVE, open.length - unsent.length) : grown(size);
    queue.unshift(...unsent.map(({ change }) => change));
    const outdated = { actual, readAt: Number.NEGATIVE_INFINITY };
    seen = unsent.length > 0 || execution.isStopping() ? outdated : ((await ahead) ?? outdated);
  }
}

const grown = (size: number): number => Math.min(WAVE, size * 2);

const tooSlow = (ms: number): Failure =>
  new Failure(
    'timed_out',
    `looking at ${SMALLEST_WAVE} products took ${(ms / 1000).toFixed(1)} s, and data older than ${MAX_READ_AGE_MS / 1000} s is not overwritten`,
  );
