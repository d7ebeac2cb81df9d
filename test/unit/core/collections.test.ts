import { expect, test } from '@jest/globals';
import { chunked, groupBy, repeatedBy } from '../../../src/core/collections.ts';

test('items are grouped in the order of their names, and those without a name are in no group', () => {
  const groups = groupBy(['b1', 'a1', '', 'b2'], (item) => item[0] ?? null);
  expect([...groups]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
});

test('items are cut into groups of a size, in order, the last one smaller', () => {
  expect(chunked([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunked([1, 2], 2)).toEqual([[1, 2]]);
  expect(chunked([], 2)).toEqual([]);
});

test('only groups of two and more items are repeated, each with all of its items', () => {
  const groups = repeatedBy(['b1', 'a1', '', 'b2', 'c1', 'b3', ''], (item) => item[0] ?? null);
  expect([...groups]).toEqual([['b', ['b1', 'b2', 'b3']]]);
});
