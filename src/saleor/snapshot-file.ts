import type { Actual, Product, Proof } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { canonical, inOrder } from '../core/json/canonical-json.ts';
import type { Piece } from '../core/json/collection-pieces.ts';
import { isOnce, memberTwice } from '../core/json/duplicate-members.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, isRecord, sortedRecord } from '../core/json/records.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { readPieces } from '../core/json/stream-collections.ts';
import { parseJson } from '../core/json/untrusted-json.ts';
import { escapeHidden } from '../plan/file/line-printers.ts';
import validate, { type ActualSnapshot } from './generated/actual.js';
import type { ActualRead } from './read/read-actual.ts';
import type { ReadMarker } from './read/read-marker.ts';

/** Content of a snapshot file. */
export type StoredSnapshot = Pick<ActualRead, 'actual' | 'proof' | 'shop'> & {
  readonly looked?: ReadMarker | null;
};

/** The snapshot file: canonical, one resource per line, the same bytes for the same shop. Ends in a newline. */
export function printSnapshot({ actual, proof, shop, looked }: StoredSnapshot): string {
  const format_version = looked ? '1.1' : '1.0';
  const marker = looked ? { looked } : {};
  return escapeHidden(
    `${print({ format: 'sailplan-actual', format_version, shop, proof, ...marker, actual }, '')}\n`,
  );
}

/** Paths of the objects with one member per line; all others are on one line. */
const MULTILINE = [
  /^$/,
  /^\/actual$/,
  /^\/actual\/(attributes|product_types|products)$/,
  /^\/actual\/attributes\/[^/]*(\/values)?$/,
];

const ORDER = [
  'format',
  'format_version',
  'shop',
  'proof',
  'looked',
  'actual',
  'target',
  'permissions',
  'locales',
];

function print(value: Json, path: string): string {
  const isMultiline =
    MULTILINE.some((pattern) => pattern.test(path)) && Object.keys(value as JsonObject).length > 0;
  if (!isMultiline) return canonical(value);
  const members = Object.entries(value as JsonObject).sort(
    ([a], [b]) => rank(path, a) - rank(path, b) || byCodeUnit(a, b),
  );
  const lines = members.map(
    ([name, member]) => `${JSON.stringify(name)}:${print(member, `${path}/${name.replace(/\//g, '~1')}`)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

/** Members that are needed to read the others come first; slugs of resources have no order. */
function rank(path: string, name: string): number {
  const position = path === '' || path === '/actual' ? ORDER.indexOf(name) : -1;
  return position < 0 ? ORDER.length : position;
}

/**
 * A snapshot file, its members in any order; `name` is the file, for messages. Throws a Failure: format_unknown,
 * document_malformed with the first three places, or shop_incomplete where the proof does not match the content.
 */
export function parseSnapshot(text: string, name: string): StoredSnapshot {
  const document = parseNamed(text, name);
  const { format, format_version: version } = isRecord(document) ? document : {};
  if (format !== 'sailplan-actual') {
    throw new Failure(
      'format_unknown',
      `${name}: not a snapshot of a shop`,
      'Take one with: sailplan snapshot saleor --out FILE',
    );
  }
  if (typeof version === 'string' && !version.startsWith('1.')) {
    throw new Failure('format_unknown', `${name}: format version ${version}, but this sailplan reads 1`);
  }
  const faults = faultsOf(validate, document);
  const twice = memberTwice(text);
  if (twice !== null) throw new Failure('document_malformed', `${name}: ${twice}: this member occurs twice`);
  if (faults.length > 0) {
    const more = faults.length > 3 ? `, and ${faults.length - 3} more` : '';
    throw new Failure('document_malformed', `${name}: ${faults.slice(0, 3).join('; ')}${more}`);
  }
  const stored = storedIn(document);
  assertProven(stored, name);
  return stored;
}

function parseNamed(text: string, name: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${name}: ${error.message}`, error.hint);
  }
}

/** Of a document that the validator accepted. Its members get one order, so that nothing depends on the order in the file. */
function storedIn(document: Json): StoredSnapshot {
  const { actual, proof, shop, looked } = inOrder(document) as ActualSnapshot;
  return { actual, proof, shop, ...(looked === undefined ? {} : { looked }) };
}

/**
 * Reads a large snapshot product by product: the same result as `parseSnapshot` for the whole text, with a fraction of the
 * memory. null: the file is unusual in some way, and `parseSnapshot` must decide. Throws a Failure (shop_incomplete).
 */
export function parseSnapshotPieces(chunks: Iterable<Uint8Array>, name: string): StoredSnapshot | null {
  const products: [string, Product][] = [];
  const take = ({ members: batch, isOrdered, names, text }: Piece): number => {
    if (!isOnce(text, names) && memberTwice(text) !== null) return 0;
    if (!isRecord(batch) || !validate({ ...EMPTY, actual: { ...EMPTY.actual, products: batch } })) return 0;
    const slugs = Object.keys(batch);
    for (const slug of slugs) {
      const product = batch[slug] as Json;
      products.push([slug, (isOrdered ? product : inOrder(product)) as Json & Product]);
    }
    return slugs.length;
  };
  const read = readPieces(chunks, { 'actual.products': take });
  if (read === null || !read.counts.has('actual.products') || read.rest.startsWith('\u{feff}')) return null;
  if (memberTwice(read.rest) !== null) return null;
  const rest = read.document as { readonly actual?: Partial<Actual> };
  if (Object.keys(rest?.actual?.products ?? { none: 0 }).length > 0) return null;
  const document = { ...rest, actual: { ...rest.actual, products: {} } };
  if (!validate(document)) return null;
  const stored = storedIn(document);
  const all = sortedRecord(products);
  // Fewer slugs than products: JSON.parse keeps the last of two equal members.
  if (Object.keys(all).length !== products.length) return null;
  const whole = { ...stored, actual: { ...stored.actual, products: all } };
  assertProven(whole, name);
  return whole;
}

const NONE: Proof = { items: 0, requests: 0, total: 0 };

/** A valid snapshot without content. */
const EMPTY = {
  format: 'sailplan-actual',
  format_version: '1.0',
  shop: { domain: '', name: '', version: '' },
  proof: { attributes: NONE, values: NONE, product_types: NONE, products: NONE },
  actual: {
    target: { api_url: '-', name: null },
    permissions: [],
    locales: [],
    attributes: {},
    product_types: {},
    products: {},
  },
};

function assertProven({ actual, proof }: StoredSnapshot, name: string): void {
  const values = Object.values(actual.attributes).reduce(
    (sum, attribute) => sum + Object.keys(attribute.values).length,
    0,
  );
  const counts = { values, products: Object.keys(actual.products).length };
  for (const [collection, { items, total }] of Object.entries(proof)) {
    const found = counts[collection as keyof typeof counts] ?? items;
    if (items === total && found === items) continue;
    throw new Failure(
      'shop_incomplete',
      `${name}: ${found} ${collection}, where the read had ${items} and the shop counted ${total}`,
      'Take a new snapshot.',
    );
  }
}
