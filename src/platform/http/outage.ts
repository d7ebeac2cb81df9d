import type { Clock } from '../../core/clock.ts';
import { attemptRequest } from './attempt.ts';
import type { HttpAnswer, HttpRequest } from './types.ts';
import type { Wait } from './wait-ticker.ts';

/** Waits for one server that has answered before and restarts now. */
export interface Outage {
  /**
   * Sends requests until the server answers; returns false if it does not within the time to wait. Requests that wait at the
   * same time share one wait; later ones do not wait again. `reason`: the result of a request.
   */
  hasReturned(reason: string, wait?: Wait): Promise<boolean>;
}

interface OutageOptions {
  readonly clock: Clock;
  /** How long to look for the server; 0: not at all. */
  readonly waitMs: number;
  /** A small read that a healthy server answers. */
  readonly probe: HttpRequest;
  readonly isHealthy: (answer: HttpAnswer) => boolean;
  readonly isStopping: () => boolean;
  /** Reports when the wait begins, and how it ended. */
  readonly note: (text: string) => void;
}

/** Between two looks. */
const PROBE_EVERY_MS = 2_000;

export function createOutage(options: OutageOptions): Outage {
  const { clock, waitMs, probe, isHealthy, isStopping, note } = options;
  let isGone = waitMs === 0;
  let shared: Promise<boolean> | null = null;
  let begunMs = 0;

  const seconds = (): number => Math.round((clock.now() - begunMs) / 1000);

  async function isUp(): Promise<boolean> {
    const outcome = await attemptRequest(probe);
    return outcome.kind === 'answer' && isHealthy(outcome);
  }

  async function look(reason: string): Promise<boolean> {
    begunMs = clock.now();
    if (await isUp()) return true;
    note(`note: the shop does not answer (${reason}); waiting for it for up to ${waitMs / 1000} s (--wait)`);
    while (!isStopping() && clock.now() - begunMs < waitMs) {
      await clock.sleep(PROBE_EVERY_MS);
      if (!(await isUp())) continue;
      note(`note: the shop answers again, after ${seconds()} s`);
      return true;
    }
    isGone = true;
    note(`note: the shop did not come back within ${seconds()} s`);
    return false;
  }

  return {
    hasReturned: async (reason, wait) => {
      if (isGone) return true;
      wait?.tell(() => `waiting for the shop (${reason}): ${seconds()} s of at most ${waitMs / 1000} s`);
      shared ??= look(reason).finally(() => {
        shared = null;
      });
      return shared;
    },
  };
}
