import { expect, test } from '@jest/globals';
import { parseJson, parseJsonOrNothing, parseUntrusted } from '../../../../src/core/json/untrusted-json.ts';

test.each([
  '1e400',
  '-1e400',
  '1E+9999',
  `${'9'.repeat(400)}`,
])('a number beyond what JSON readers hold is refused: %s', (number) => {
  for (const text of [number, `[${number}]`, `{"a":{"b":[1,${number}]}}`]) {
    expect(() => parseJson(text)).toThrow('a number in it is too large');
    expect(() => parseUntrusted(text, 'in.json')).toThrow('a number in it is too large');
    expect(parseJsonOrNothing(text)).toBeUndefined();
  }
});

test('a text that looks like one, and the largest number, are read', () => {
  const digits = '9'.repeat(400);
  expect(parseJson(`["${digits}","1e400",1e308,1e-400]`)).toEqual([digits, '1e400', 1e308, 0]);
});
