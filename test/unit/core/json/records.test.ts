import { describe, expect, test } from '@jest/globals';
import { byCodeUnit, own, recordOf, sortedRecord } from '../../../../src/core/json/records.ts';

describe('values of JSON', () => {
  test('a record has only what it owns', () => {
    expect(own({} as Record<string, unknown>, 'constructor')).toBeUndefined();
    expect(own({ constructor: 1 } as unknown as Record<string, number>, 'constructor')).toBe(1);
    expect(
      Object.keys(
        sortedRecord([
          ['__proto__', 1],
          ['b', 2],
          ['a', 3],
        ]),
      ),
    ).toEqual(['__proto__', 'a', 'b']);
  });

  test('a record of names and values is in order, whatever their order is, and lacks what has no value', () => {
    const entries = (names: readonly string[], values: readonly (number | undefined)[]) =>
      Object.entries(recordOf(names, values));
    expect(entries(['a', 'b', 'c'], [1, undefined, 3])).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
    expect(entries(['c', '__proto__', 'a', 'b'], [3, 0, 1, undefined])).toEqual([
      ['__proto__', 0],
      ['a', 1],
      ['c', 3],
    ]);
    expect(entries(['b', '__proto__'], [2, 0])).toEqual([
      ['__proto__', 0],
      ['b', 2],
    ]);
  });

  test('order is that of code units, on every machine', () => {
    expect(['é', 'z', 'Z', '_', 'a'].sort(byCodeUnit)).toEqual(['Z', '_', 'a', 'z', 'é']);
    expect(byCodeUnit('a', 'a')).toBe(0);
  });
});
