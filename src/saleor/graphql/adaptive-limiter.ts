import type { Clock } from '../../core/clock.ts';

/** Runs a task as soon as few enough are running. */
type Limiter = <T>(task: () => Promise<T>, isStrained: (result: T) => boolean) => Promise<T>;

const SLOW_MS = 10_000;
/** After this many answers in a row without strain, one more task may run at a time. */
const GOOD_ANSWERS = 8;

/**
 * Allows at most `parallel` tasks at a time, half as many after an answer that shows strain (429, 5xx, a retry, or more than
 * 10 s), then one more again. More requests in flight than the server has workers only make each slower (docs/saleor.md#performance).
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
  const adjust = (isStrained: boolean) => {
    good = isStrained ? 0 : good + 1;
    if (isStrained) allowed = Math.max(1, Math.floor(allowed / 2));
    else if (good % GOOD_ANSWERS === 0) allowed = Math.min(parallel, allowed + 1);
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
      adjust(strained);
      admit();
    }
  };
}
