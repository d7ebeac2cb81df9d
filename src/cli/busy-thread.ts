/** Where the threads of a BusyLine meet: four numbers at these places, then the text. */
export const PLACES = { LOCK: 0, BEATS: 1, IS_SHOWN: 2, LENGTH: 3 } as const;
export const HEAD_BYTES = 16;

/** The program of the thread that draws. It is text, so that the bundle needs no second file. */
export const DRAW_BUSY_LINE = `
const { writeSync } = require('node:fs');
const { state: buffer, startedAt } = require('node:worker_threads').workerData;
const { LOCK, BEATS, IS_SHOWN, LENGTH } = ${JSON.stringify(PLACES)};
const state = new Int32Array(buffer, 0, 4);
const now = () => performance.timeOrigin + performance.now();
let beats = 0;
let since = startedAt;
setInterval(() => {
  if (Atomics.load(state, BEATS) !== beats) {
    beats = Atomics.load(state, BEATS);
    since = now();
  }
  const seconds = Math.floor((now() - since) / 1000);
  if (seconds < 1) return;
  while (Atomics.compareExchange(state, LOCK, 0, 1) !== 0) Atomics.wait(state, LOCK, 1, 5);
  try {
    if (Atomics.load(state, BEATS) !== beats) return;
    const text = Buffer.from(buffer, ${HEAD_BYTES}, state[LENGTH]).toString();
    writeSync(2, '\\r\\u001b[2K' + text + ' (' + seconds + ' s)');
    Atomics.store(state, IS_SHOWN, 1);
  } catch {
    // A terminal that takes no more text must not end the thread.
  } finally {
    Atomics.store(state, LOCK, 0);
    Atomics.notify(state, LOCK);
  }
}, 300);
`;
