import { expect, test } from '@jest/globals';
import {
  parseJson,
  parseJsonOrNothing,
  parsePiece,
  parseUntrusted,
} from '../../../../src/core/json/untrusted-json.ts';

test.each([
  '1e400',
  '-1e400',
  '1E+9999',
  `${'9'.repeat(400)}`,
  `${'1'.repeat(250)}e60`,
  `${'9'.repeat(305)}.5E9`,
  `-${'7'.repeat(290)}e+00019`,
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
  expect(parsePiece(`["${digits}","1e400",1e308,${digits}e-400]`)).toEqual([digits, '1e400', 1e308, 1]);
});

test.each([2, 3, 4])('%i byte order marks are no JSON; one is none of its content', (count) => {
  const mark = '\u{feff}';
  for (const text of ['{"a":1}', '[1]', '1']) {
    const marked = mark.repeat(count) + text;
    expect(() => parseJson(marked)).toThrow('not valid from line 1, column 1');
    expect(() => parseUntrusted(marked, 'in.json')).toThrow('not valid from line 1, column 1');
    expect(parseJsonOrNothing(marked)).toBeUndefined();
    expect(() => parsePiece(mark + text)).toThrow(SyntaxError);
    for (const read of [parseJson, (one: string) => parseUntrusted(one, 'in.json')])
      expect(read(mark + text)).toEqual(JSON.parse(text));
  }
});

test.each([
  '{"__proto__":{"x":1}}',
  '[1,{"a":[{"__proto__":null}]}]',
  '{"a":{"\\u005f_proto__":1}}',
  '{"\\u005F\\u005Fproto__":1}',
  '{"__\\u0070roto__":1}',
  '{"__pr\\u006Fto_\\u005f":[]}',
  '{"__pro\\u0074o__":1}',
  '{"__p\\u0072oto__":1}',
])('a member that could be taken for a prototype is refused by every reader: %s', (text) => {
  expect(() => parseJson(text)).toThrow('it has a member with the name __proto__');
  expect(() => parseUntrusted(text, 'in.json')).toThrow('members with this name are refused');
  expect(parseJsonOrNothing(text)).toBeUndefined();
  expect(() => parsePiece(text)).toThrow(SyntaxError);
});

test('a text with that name, or with escapes, is read', () => {
  const value = { a: '__proto__', proto: ['__proto__', '\u{5f}'], _proto_: 'pr\u{f6}to' };
  expect(parseJson(`{"x":"\\u0070","y":${JSON.stringify(value)}}`)).toEqual({ x: 'p', y: value });
});
