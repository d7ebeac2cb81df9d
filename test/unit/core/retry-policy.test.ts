import { describe, expect, test } from '@jest/globals';
import { retryAfterMs, retryDelayMs, unmetRetryAfter } from '../../../src/core/retry-policy.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

test('waits double from 0.5 s to 8 s, and jitter takes away half at most', () => {
  const range = (attempt: number) => [retryDelayMs(attempt, 0, 0), retryDelayMs(attempt, 0, 1)];
  expect([1, 2, 3, 4, 5, 6, 60].map(range)).toEqual([
    [250, 500],
    [500, 1_000],
    [1_000, 2_000],
    [2_000, 4_000],
    [4_000, 8_000],
    [4_000, 8_000],
    [4_000, 8_000],
  ]);
});

test('the server is waited for as long as it asks, up to 8 s, and its own step at least', () => {
  expect(retryDelayMs(1, 1_000, 0)).toBe(1_000);
  expect(retryDelayMs(4, 1_000, 0)).toBe(2_000);
  expect(retryDelayMs(1, 60_000, 1)).toBe(8_000);
});

describe('Retry-After', () => {
  test.each([
    ['1', 1_000],
    [' 60 ', 60_000],
    ['0', 0],
    ['Mon, 23 Nov 2026 12:00:05 GMT', 5_000],
    ['Monday, 23-Nov-26 12:00:05 GMT', 5_000],
    ['Mon Nov 23 12:00:05 2026', 5_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['', 0],
    ['soon', 0],
    ['-5', 0],
    ['1.5', 0],
    ['1, 60', 0],
    ['in 9999', 0],
    ['2027', 2_027_000],
  ])('%j', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });

  test('is 0 where there is none', () => expect(retryAfterMs(undefined, NOW)).toBe(0));

  test.each([
    ['60', '60 s'],
    ['8', ''],
    ['Mon, 23 Nov 2026 12:00:05 GMT', 'until Mon, 23 Nov 2026 12:00:05 GMT'],
    ['soon', ''],
    [undefined, ''],
  ])('of %j a message says "%s"', (value, expected) => {
    expect(unmetRetryAfter(value)).toBe(expected);
  });
});
