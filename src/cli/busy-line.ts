import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/**
 * A line on the terminal while the program computes and so cannot print itself: a thread of its own draws it once the program
 * was busy for a second, and then three times a second.
 */
export interface BusyLine {
  /** What the program does from here on. */
  say(text: string): void;
  /** Removes the line; call it before printing anything else. */
  clear(): void;
}

/** Where both threads meet: four numbers, then the text. */
const LOCK = 0;
const BEATS = 1;
const IS_SHOWN = 2;
const LENGTH = 3;
const HEAD_BYTES = 16;
const TEXT_BYTES = 1_024;

const BEAT_MS = 400;
const ERASE = '\r\u001b[2K';

/** The other thread. It is text, so that the bundle needs no second file; numbers as above. */
const DRAW = `
const { writeSync } = require('node:fs');
const { state: buffer, startedAt } = require('node:worker_threads').workerData;
const state = new Int32Array(buffer, 0, 4);
const now = () => performance.timeOrigin + performance.now();
let beats = 0;
let since = startedAt;
setInterval(() => {
  if (Atomics.load(state, 1) !== beats) {
    beats = Atomics.load(state, 1);
    since = now();
  }
  const seconds = Math.floor((now() - since) / 1000);
  if (seconds < 1) return;
  while (Atomics.compareExchange(state, 0, 0, 1) !== 0) Atomics.wait(state, 0, 1, 5);
  try {
    if (Atomics.load(state, 1) !== beats) return;
    const text = Buffer.from(buffer, 16, state[3]).toString();
    writeSync(2, '\\r\\u001b[2K' + text + ' (' + seconds + ' s)');
    Atomics.store(state, 2, 1);
  } catch {
    // A terminal that takes no more text must not end the thread.
  } finally {
    Atomics.store(state, 0, 0);
    Atomics.notify(state, 0);
  }
}, 300);
`;

const NONE: BusyLine = { say: () => undefined, clear: () => undefined };

/** Starts the thread if stderr is a terminal of this width. It never keeps the process alive. */
export function startBusyLine({ isTTY, columns }: { isTTY?: boolean; columns?: number }): BusyLine {
  if (isTTY !== true) return NONE;
  const buffer = new SharedArrayBuffer(HEAD_BYTES + TEXT_BYTES);
  const state = new Int32Array(buffer, 0, HEAD_BYTES / 4);
  const startedAt = performance.timeOrigin + performance.now();
  new Worker(DRAW, { eval: true, workerData: { state: buffer, startedAt } }).unref();
  const beat = () => Atomics.add(state, BEATS, 1);
  setInterval(beat, BEAT_MS).unref();
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
        if (state[IS_SHOWN] === 1) writeSync(2, ERASE);
        state[IS_SHOWN] = 0;
        beat();
      }),
  };
}
