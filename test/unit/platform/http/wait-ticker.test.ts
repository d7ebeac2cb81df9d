import { expect, test } from '@jest/globals';
import { createWaitTicker } from '../../../../src/platform/http/wait-ticker.ts';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Time runs a hundred times as fast. */
function quickTicker() {
  const told: string[] = [];
  const begun = Date.now();
  const now = () => (Date.now() - begun) * 100;
  return { told, ticker: createWaitTicker((text) => told.push(text), { now, everyMs: 10 }) };
}

test('tells of what takes a second or more, the wait that began first, and nothing when it is over', async () => {
  const { told, ticker } = quickTicker();
  const first = ticker.begin();
  first.tell((s) => `first for ${s} s`);
  const second = ticker.begin();
  second.tell(() => 'second');
  await pause(300);
  first.end();
  expect(told.length).toBeGreaterThan(0);
  expect(told.every((text) => /^first for \d+ s$/.test(text))).toBe(true);
  expect(Number(/\d+/.exec(told[0] ?? '')?.[0])).toBeGreaterThanOrEqual(1);
  await pause(100);
  second.end();
  expect(told.at(-1)).toBe('second');
  const count = told.length;
  await pause(100);
  expect(told).toHaveLength(count);
});

test('is silent over short waits', async () => {
  const { told, ticker } = quickTicker();
  for (let n = 0; n < 5; n += 1) {
    const wait = ticker.begin();
    wait.tell(() => 'short');
    wait.end();
    await pause(20);
  }
  expect(told).toEqual([]);
});
