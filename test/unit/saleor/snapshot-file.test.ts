import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { sortedRecord } from '../../../src/core/json/records.ts';
import {
  parseSnapshot,
  parseSnapshotPieces,
  printSnapshot,
  type StoredSnapshot,
} from '../../../src/saleor/snapshot-file.ts';
import { recordedActual } from '../../support/recorded-shop.ts';

const actual = recordedActual();
const values = Object.values(actual.attributes).reduce(
  (sum, each) => sum + Object.keys(each.values).length,
  0,
);
const products = Object.keys(actual.products).length;
const proof = (items: number) => ({ requests: 1, items, total: items });
const recorded: StoredSnapshot = {
  actual,
  proof: { attributes: proof(12), values: proof(values), product_types: proof(4), products: proof(products) },
  shop: { name: 'GSV', domain: 'shop.example.com', version: '3.23.28' },
};
const text = printSnapshot(recorded);

function failed(content: string): Failure {
  try {
    parseSnapshot(content, 'shop.json');
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}

// biome-ignore lint/suspicious/noExplicitAny: a document to be spoilt
const spoilt = (change: (document: any) => void): string => {
  const document = JSON.parse(text);
  change(document);
  return JSON.stringify(document);
};

/** The same document with its members in reverse order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

test('what is printed reads back the same, to the byte', () => {
  expect(parseSnapshot(text, 'shop.json')).toEqual(recorded);
  expect(printSnapshot(parseSnapshot(text, 'shop.json'))).toBe(text);
});

test('one resource a line', () => {
  const lines = text.split('\n');
  expect(lines.filter((line) => line.startsWith('"offering-001":{'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('"executive":{'))).toHaveLength(1);
  expect(lines.slice(0, 3)).toEqual(['{', '"format":"sailplan-actual",', '"format_version":"1.0",']);
  expect(text.endsWith('}\n')).toBe(true);
});

test('the order of members in the file means nothing', () => {
  const read = parseSnapshot(JSON.stringify(shuffled(JSON.parse(text)), null, 2), 'shop.json');
  expect(printSnapshot(read)).toBe(text);
  expect(Object.keys(read.actual.products)).toEqual(Object.keys(actual.products).sort());
});

describe('products of which each is a piece', () => {
  const product = (slug: string) => {
    const { document, ...rest } = {
      ...actual.products['offering-001'],
    } as StoredSnapshot['actual']['products'][string];
    return { document: { ...document, metadata: { a: slug, filler: 'x'.repeat(66_000) } }, ...rest };
  };
  const stored = (slugs: readonly string[]) => ({
    format: 'sailplan-actual',
    format_version: '1.0',
    ...recorded,
    proof: { ...recorded.proof, products: proof(slugs.length) },
    actual: { ...actual, products: Object.fromEntries(slugs.map((slug) => [slug, product(slug)])) },
  });
  const both = (content: string) => {
    const bytes = Buffer.from(content);
    return [parseSnapshotPieces([bytes], 'shop.json'), parseSnapshot(content, 'shop.json')] as const;
  };

  test.each([
    ['in order', ['a', 'b', 'c', 'constructor', 'd', 'e']],
    ['in another order', ['b', 'd', 'c', 'a', 'e', 'constructor']],
    ['with numbers for slugs', ['a', '10', '9', 'b', '1', '007']],
  ])('%s: the same as in the whole, to the byte', (_, slugs) => {
    const [pieces, whole] = both(JSON.stringify(stored(slugs)));
    if (pieces === null) throw new Error('not read in pieces');
    expect(printSnapshot(pieces)).toBe(printSnapshot(whole));
    expect(JSON.stringify(pieces)).toBe(JSON.stringify(whole));
  });

  test('the members of one of them in another order: the same as in the whole, to the byte', () => {
    const document = stored(['a', 'b', 'c', 'd', 'e']);
    const content = JSON.stringify({
      ...document,
      actual: {
        ...document.actual,
        products: { ...document.actual.products, c: shuffled(document.actual.products['c']) },
      },
    });
    const [pieces, whole] = both(content);
    expect(content).not.toBe(JSON.stringify(document));
    expect(JSON.stringify(pieces)).toBe(JSON.stringify(whole));
  });

  test('one slug in two pieces is left to the reader of the whole file', () => {
    const content = JSON.stringify(stored(['a', 'b', 'c', 'd', 'e'])).replace(
      '"d":{"document"',
      '"b":{"document"',
    );
    expect(parseSnapshotPieces([Buffer.from(content)], 'shop.json')).toBeNull();
    expect(failed(content).message).toBe('shop.json: actual.products.b: this member occurs twice');
  });

  test.each([
    ['a slug in one piece', '"d":{"document"', '"c":{"document"'],
    ['a member of a product', '"id":', '"id":"UHJvZHVjdDox","id":'],
    ['a member of the document', '"format":', '"shop":null,"format":'],
  ])('%s that occurs twice is refused, however it is read', (_, from, to) => {
    const content = JSON.stringify(stored(['a', 'b', 'c', 'd', 'e'])).replace(from, to);
    expect(parseSnapshotPieces([Buffer.from(content)], 'shop.json')).toBeNull();
    expect(failed(content).message).toContain('this member occurs twice');
  });
});

describe('odd slugs', () => {
  const withSlugs = (slugs: readonly string[]) => {
    const product = actual.products['offering-001'] as never;
    const odd = sortedRecord(slugs.map((slug) => [slug, product] as const));
    return printSnapshot({
      ...recorded,
      actual: { ...actual, products: odd },
      proof: { ...recorded.proof, products: proof(slugs.length) },
    });
  };

  test('constructor is a slug like others, and a slug with a slash cannot confuse the printer', () => {
    const read = parseSnapshot(withSlugs(['constructor', 'a/values']), 'shop.json');
    expect(Object.keys(read.actual.products)).toEqual(['a/values', 'constructor']);
  });

  test('__proto__ is refused', () => {
    expect(() => parseSnapshot(withSlugs(['__proto__']), 'shop.json')).toThrow(
      'it has a member with the name __proto__',
    );
  });
});

describe('a file that is not one is refused, with the place', () => {
  test.each([
    ['not JSON', '{"format":', 'document_malformed', 'shop.json: not JSON'],
    [
      'another document',
      '{"format":"sailplan-plan"}',
      'format_unknown',
      'shop.json: not a snapshot of a shop',
    ],
    ['null', 'null', 'format_unknown', 'shop.json: not a snapshot of a shop'],
    [
      'another major version',
      spoilt((document) => {
        document.format_version = '2.0';
      }),
      'format_unknown',
      'shop.json: format version 2.0, but this sailplan reads 1',
    ],
    [
      'a wrong type deep inside',
      spoilt((document) => {
        document.actual.products['offering-001'].document.metadata.cp_offering_id = 5;
      }),
      'document_malformed',
      'shop.json: actual.products.offering-001.document.metadata.cp_offering_id: must be text in quotes, not the number 5',
    ],
    [
      'an unknown input type',
      spoilt((document) => {
        document.actual.attributes.gsv_roles.input_type = 'TREE';
      }),
      'document_malformed',
      'shop.json: actual.attributes.gsv_roles.input_type: must be one of',
    ],
    [
      'a set with a member that is no member',
      spoilt((document) => {
        document.actual.products['offering-001'].document.attributes.gsv_roles = { executive: false };
      }),
      'document_malformed',
      'shop.json: actual.products.offering-001.document.attributes.gsv_roles.executive: must be true, not false',
    ],
  ])('%s', (_, content, code, message) => {
    const failure = failed(content);
    expect(failure.code).toBe(code);
    expect(failure.message.startsWith(message)).toBe(true);
  });

  test('products that were taken out by hand', () => {
    const failure = failed(
      spoilt((document) => {
        delete document.actual.products['offering-001'];
      }),
    );
    expect(failure.code).toBe('shop_incomplete');
    expect(failure.message).toBe('shop.json: 301 products, where the read had 302 and the shop counted 302');
  });

  test('a proof that does not add up', () => {
    const failure = failed(
      spoilt((document) => {
        document.proof.attributes.total = 13;
      }),
    );
    expect(failure.code).toBe('shop_incomplete');
  });
});
