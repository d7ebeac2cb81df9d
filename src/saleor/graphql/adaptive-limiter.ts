import type { Clock } from '../../core/clock.ts';

/** Lets a few tasks run at a time. */
type Limiter = <T>(task: () => Promise<T>, isStrained: (result: T) => boolean) => Promise<T>;

const SLOW_MS = 10_000;
/** After so many good answers in a row one more may run at a time. */
const PATIENCE = 8;

/**
 * At most `parallel` at a time; half of that after an answer that shows strain (429, 5xx, sent again, or slow), and
 * growing back by one. Beyond a server's workers more requests in flight only lengthen each (docs/saleor.md#performance).
 */
export function createLimiter(parallel: number, clock: Clock): Limiter {
  let allowed = parallel;
  let running = 0;
  let good = 0;
  const waiting: (() => void)[] = [];

  const admit = () => {
    while (running < allowed && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  const learn = (isStrained: boolean) => {
    good = isStrained ? 0 : good + 1;
    if (isStrained) allowed = Math.max(1, Math.floor(allowed / 2));
    else if (good % PATIENCE === 0) allowed = Math.min(parallel, allowed + 1);
  };

  return async (task, isStrained) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      admit();
    });
    const started = clock.now();
    let strained = true;
    try {
      const result = await task();
      strained = isStrained(result) || clock.now() - started > SLOW_MS;
      return result;
    } finally {
      running -= 1;
      learn(strained);
      admit();
    }
  };
}
