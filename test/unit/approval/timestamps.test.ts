import { expect, test } from '@jest/globals';
import { printSpan } from '../../../src/approval/timestamps.ts';
import { HOUR } from '../../support/approvals.ts';

test('how far two times are apart is told in days from three on', () => {
  expect([1, 90 * 60_000, 71 * HOUR, 72 * HOUR, 100 * HOUR].map(printSpan)).toEqual([
    '1 min',
    '1.5 h',
    '71 h',
    '3 days',
    '4 days',
  ]);
});
