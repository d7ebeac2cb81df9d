import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import { Failure } from '../../../../src/core/failure.ts';
import type { Piece } from '../../../../src/core/json/collection-pieces.ts';
import { readPieces } from '../../../../src/core/json/stream-collections.ts';
import { parseSnapshot, parseSnapshotPieces, printSnapshot } from '../../../../src/saleor/snapshot-file.ts';
import { readExport } from '../../../../src/wagtail/export/read-export.ts';
import { readExportPieces } from '../../../../src/wagtail/export/read-export-stream.ts';
import { exportProvenance } from '../../../../src/wagtail/export/read-export-url.ts';
import { draws } from '../../../support/draws.ts';

const RECORDED = readFileSync('test/recordings/wagtail-export.json');
const SHOP = readFileSync('test/recordings/shop-snapshot.json');

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** What a reader gives, or the code of what it refuses. */
function outcome<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

const wholeExport = (bytes: Uint8Array) =>
  outcome(() => ({
    desired: readExport(text(bytes), GTM_V1),
    provenance: exportProvenance(text(bytes)),
  }));
const wholeSnapshot = (bytes: Uint8Array) => outcome(() => parseSnapshot(text(bytes), 'shop.json'));

test.each([
  1,
  7,
  1000,
  65_536,
  1 << 24,
])('an export and a snapshot read in pieces of %i bytes say what they say as a whole', (size) => {
  expect(readExportPieces(cut(RECORDED, size), GTM_V1)).toEqual(wholeExport(RECORDED));
  expect(parseSnapshotPieces(cut(SHOP, size), 'shop.json')).toEqual(wholeSnapshot(SHOP));
});

test('in pieces nothing is read that is refused as a whole, and nothing is read differently', () => {
  const scraps = [
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '\n',
    '\u0000',
    'offerings',
    '"a":1,',
    '\\ud800',
    'é',
  ];
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 40 }),
    put: fc.constantFrom('', ...scraps),
  });
  const bent = (bytes: Uint8Array, { at, drop, put }: { at: number; drop: number; put: string }) => {
    const from = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(from + drop)]);
  };
  fc.assert(
    fc.property(damage, fc.constantFrom(997, 65_536), (one, size) => {
      const site = bent(RECORDED, one);
      const read = readExportPieces(cut(site, size), GTM_V1);
      if (read !== null) expect(read).toEqual(wholeExport(site));
      const shop = bent(SHOP, one);
      const found = outcome(() => parseSnapshotPieces(cut(shop, size), 'shop.json'));
      if (found !== null) expect(found).toEqual(wholeSnapshot(shop));
    }),
    { numRuns: draws(50, 150), seed: 7 },
  );
});

test('a collection that occurs twice, under another spelling, in another place or cut off is left to the whole reader', () => {
  const read = (document: string, size = 3) => {
    const taken: unknown[] = [];
    const take = (piece: Piece) => {
      const members = Object.values(piece.members as object);
      taken.push(...members);
      return members.length;
    };
    const found = readPieces(cut(Buffer.from(document), size), { offerings: take, 'actual.products': take });
    return found === null ? null : { rest: found.rest, taken };
  };
  const document = '{"a": 1, "offerings": [1, {"b": [2, "]"]}, "x\\"]"], "c": 3}';
  for (let size = 1; size <= document.length; size += 1)
    expect(read(document, size)).toEqual({
      rest: '{"a": 1, "offerings": [], "c": 3}',
      taken: [1, { b: [2, ']'] }, 'x"]'],
    });
  expect(read('{"actual": {"x": {}, "products": {"a": 1, "b": {"products": {}}}}}')).toEqual({
    rest: '{"actual": {"x": {}, "products": {}}}',
    taken: [1, { products: {} }],
  });
  expect(read('{"offerings": [ ]}')).toEqual({ rest: '{"offerings": []}', taken: [] });
  for (const same of [
    '{"x": {"offerings": [1]}}',
    '[{"offerings": [1]}]',
    '{"offerings": 1}',
    '{"products": {"a": 1}}',
  ])
    expect(read(same)).toEqual({ rest: same, taken: [] });
  for (const odd of [
    '{"offerings": [1], "offerings": [2]}',
    '{"\\u006fff": 1, "offerings": [1]}',
    '{"offerings": [1], "\\u006ffferings": [2]}',
    '{"offerings": [1, 2',
    '{"offerings": [1,]}',
    '{"offerings": [1,,2]}',
    '{"offerings": [1 2]}',
    '{"offerings": {"a"}}',
    '{"offerings": [1]]}',
  ])
    expect(read(odd)).toBeNull();
});

test('a snapshot of another shop’s order is read in the order of its slugs, in pieces too', () => {
  const snapshot = parseSnapshot(text(SHOP), 'shop.json');
  const turned = {
    ...snapshot.actual,
    products: Object.fromEntries(Object.entries(snapshot.actual.products).reverse()),
  };
  const document = JSON.stringify({
    format: 'sailplan-actual',
    format_version: '1.0',
    ...snapshot,
    actual: turned,
  });
  const read = parseSnapshotPieces(cut(Buffer.from(document), 4096), 'shop.json');
  expect(read === null ? null : printSnapshot(read)).toBe(printSnapshot(snapshot));
  expect(Object.keys(read?.actual.products ?? {})).toEqual(Object.keys(snapshot.actual.products));
});

