/** Returns instants as Python prints them, with microseconds and `+00:00`. Each is later than the one before. */
export type RisingClock = () => string;

export function risingClock(now: () => number = Date.now): RisingClock {
  let last = 0;
  return () => {
    last = Math.max(now() * 1000, last + 1);
    return new Date(Math.floor(last / 1000))
      .toISOString()
      .replace('Z', `${String(last % 1000).padStart(3, '0')}+00:00`);
  };
}
