import { expect, test } from '@jest/globals';
import { createInterner } from '../../../../src/core/json/interner.ts';

test('equal texts and equal short lists are one; lists that differ stay apart', () => {
  const { list } = createInterner();
  const [first, again] = [list(['founder', 'analyst']), list(['founder', 'analyst'])];
  expect(again).toBe(first);
  expect(list(['founder,analyst'])).toEqual(['founder,analyst']);
  expect(list(['a\u0000b'])).toEqual(['a\u0000b']);
  expect(list(['a', 'b'])).toEqual(['a', 'b']);
  expect(list([])).toEqual([]);
  const long = ['a', 'b', 'c'];
  expect(list(long)).toEqual(long);
});