test('a member that occurs twice in an export without a seal is refused in pieces too', () => {
  const { content_sha256, ...open } = JSON.parse(text(RECORDED)) as Record<string, unknown>;
  const document = JSON.stringify(open);
  const read = (source: string) => readExportPieces(cut(Buffer.from(source), 4096), GTM_V1);
  expect(content_sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(read(document)).toEqual(wholeExport(Buffer.from(document)));
  for (const twice of [
    document.replace('"verified":', '"verified":false,"verified":'),
    document.replace('"key":"engineering"', '"key":"sales","key":"engineering"'),
    document.replace('"locale":"en"', '"locale":"de","locale":"en"'),
  ]) {
    expect(twice).not.toBe(document);
    expect(read(twice)).toBeNull();
    expect(wholeExport(Buffer.from(twice))).toBe('document_malformed');
  }
});

test.each([
  ['1e400'],
  ['-1e999'],
  [`${'1'.repeat(250)}e60`],
  ['9'.repeat(400)],
])('a number that is too large (%s) is refused in pieces as it is in the whole', (number) => {
  const site = text(RECORDED);
  const shop = text(SHOP);
  for (const bent of [
    site.replace('"page_id"', `"x":${number},"page_id"`),
    site.replace('{', `{"x":${number},`),
  ]) {
    expect(bent === site).toBe(false);
    expect(readExportPieces(cut(Buffer.from(bent), 997), GTM_V1)).toBeNull();
    expect(wholeExport(Buffer.from(bent))).toBe('document_malformed');
  }
  for (const bent of [
    shop.replace(/("products"\s*:\s*\{\s*"[^"]*"\s*:\s*\{)/, `$1"x":${number},`),
    shop.replace('{', `{"x":${number},`),
  ]) {
    expect(bent === shop).toBe(false);
    expect(parseSnapshotPieces(cut(Buffer.from(bent), 997), 'shop.json')).toBeNull();
    expect(wholeSnapshot(Buffer.from(bent))).toBe('document_malformed');
  }
});

test.each([
  1, 2, 3,
])('%i byte order marks before a document: read as a whole or refused, never a crash', (count) => {
  const marks = Buffer.from('\u{feff}'.repeat(count));
  for (const [whole, pieces] of [
    [wholeExport(Buffer.concat([marks, RECORDED])), readExportPieces([marks, RECORDED], GTM_V1)],
    [wholeSnapshot(Buffer.concat([marks, SHOP])), parseSnapshotPieces([marks, SHOP], 'shop.json')],
  ]) {
    if (count === 1) expect(typeof whole).toBe('object');
    else expect(whole).toBe('document_malformed');
    if (pieces !== null) expect(pieces).toEqual(whole);
  }
});

describe('a file in pieces', () => {
  const big = `{"offerings":[${Array.from({ length: 9_000 }, (_, id) => `{"id":${id}}`)}]}`;
  const chunks = [Buffer.from(big)];

  test('that is refused by whoever takes its members is read whole, by the reader that can say what is wrong', () => {
    let taken = 0;
    const take = () => {
      taken += 1;
      return 0;
    };
    expect([readPieces(chunks, { offerings: take }), taken]).toEqual([null, 1]);
  });

  test('with too much beside its collections is none of ours', () => {
    expect(readPieces([Buffer.alloc((1 << 26) + 1, ' ')], {})).toBeNull();
  });

  test('whose members nobody takes is read without them, whatever they are', () => {
    const broken = big.replace('{"id":4500}', '{"id":}');
    const found = readPieces(cut(Buffer.from(broken), 1000), { offerings: null });
    expect([found?.rest, found?.counts.get('offerings')]).toEqual(['{"offerings":[]}', 0]);
  });

  test('is read from chunks that have one buffer', () => {
    const bytes = Buffer.from(big);
    function* reused(): Generator<Uint8Array> {
      const buffer = new Uint8Array(999);
      for (let at = 0; at < bytes.length; at += buffer.length) {
        const part = bytes.subarray(at, at + buffer.length);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
      }
    }
    const ids: number[] = [];
    const take = (piece: Piece) => {
      const members = piece.members as { readonly id: number }[];
      ids.push(...members.map(({ id }) => id));
      return members.length;
    };
    expect(readPieces(reused(), { offerings: take })?.counts.get('offerings')).toBe(9_000);
    expect(ids).toEqual(Array.from({ length: 9_000 }, (_, id) => id));
  });

  test('may be nested as deep as a whole one', () => {
    const nested = (levels: number) => `{"offerings":[${'['.repeat(levels)}${']'.repeat(levels)}]}`;
    const read = (text: string) => readPieces([Buffer.from(text)], { offerings: () => 1 });
    expect(read(nested(62))).not.toBeNull();
    expect(read(nested(63))).toBeNull();
  });

  test('that cannot be read is told as such', () => {
    function* torn(): Generator<Uint8Array> {
      yield Buffer.from('{"a":');
      throw new Error('EIO');
    }
    expect(() => readPieces(torn(), {})).toThrow('EIO');
  });
});
