import type { Clock } from '../core/clock.ts';

/**
 * Milliseconds since the epoch that never decrease, even if the machine's clock is set back: durations decide when a read is
 * too old to write. The system's monotonic clock stops while a machine sleeps, so a wall clock that is ahead counts.
 */
export function createForwardTime(wall: () => number, monotonic: () => number): () => number {
  let ahead = wall() - monotonic();
  return () => {
    const passed = monotonic();
    ahead = Math.max(ahead, wall() - passed);
    return Math.floor(ahead + passed);
  };
}

/** The time of this machine, which only moves forward. */
export const systemClock: Clock = {
  now: createForwardTime(Date.now, () => performance.now()),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
