import type { ProductDocument } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { Piece, Take } from '../../core/json/collection-pieces.ts';
import { createInterner, type Interner } from '../../core/json/interner.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord, own } from '../../core/json/records.ts';
import { readPieces } from '../../core/json/stream-collections.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { ref } from '../../core/resource-ref.ts';
import { isSameBytes, utf8Chunks } from '../../core/text/same-bytes.ts';
import { patchOf, withPatch } from '../../diff/json-patch.ts';
import { DEFAULT_OPTIONS } from '../../diff/model.ts';
import { isKnownFormat } from '../format-version.ts';
import validate from '../generated/plan.js';
import type { Plan } from '../plan.ts';
import { summarise } from '../summary.ts';
import { documentFaults } from './change-documents.ts';
import { integrityOf, type ParsedPlan, rebuilt } from './integrity.ts';
import { contractFaults } from './parse.ts';
import { printPieces } from './print.ts';

export type ReadChunks = () => Iterable<Uint8Array>;

export interface PlanPieces {
  /** Reads the file: its bytes in order. */
  readonly chunks: ReadChunks;
  /** Keeps no patch that can be computed again: worth its time where patches would take hundreds of megabytes. */
  readonly isCompact: boolean;
  /** Reads the whole file as text, to report errors in its bytes. */
  readonly text: () => string;
}

type Offering = Plan['desired']['offerings'][number];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads a large plan file in pieces: the same result as `parsePlan` for the whole text, with a third of the memory. null: the
 * file is unusual in some way, and `parsePlan` must decide.
 */
export function parsePlanPieces({ chunks, isCompact, text }: PlanPieces): ParsedPlan | null {
  const changes: Change[] = [];
  const held = new Map<string, Json>();
  const take: Take = (piece) => {
    const batch = membersOf(piece, (value) => ({ ...EMPTY, changes: value }));
    for (const change of batch.changes) {
      held.set(change.ref, change.before);
      changes.push(isCompact ? withoutPatch(change) : change);
    }
    return batch.changes.length;
  };
  const read = readContent(chunks(), take, held);
  if (read === null || documentFaults(changes).length > 0) return null;
  const plan: Plan = { ...read, changes };
  return {
    plan,
    format: 'current',
    integrity: integrityOf(plan, { isPrinted: () => isPrintedIn(chunks, plan), text }),
  };
}

/**
 * The plan that is built from the inputs in a large file, if its printed form is the file, byte for byte: that proves all of
 * it, so its changes, which are most of the file, are never parsed. null: it is another plan, and `parsePlanPieces` finds out
 * what differs.
 */
export function provePlanPieces(chunks: ReadChunks): ParsedPlan | null {
  const read = readContent(chunks(), null, new Map());
  const plan = read === null ? null : rebuilt(read);
  if (plan === null || !isPrintedIn(chunks, plan)) return null;
  return { plan, format: 'current', integrity: { isPrinted: true, byteFault: null, differing: [] } };
}

/** The file is read again, which takes less time than hashing it and the printed form. */
const isPrintedIn = (chunks: ReadChunks, plan: Plan): boolean =>
  isSameBytes(chunks(), utf8Chunks(printPieces(plan)));

/**
 * The plan without its changes. `held`: before-documents of changes, which the snapshots share. null: the file is unusual in
 * some way.
 */
function readContent(
  chunks: Iterable<Uint8Array>,
  changes: Take | null,
  held: ReadonlyMap<string, Json>,
): Plan | null {
  const offerings: Offering[] = [];
  const products: Mutable<Plan['actual']['products']> = {};
  const interned = createInterner();
  try {
    const read = readPieces(chunks, {
      changes,
      'desired.offerings': (piece) => {
        const { desired } = membersOf(piece, (value) => ({
          ...EMPTY,
          desired: { ...EMPTY.desired, offerings: value },
        }));
        for (const offering of desired.offerings) offerings.push(withKnownKeys(offering, interned));
        return desired.offerings.length;
      },
      'actual.products': (piece) => {
        const { actual } = membersOf(piece, (value) => ({
          ...EMPTY,
          actual: { ...EMPTY.actual, products: value },
        }));
        const batch = Object.entries(actual.products);
        for (const [slug, product] of batch) {
          const before = held.get(ref.product(slug));
          products[slug] = isSame(before, product.document as Json)
            ? { ...product, document: before as ProductDocument }
            : product;
        }
        return batch.length;
      },
    });
    if (
      read === null ||
      ['changes', 'desired.offerings', 'actual.products'].some((name) => !read.counts.has(name))
    )
      return null;
    const document = parseJson(read.rest) as JsonObject & Plan;
    if (!isRecord(document) || !isKnownFormat(document.format_version) || !validate(document)) return null;
    if (contractFaults(document).length > 0) return null;
    return {
      ...document,
      desired: { ...document.desired, offerings },
      actual: { ...document.actual, products },
    };
  } catch (error) {
    // The file itself cannot be read any further, whole or in pieces.
    if (error instanceof Failure && error.code !== 'file_unreadable') return null;
    throw error;
  }
}

/** The offering, just read, with the lists of keys that others have too. */
function withKnownKeys(offering: Offering, interned: Interner): Offering {
  const fields: Mutable<Offering['fields']> = offering.fields;
  for (const name in fields) {
    const value = fields[name];
    if (Array.isArray(value)) fields[name] = interned.list(value);
  }
  return offering;
}

/** Some members of a collection, in a plan without other content. Throws a Failure if they are malformed. */
function membersOf({ members }: Piece, inPlan: (members: Json) => JsonObject): Plan {
  const plan: unknown = inPlan(members);
  if (!validate(plan)) throw new Failure('document_malformed', 'not a plan');
  return plan as Plan;
}

type Change = Plan['changes'][number];

/** The change with its patch computed at access, if that gives the same patch. */
function withoutPatch(change: Change): Change {
  const { patch, ...rest } = change;
  const { before, after } = rest;
  if (!isRecord(before) || !isRecord(after)) return change;
  if (!isSame(patch as Json, patchOf(before, after) as Json)) return change;
  return withPatch({ ...rest, after: sharing(before, after) as JsonObject });
}

/** `after` with those parts of `before` that are the same. */
function sharing(before: Json | undefined, after: Json): Json {
  if (isSame(before, after)) return before as Json;
  if (!isRecord(before) || !isRecord(after)) return after;
  const shared: Record<string, Json> = { ...after };
  for (const name of Object.keys(after)) shared[name] = sharing(own(before, name), after[name] as Json);
  return shared;
}

/** A valid plan without content. */
const EMPTY = {
  format_version: '1.0',
  target: { name: null, api_url: '' },
  source: { kind: 'export', locale: '', page_type: null, access: 'unknown' },
  options: DEFAULT_OPTIONS as JsonObject,
  summary: summarise([], []) as JsonObject,
  errored: false,
  completeness: {},
  hazards: [],
  skipped: [],
  diagnostics: [],
  changes: [],
  contract: {},
  registry: null,
  desired: { taxonomies: {}, offerings: [], problems: [] },
  actual: { permissions: [], locales: [], attributes: {}, product_types: {}, products: {} },
} satisfies JsonObject;
