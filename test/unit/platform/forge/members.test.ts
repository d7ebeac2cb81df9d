import { expect, test } from '@jest/globals';
import { shortened } from '../../../../src/platform/forge/members.ts';

test('a text that is too long ends with an ellipsis, within the limit', () => {
  expect(shortened('abcde', 5)).toBe('abcde');
  expect(shortened('abcdef', 5)).toBe('abcd…');
});
