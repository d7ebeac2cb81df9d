import { describe, expect, test } from '@jest/globals';
import { canonical, digest, inOrder, isSame, sha256 } from '../../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../../src/core/json/json-value.ts';

describe('canonical JSON (RFC 8785)', () => {
  test.each<[string, Json, string]>([
    [
      'members by UTF-16 code units, not by code points',
      { '\u{1f600}': 1, '\ufb33': 2, a: 3, A: 4, '': 5 },
      '{"":5,"A":4,"a":3,"\u{1f600}":1,"\ufb33":2}',
    ],
    ['names that look like numbers by code units too', { 10: 1, 9: 2, 1: 3 }, '{"1":3,"10":1,"9":2}'],
    [
      'no blanks, at any depth',
      { offering: { roles: ['founder', ['ops']] } },
      '{"offering":{"roles":["founder",["ops"]]}}',
    ],
    ['the order of a list', ['b', 'a'], '["b","a"]'],
    [
      'numbers in ECMAScript’s own form',
      [1e21, 1e-7, 0.1, 100, -0, 4.5e-9, 333333333.3333333],
      '[1e+21,1e-7,0.1,100,0,4.5e-9,333333333.3333333]',
    ],
    [
      'only the escapes that must be',
      '\u0000\u001f\b\t\n\f\r"\\/\u007f\u2028é',
      '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028é"',
    ],
    ['literals', [null, true, false], '[null,true,false]'],
    [
      'words of the language as ordinary members',
      JSON.parse('{"constructor":1,"__proto__":{"a":2}}'),
      '{"__proto__":{"a":2},"constructor":1}',
    ],
    ['nothing', {}, '{}'],
  ])('keeps %s', (_, value, text) => {
    expect(canonical(value)).toBe(text);
    expect(canonical(JSON.parse(text))).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, 1n])('refuses %s', (value) => {
    expect(() => canonical([value] as never)).toThrow(TypeError);
  });

  test('the digest is SHA-256 of the UTF-8 bytes of that form', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digest({ b: 1, a: 'é' })).toBe(sha256(Buffer.from('{"a":"é","b":1}', 'utf8')));
  });
});

test('a text of many pieces has the digest of the whole, also where a piece ends beside a surrogate pair', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    title: `${'\u{1f600}'.repeat(index % 7)} offering`,
  }));
  expect(digest(many)).toBe(sha256(canonical(many)));
  expect(canonical(many)).toBe(JSON.stringify(many));
});

describe('values of JSON', () => {
  test.each<[Json | undefined, Json | undefined, boolean]>([
    [{ a: 1, b: [{}] }, { b: [{}], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [[], {}, false],
    [{}, [], false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{}, { constructor: 1 }, false],
    [{ toString: 1 }, { a: 1 }, false],
    [null, {}, false],
    [undefined, undefined, true],
    [undefined, null, false],
    ['1', 1, false],
  ])('%j and %j are the same: %s', (a, b, expected) => {
    expect(isSame(a, b)).toBe(expected);
    expect(isSame(b, a)).toBe(expected);
  });
});

test('a great value gets its members in order, lists and all', () => {
  const item = { b: 1, a: [{ d: 1, c: 2 }] };
  const many = Array.from({ length: 1_000 }, () => item);
  expect(JSON.stringify(inOrder(many))).toBe(canonical(many));
  expect(JSON.stringify(inOrder({ z: many, a: 1 }))).toBe(canonical({ z: many, a: 1 }));
});
