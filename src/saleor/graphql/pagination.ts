import { isDeepStrictEqual } from 'node:util';
import type { Proof } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';

/** One page of a Saleor connection. */
export interface Page<T> {
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: T }[];
}

export interface Collection<T> {
  readonly items: readonly T[];
  readonly proof: Proof;
}

/** Collects the pages of one collection, and proves that they are all of it. */
export interface PageCollector<T, Kept = T> {
  /** Returns the cursor of the next page, or null after the last. Throws a Failure (shop_incomplete) with the figures. */
  add(page: Page<T> | null | undefined): string | null;
  /** Throws a Failure (shop_incomplete) where items are missing. */
  finish(): Collection<Kept>;
}

/** Items of every page but the last; the operations ask for so many (docs/saleor.md#pagination). */
const PAGE_SIZE = 100;

/** A shop of more items than this is none that could be planned in one go. */
const MOST_ITEMS = 1_000_000;

/** How many characters may be kept of one read. 100,000 products have some 100 million. */
export interface Allowance {
  left: number;
}

export const createAllowance = (): Allowance => ({ left: 160_000_000 });

/** Memory of a value beside its characters, in characters. */
const VALUE_WEIGHT = 8;

function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + VALUE_WEIGHT;
  if (typeof value !== 'object' || value === null) return VALUE_WEIGHT;
  let weight = VALUE_WEIGHT;
  for (const name in value) weight += weightOf((value as Readonly<Record<string, unknown>>)[name]);
  return weight;
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

export const incomplete = (name: string, what: string): Failure =>
  new Failure(
    'shop_incomplete',
    `${name}: ${what}`,
    'This read was discarded. If the shop was being edited, run again.',
  );

export interface CollectorOptions {
  readonly countsRepeats?: boolean;
  /** Requested items per page (100). */
  readonly pageSize?: number;
  /** Shared by the collections of one read; default: a separate one. */
  readonly allowance?: Allowance;
}

/**
 * A collection is complete when the server's total, the same on every page, equals the number of distinct items, every page
 * before the last one is full, and every item has an id. So a read ends: the total is bounded, and each page brings its share. An item that comes twice counts once where both are the same, and
 * is an error where they differ. A short read is never an empty collection. Only what `keep` makes of an item is held in
 * memory; it runs while the next page is on its way. `countsRepeats`: the total may count an item as often as it comes in a
 * page, which hides a missing item; only for collections whose items are looked up one by one afterwards.
 */
export function createPageCollector<T extends { readonly id: string }>(
  name: string,
  keep?: undefined,
  options?: CollectorOptions,
): PageCollector<T>;
export function createPageCollector<T extends { readonly id: string }, Kept>(
  name: string,
  keep: ((item: T) => Kept) | undefined,
  options?: CollectorOptions,
): PageCollector<T, Kept>;
export function createPageCollector<T extends { readonly id: string }>(
  name: string,
  keep: (item: T) => unknown = (item) => item,
  { countsRepeats = false, pageSize = PAGE_SIZE, allowance = createAllowance() }: CollectorOptions = {},
): PageCollector<T, unknown> {
  const items: unknown[] = [];
  /** Id of an item → its place in `items`. */
  const seen = new Map<string, number>();
  let repeatedInPage = 0;
  let requests = 0;
  let total: number | null = null;
  let cursor: string | null = null;
  const fail = (what: string): never => {
    throw incomplete(name, `${what} (page ${requests}, ${items.length} of ${total ?? '?'} items so far)`);
  };

  function add(page: Page<T> | null | undefined): string | null {
    requests += 1;
    const { totalCount, pageInfo, edges } = page ?? {};
    if (!Array.isArray(edges) || !isCount(totalCount) || typeof pageInfo?.hasNextPage !== 'boolean') {
      return fail('the answer lacks the page, its count or its end');
    }
    if (total !== null && total !== totalCount)
      return fail(`the shop counted ${total} and then ${totalCount}`);
    total = totalCount;
    if (total > MOST_ITEMS) return fail(`the shop counts ${total}, and at most ${MOST_ITEMS} are read`);
    if (edges.length > pageSize)
      return fail(`a page of ${edges.length} items, but ${pageSize} were requested`);
    const known = items.length;
    for (const edge of edges) take(edge?.node, known);
    if (items.length > total) return fail('more items came than the shop counts');
    if (!pageInfo.hasNextPage) return null;
    return next(pageInfo.endCursor, edges.length);
  }

  /** `known`: how many items the pages before had. */
  function take(item: T | null | undefined, known: number): void {
    if (typeof item?.id !== 'string' || item.id === '') fail('an item came empty');
    const { id } = item as T;
    const kept = keep(item as T);
    allowance.left -= weightOf(kept);
    if (allowance.left < 0) fail('more text came than sailplan keeps of one read');
    const place = seen.get(id);
    if (place === undefined) {
      seen.set(id, items.length);
      items.push(kept);
      return;
    }
    if (!isDeepStrictEqual(items[place], kept)) fail(`${id} came twice, and the two differ`);
    if (place >= known) repeatedInPage += 1;
  }

  function next(endCursor: unknown, found: number): string {
    if (found < pageSize)
      return fail(
        found === 0
          ? 'an empty page, but the shop has more'
          : `a page of ${found} items, but ${pageSize} were requested, and the shop has more`,
      );
    if (items.length === total) return fail('every item came, but the shop has more');
    if (typeof endCursor !== 'string' || endCursor === cursor) return fail('no way to the next page');
    cursor = endCursor;
    return endCursor;
  }

  function finish(): Collection<unknown> {
    const isWhole = items.length === total || (countsRepeats && items.length + repeatedInPage === total);
    if (total === null || !isWhole) return fail(`${items.length} items came, and the shop counts ${total}`);
    return { items, proof: { requests, items: items.length, total: items.length } };
  }

  return { add, finish };
}

/** Reads one page after the other, each from the cursor of the page before. Throws a Failure (shop_incomplete). */
export async function readAll<T extends { readonly id: string }>(
  name: string,
  fetchPage: (after: string | null) => Promise<Page<T> | null>,
): Promise<Collection<T>>;
export async function readAll<T extends { readonly id: string }, Kept>(
  name: string,
  fetchPage: (after: string | null) => Promise<Page<T> | null>,
  keep: ((item: T) => Kept) | undefined,
  options?: CollectorOptions,
): Promise<Collection<Kept>>;
export async function readAll<T extends { readonly id: string }>(
  name: string,
  fetchPage: (after: string | null) => Promise<Page<T> | null>,
  keep: (item: T) => unknown = (item) => item,
  options: CollectorOptions = {},
): Promise<Collection<unknown>> {
  const collector = createPageCollector<T, unknown>(name, keep, options);
  let after: string | null = null;
  do {
    after = collector.add(await fetchPage(after));
  } while (after !== null);
  return collector.finish();
}

export function sumProofs(proofs: readonly Proof[]): Proof {
  const add = (member: keyof Proof) => proofs.reduce((total, proof) => total + proof[member], 0);
  return { requests: add('requests'), items: add('items'), total: add('total') };
}

/** A field that Saleor's schema promises. Where it is missing, the answer was altered or cut off: throws a Failure (shop_incomplete). */
export function requireText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw incomplete(name, 'missing in the answer');
  return value;
}

/** As requireText, for a list. */
export function requireList<T>(value: readonly T[] | null | undefined, name: string): readonly T[] {
  if (!Array.isArray(value)) throw incomplete(name, 'missing in the answer');
  return value;
}
