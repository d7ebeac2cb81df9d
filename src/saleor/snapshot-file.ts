import type { Actual, Product, Proof } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import {
  byCodeUnit,
  canonical,
  inOrder,
  type Json,
  type JsonObject,
  sortedRecord,
} from '../core/json/canonical-json.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { readPieces } from '../core/json/stream-collections.ts';
import validate from './generated/actual.js';
import type { ActualRead } from './read/read-actual.ts';
import type { ReadMarker } from './read/read-marker.ts';

export interface ActualSnapshot extends Pick<ActualRead, 'actual' | 'proof' | 'shop'> {
  readonly looked?: ReadMarker | null;
}

/** The snapshot file: canonical, one resource a line, the same bytes for the same shop. Ends in a newline. */
export function printSnapshot({ actual, proof, shop, looked }: ActualSnapshot): string {
  const format_version = looked ? '1.1' : '1.0';
  const told = looked ? { looked } : {};
  const document = { format: 'sailplan-actual', format_version, shop, proof, ...told, actual };
  return `${print(document as unknown as Json, '')}\n`;
}

/** These are opened, with each member on a line of its own; anything else is one line. */
const OPENED = [
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
  const isOpened =
    OPENED.some((pattern) => pattern.test(path)) && Object.keys(value as JsonObject).length > 0;
  if (!isOpened) return canonical(value);
  const members = Object.entries(value as JsonObject).sort(
    ([a], [b]) => rank(path, a) - rank(path, b) || byCodeUnit(a, b),
  );
  const lines = members.map(
    ([name, member]) => `${JSON.stringify(name)}:${print(member, `${path}/${name.replace(/\//g, '~1')}`)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}

/** What says how to read the rest comes first; slugs of resources have no rank. */
function rank(path: string, name: string): number {
  const position = path === '' || path === '/actual' ? ORDER.indexOf(name) : -1;
  return position < 0 ? ORDER.length : position;
}

/**
 * A snapshot file, in whatever order its members stand; `name` is the file, for the messages. Throws a Failure:
 * format_unknown, document_malformed with every place, or shop_incomplete when the proof does not fit what is there.
 */
export function parseSnapshot(text: string, name: string): ActualSnapshot {
  const document = parseJson(text, name);
  const { format, format_version: version } = (document ?? {}) as {
    format?: unknown;
    format_version?: unknown;
  };
  if (format !== 'sailplan-actual') {
    throw new Failure(
      'format_unknown',
      `${name}: not a snapshot of a shop`,
      'Make one with: sailplan snapshot saleor --out FILE',
    );
  }
  if (typeof version === 'string' && !version.startsWith('1.')) {
    throw new Failure('format_unknown', `${name}: format version ${version}, and this sailplan reads 1`);
  }
  const faults = faultsOf(validate, document);
  if (faults.length > 0) {
    const more = faults.length > 3 ? `, and ${faults.length - 3} more` : '';
    throw new Failure('document_malformed', `${name}: ${faults.slice(0, 3).join('; ')}${more}`);
  }
  // Members in one order, so that nothing later depends on the file's.
  const { actual, proof, shop, looked } = inOrder(document as Json) as unknown as ActualSnapshot;
  const whole = { actual, proof, shop, ...(looked ? { looked } : {}) };
  assertProven(whole, name);
  return whole;
}

/**
 * A great snapshot, product by product: what `parseSnapshot` gives of the whole text, in a fraction of the memory. null:
 * something about it is out of the ordinary, and `parseSnapshot` is the one to accept or to refuse it.
 */
export function parseSnapshotPieces(chunks: Iterable<Uint8Array>, name: string): ActualSnapshot | null {
  const products: [string, Product][] = [];
  const take = (text: string): number => {
    const batch = JSON.parse(text) as JsonObject;
    if (Array.isArray(batch) || !validate({ ...EMPTY, actual: { ...EMPTY.actual, products: batch } }))
      return 0;
    const members = Object.entries(inOrder(batch) as Actual['products']);
    products.push(...members);
    return members.length;
  };
  const read = readPieces(chunks, { 'actual.products': take });
  const count = read?.counts.get('actual.products');
  if (read === null || count === undefined || read.rest.startsWith('\u{feff}')) return null;
  const rest = read.document as { readonly actual?: Partial<Actual> };
  if (Object.keys(rest?.actual?.products ?? { none: 0 }).length > 0) return null;
  const all = sortedRecord(products);
  // A slug that stands twice: JSON takes the last one.
  if (Object.keys(all).length !== count) return null;
  const document = { ...rest, actual: { ...rest.actual, products: {} } };
  if (!validate(document)) return null;
  const { actual, proof, shop, looked } = inOrder(document) as unknown as ActualSnapshot;
  const whole = { actual: { ...actual, products: all }, proof, shop, ...(looked ? { looked } : {}) };
  assertProven(whole, name);
  return whole;
}

const NONE: Proof = { items: 0, requests: 0, total: 0 };

/** A snapshot that is right and holds nothing. */
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

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('document_malformed', `${name}: not JSON`);
  }
}

function assertProven({ actual, proof }: ActualSnapshot, name: string): void {
  const values = Object.values(actual.attributes).reduce(
    (sum, attribute) => sum + Object.keys(attribute.values).length,
    0,
  );
  const held = { values, products: Object.keys(actual.products).length };
  for (const [collection, { items, total }] of Object.entries(proof)) {
    const found = held[collection as keyof typeof held] ?? items;
    if (items === total && found === items) continue;
    throw new Failure(
      'shop_incomplete',
      `${name}: ${found} ${collection}, where the read had ${items} and the shop counted ${total}`,
      'Take the snapshot anew.',
    );
  }
}
