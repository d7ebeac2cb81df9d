import { expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';

test('a failure carries its exit code', () => {
  const exits = (['usage', 'plan_altered', 'plan_stale', 'apply_incomplete'] as const).map(
    (code) => new Failure(code, 'so it is').exitCode,
  );
  expect(exits).toEqual([1, 3, 4, 5]);
  expect(new Failure('locked', 'so it is').hint).toBe('');
});
