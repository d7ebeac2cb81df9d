import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { isWaitingForProgram } from '../platform/run-program.ts';
import { DRAW_BUSY_LINE, HEAD_BYTES, PLACES } from './busy-thread.ts';

/**
 * A line on the terminal while the program computes, and so cannot print itself, or waits for another program: a thread of its
 * own draws it once that lasted a second, and then three times a second.
 */
export interface BusyLine {
  /** What the program does from here on. */
  say(text: string): void;
  /** Removes the line; call it before printing anything else. */
  clear(): void;
}

const { LOCK, BEATS, IS_SHOWN, LENGTH } = PLACES;
const TEXT_BYTES = 1_024;
const BEAT_MS = 400;
const ERASE = '\r\u001b[2K';

function erase(): void {
  try {
    writeSync(2, ERASE);
  } catch {
    // As in the thread.
  }
}

const NONE: BusyLine = { say: () => undefined, clear: () => undefined };

/**
 * Starts the thread if stderr is a terminal of this width. It never keeps the process alive or ends it: without the thread, or
 * with a terminal that takes no more text, there is no line.
 */
export function startBusyLine({ isTTY, columns }: { isTTY?: boolean; columns?: number }): BusyLine {
  if (isTTY !== true) return NONE;
  const buffer = new SharedArrayBuffer(HEAD_BYTES + TEXT_BYTES);
  const state = new Int32Array(buffer, 0, HEAD_BYTES / 4);
  const startedAt = performance.timeOrigin + performance.now();
  try {
    const worker = new Worker(DRAW_BUSY_LINE, {
      eval: true,
      // Without what NODE_OPTIONS or a caller loads first.
      execArgv: [],
      workerData: { state: buffer, startedAt },
    });
    worker.on('error', () => undefined).unref();
  } catch {
    return NONE;
  }
  const beat = () => Atomics.add(state, BEATS, 1);
  setInterval(() => {
    if (!isWaitingForProgram()) beat();
  }, BEAT_MS).unref();
  const locked = (work: () => void) => {
    while (Atomics.compareExchange(state, LOCK, 0, 1) !== 0) Atomics.wait(state, LOCK, 1, 5);
    try {
      work();
    } finally {
      Atomics.store(state, LOCK, 0);
      Atomics.notify(state, LOCK);
    }
  };
  return {
    say: (text) =>
      locked(() => {
        const most = Math.max(1, (columns || 80) - ' (1000 s)'.length - 1);
        const shown = text.length <= most ? text : `${text.slice(0, most - 1)}…`;
        const bytes = Buffer.from(shown).subarray(0, TEXT_BYTES);
        new Uint8Array(buffer, HEAD_BYTES).set(bytes);
        state[LENGTH] = bytes.length;
      }),
    clear: () =>
      locked(() => {
        if (state[IS_SHOWN] === 1) erase();
        state[IS_SHOWN] = 0;
        beat();
      }),
  };
}
