import { expect, test } from '@jest/globals';
import { createForwardTime, systemClock } from '../../../src/platform/system-clock.ts';

/** A machine whose two clocks are set by hand. */
function machine() {
  const clocks = { wall: 1_000_000, monotonic: 500 };
  const now = createForwardTime(
    () => clocks.wall,
    () => clocks.monotonic,
  );
  const pass = (ms: number, wallMs = ms) => {
    clocks.wall += wallMs;
    clocks.monotonic += ms;
    return now();
  };
  return { now, pass };
}

test('a clock that is set back does not make a read young again', () => {
  const { now, pass } = machine();
  const before = now();
  expect(pass(6_000, -3_600_000) - before).toBe(6_000);
  expect(pass(1_000) - before).toBe(7_000);
});

test('a clock that is set forward ages a read', () => {
  const { now, pass } = machine();
  const before = now();
  expect(pass(0, 60_000) - before).toBe(60_000);
  expect(pass(10, -60_000) - before).toBe(60_010);
});

test('a machine that slept has a monotonic clock that did not', () => {
  const { now, pass } = machine();
  const before = now();
  expect(pass(5, 7_200_000) - before).toBe(7_200_000);
});

test('the time of this machine is about its wall clock', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  expect(Number.isInteger(systemClock.now())).toBe(true);
});
