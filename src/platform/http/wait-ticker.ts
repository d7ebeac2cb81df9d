import type { Clock } from '../../core/clock.ts';
import { systemClock } from '../system-clock.ts';

/** Shows what the program waits for, so that it is never silent for long. */
export interface WaitTicker {
  begin(): Wait;
}

/** One wait, which may be for several things in turn. */
export interface Wait {
  /** `text` gets the full seconds since the current wait began. */
  tell(text: (seconds: number) => string): void;
  end(): void;
}

interface Current {
  readonly begunMs: number;
  text: (seconds: number) => string;
  sinceMs: number;
}

/** Shorter waits are visible in the progress of the work itself. */
const SILENT_MS = 1_500;
const EVERY_MS = 500;

/** Twice a second shows the wait that began first, once it has lasted a second, so that nobody waits for 2 s without a sign. */
export function createWaitTicker(
  tell: (text: string) => void,
  {
    now = systemClock.now,
    everyMs = EVERY_MS,
  }: { readonly now?: () => number; readonly everyMs?: number } = {},
): WaitTicker {
  const waits = new Set<Current>();
  let timer: NodeJS.Timeout | null = null;
  const tick = () => {
    const [oldest] = waits;
    if (oldest === undefined || now() - oldest.begunMs < SILENT_MS - everyMs) return;
    tell(oldest.text(Math.round((now() - oldest.sinceMs) / 1000)));
  };
  return {
    begin: () => {
      const wait: Current = { begunMs: now(), text: () => '', sinceMs: now() };
      waits.add(wait);
      // Never keeps the process alive.
      timer ??= setInterval(tick, everyMs).unref();
      return {
        tell: (text) => Object.assign(wait, { text, sinceMs: now() }),
        end: () => {
          waits.delete(wait);
          if (waits.size > 0 || timer === null) return;
          clearInterval(timer);
          timer = null;
        },
      };
    },
  };
}

/** The time of this machine; a long sleep is reported. */
export const tickingClock = (ticker: WaitTicker): Clock => ({
  now: systemClock.now,
  sleep: async (ms) => {
    const wait = ticker.begin();
    wait.tell((s) => `waits before the next attempt: ${s} of ${Math.ceil(ms / 1000)} s`);
    await systemClock.sleep(ms);
    wait.end();
  },
});
