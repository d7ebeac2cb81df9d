import { describe, expect, test } from '@jest/globals';
import { byCodeUnit, own, sortedRecord } from '../../../../src/core/json/records.ts';

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

  test('order is that of code units, on every machine', () => {
    expect(['é', 'z', 'Z', '_', 'a'].sort(byCodeUnit)).toEqual(['Z', '_', 'a', 'z', 'é']);
    expect(byCodeUnit('a', 'a')).toBe(0);
  });
});
