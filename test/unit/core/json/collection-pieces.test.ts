import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Piece } from '../../../../src/core/json/collection-pieces.ts';
import { readPieces } from '../../../../src/core/json/stream-collections.ts';
import { draws } from '../../../support/draws.ts';

/** Of a few dozen bytes more than a piece has at least, so that each member is one. */
const FILLER = 'x'.repeat(65_600);

const chunked = (text: string, size: number): readonly Uint8Array[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
};

/** What the takers of a document get, and how it is cut. */
function read(text: string, size = 1 << 20) {
  const taken: Record<string, unknown[]> = { list: [], record: [] };
  const pieces: string[] = [];
  const into =
    (name: string) =>
    ({ members, text: piece }: Piece) => {
      pieces.push(piece);
      taken[name]?.push(...(Array.isArray(members) ? members : Object.entries(members as object)));
      return Object.keys(members as object).length;
    };
  const found = readPieces(chunked(text, size), { list: into('list'), record: into('record') });
  return found === null ? null : { rest: JSON.parse(found.rest) as unknown, taken, pieces };
}

/** Members that contain what may separate two members, in texts and in lists. */
const odd = Array.from({ length: 12 }, (_, id) => ({
  id,
  filler: FILLER,
  inside: [{ a: 1 }, { a: 2 }, { text: `},{"id":1},\n  {${'}, {'.repeat(id)}` }],
  é: '\u{1f600}"\\',
  last: { b: 'c' },
}));
const record = Object.fromEntries(odd.map((member) => [`slug-${member.id}`, member]));
const lines = `{"list":[\n${odd.map((one) => JSON.stringify(one)).join(',\n')}\n],"record":{\n${odd
  .map((one) => `"slug-${one.id}":${JSON.stringify(one)}`)
  .join(',\n')}\n}}`;

describe.each([
  ['without blanks', JSON.stringify({ list: odd, record, more: [{ a: 1 }, { a: 2 }] })],
  ['indented', JSON.stringify({ list: odd, record, more: [{ a: 1 }, { a: 2 }] }, null, 2)],
  ['with one member on each line', lines],
  [
    'indented with tabs and carriage returns',
    JSON.stringify({ list: odd, record }, null, '\t').replaceAll('\n', '\r\n'),
  ],
])('a document %s', (_, text) => {
  test.each([
    70_001,
    300_000,
    1 << 20,
    1 << 24,
  ])('in chunks of %i bytes: all members, each once, in order', (size) => {
    const found = read(text, size);
    expect(found?.taken).toEqual({ list: odd, record: Object.entries(record) });
    expect(found?.rest).toEqual({ ...(JSON.parse(text) as object), list: [], record: {} });
    for (const piece of found?.pieces ?? []) expect(() => JSON.parse(piece)).not.toThrow();
  });
});

test('members are found by what separates them, in pieces of a size that does not depend on the chunks', () => {
  const small = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'of a member' }));
  const found = read(JSON.stringify({ list: small }), 1 << 24);
  expect(found?.taken['list']).toEqual(small);
  const sizes = (found?.pieces ?? []).map((piece) => piece.length);
  expect(sizes.length).toBeGreaterThan(8);
  for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(65_536);
  for (const size of sizes) expect(size).toBeLessThan(66_000);
});

test('a member that is larger than many pieces is read between small ones, unless it is too dense', () => {
  const withHuge = (huge: unknown) => [...odd.slice(0, 4), huge, ...odd.slice(4)];
  const large = withHuge({ text: 'y'.repeat(2_000_000) });
  expect(read(JSON.stringify({ list: large }))?.taken['list']).toEqual(large);
  const dense = withHuge(Array.from({ length: 1_000_001 }, () => []));
  expect(read(JSON.stringify({ list: dense }))).toBeNull();
});

test.each([
  ['nested too deep', `${'['.repeat(70)}${']'.repeat(70)}`],
  ['a number that is too large', '1e400'],
  ['a member __proto__', '{"__proto__":1}'],
  ['a member __proto__, spelled with an escape', '{"\\u005f_proto__":1}'],
  ['no JSON', '{"a":}'],
  ['a comma too many', '1},,{"id":1'],
  ['a bracket too many', '1}],[{"id":1'],
])('%s in a piece far from the first one is left to the reader of the whole document', (_, value) => {
  const members = odd.map((one) => JSON.stringify(one));
  const documents = (inside: string) => {
    const bent = members.with(7, `{"id":7,"filler":"${FILLER}","x":${inside}}`);
    return [
      `{"list":[${bent.join(',')}]}`,
      `{"list":[\n  ${bent.join(',\n  ')}\n]}`,
      `{"record":{${bent.map((one, id) => `"slug-${id}":${one}`).join(',')}}}`,
    ];
  };
  for (const document of documents('1')) expect(read(document)).not.toBeNull();
  for (const document of documents(value)) expect(read(document)).toBeNull();
});

test('bytes that are no UTF-8 in a piece far from the first one are left to the reader of the whole document', () => {
  const bytes = Buffer.from(JSON.stringify({ list: odd }));
  bytes[Math.floor(bytes.length / 2)] = 0xff;
  expect(readPieces([bytes], { list: () => 1 })).toBeNull();
});

test('of a damaged document nothing is read differently than as a whole', () => {
  const list = Array.from({ length: 150 }, (_, id) => ({
    id,
    in: [{ a: 1 }, { a: 2 }],
    text: 'y'.repeat(2_000),
  }));
  const whole = [JSON.stringify({ list, more: list }), JSON.stringify({ list, more: list }, null, 1)];
  const scraps = [
    '',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    'z',
    ' ',
    '},{"x":1',
    '},{',
    '}],[{',
    '"list":[',
    '\n',
    '1e400',
    '"__proto__":1,',
  ];
  const damage = fc.record({
    text: fc.constantFrom(...whole),
    at: fc.integer({ min: 0, max: 999 }),
    isBetween: fc.boolean(),
    drop: fc.constantFrom(0, 0, 1, 2, 20),
    put: fc.constantFrom(...scraps),
    size: fc.constantFrom(70_001, 1 << 20),
  });
  let found = 0;
  fc.assert(
    fc.property(damage, ({ text, at, isBetween, drop, put, size }) => {
      const place = Math.floor((at / 1000) * text.length);
      // Nearly all of a document is filler.
      const from = isBetween ? Math.max(0, text.indexOf('},', place)) : place;
      const bent = text.slice(0, from) + put + text.slice(from + drop);
      const got = read(bent, size);
      if (got === null) return;
      found += 1;
      const document = JSON.parse(bent) as { readonly list?: unknown };
      expect(got.taken['list']).toEqual(document.list ?? []);
    }),
    { numRuns: draws(150, 500), seed: 7 },
  );
  expect(found).toBeGreaterThan(20);
});
