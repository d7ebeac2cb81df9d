import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameBytes, utf8Chunks } from '../../../../src/core/text/same-bytes.ts';

const chunks = (...texts: string[]) => texts.map((text) => Buffer.from(text));

test.each([
  ['nothing and nothing', [], [], true],
  ['nothing and empty chunks', [], ['', ''], true],
  ['other cuts', ['ab', 'c', 'def'], ['', 'abcd', 'ef'], true],
  ['another byte', ['abc'], ['ab', 'd'], false],
  ['a longer one', ['abc'], ['abc', 'd'], false],
  ['a shorter one', ['abc', 'd'], ['abc', ''], false],
] as const)('compares %s', (_, some, others, expected) => {
  expect(isSameBytes(chunks(...some), chunks(...others))).toBe(expected);
});

test('pieces of text are the bytes of the whole text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (pieces) => {
      const whole = Buffer.from(pieces.join(''));
      expect(isSameBytes(utf8Chunks(pieces), [whole])).toBe(true);
      expect(isSameBytes([whole], utf8Chunks(pieces))).toBe(true);
      expect(isSameBytes([whole, Buffer.from('x')], utf8Chunks(pieces))).toBe(false);
    }),
  );
});

test('closes what it reads, also where they differ', () => {
  const closed: string[] = [];
  function* reading(name: string, texts: readonly string[]): Generator<Uint8Array> {
    try {
      yield* chunks(...texts);
    } finally {
      closed.push(name);
    }
  }
  expect(isSameBytes(reading('a', ['x', 'y']), reading('b', ['z', 'y']))).toBe(false);
  expect(closed.sort()).toEqual(['a', 'b']);
});
