import type { Clock } from '../../core/clock.ts';

/** Runs a task as soon as few enough are running. */
type Limiter = <T>(task: () => Promise<T>, isStrained: (result: T) => boolean) => Promise<T>;

const SLOW_MS = 10_000;

/**
 * Allows at most `parallel` tasks at a time, and half as many after an answer that shows overload (429, 5xx, a retry, or more
 * than 10 s). All tasks that one event affects count as one: a task that began before the last halving does not halve again.
 * For each run of as many good answers as there are parallel tasks, one more is allowed, so that recovery takes seconds. More
 * parallel requests than the server has workers only make each one slower (docs/saleor.md#performance).
 */
export function createLimiter(parallel: number, clock: Clock): Limiter {
  let allowed = parallel;
  let running = 0;
  let good = 0;
  /** Tasks so far, and how many there were at the last halving. */
  let begun = 0;
  let begunAtHalving = 0;
  const waiting: (() => void)[] = [];

  const admit = () => {
    while (running < allowed && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  const halve = (number: number) => {
    good = 0;
    if (number <= begunAtHalving) return;
    allowed = Math.max(1, Math.floor(allowed / 2));
    begunAtHalving = begun;
  };
  const countGood = () => {
    good += 1;
    if (good < allowed) return;
    good = 0;
    allowed = Math.min(parallel, allowed + 1);
  };

  return async (task, isStrained) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      admit();
    });
    begun += 1;
    const number = begun;
    const started = clock.now();
    let strained = true;
    try {
      const result = await task();
      strained = isStrained(result) || clock.now() - started > SLOW_MS;
      return result;
    } finally {
      running -= 1;
      if (strained) halve(number);
      else countGood();
      admit();
    }
  };
}
