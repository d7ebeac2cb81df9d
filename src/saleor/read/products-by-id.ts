import { chunked } from '../../core/collections.ts';
import { productPk } from '../../core/product-id.ts';
import { NamedProducts, type NamedProductsQuery } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { type Collection, incomplete, readAll, sumProofs } from '../graphql/pagination.ts';
import type { ProductEntry, ProductNode, ProductPage } from './product-document.ts';

/** Ids and slugs of products; a product may be named by both. */
export interface ProductNames {
  readonly ids: readonly string[];
  readonly slugs: readonly string[];
}

/** How the pages of named products come, if not one by one and all of them. */
export interface NamedPages {
  /** Returns the answer to firstPageCall of the same names, if it was requested together with other calls. */
  readonly first?: () => Promise<ProductPage | undefined>;
  /** Whether the page with this number, from 0, is to be read. */
  readonly mayFollow?: (page: number) => Promise<boolean>;
}

/** Most products of a page (docs/saleor.md#pagination). */
const PAGE = 100;

/** Requests the first page of these products, to be sent together with other calls; null if no product can have such a name. */
export function firstPageCall(keys: readonly string[], names: ProductNames): Call<NamedProductsQuery> | null {
  const [first] = namePages(names);
  return first === undefined ? null : call(NamedProducts, { ...first, after: null, keys });
}

/** How many requests these products take, if each page names a hundred that exist. */
export const pagesFor = (names: ProductNames): number => namePages(names).length;

/** Whether a product is one of these. */
export function matcherOf({ ids, slugs }: ProductNames) {
  const [wantedIds, wantedSlugs] = [new Set(ids), new Set(slugs)];
  return ({ id, slug }: { readonly id: string; readonly slug: string }): boolean =>
    wantedIds.has(id) || wantedSlugs.has(slug);
}

/**
 * The names of each request. A page has up to a hundred ids and a hundred slugs, because most products are named by both; if
 * these are two hundred products, the second hundred comes with the next page. One malformed id would fail the whole read
 * (docs/saleor.md#product-filters), so names that no product can have are omitted.
 */
export function namePages({ ids, slugs }: ProductNames): readonly ProductNames[] {
  const idPages = chunked([...new Set(ids)].filter(isProductId), PAGE);
  const slugPages = chunked([...new Set(slugs)].filter(isPossibleSlug), PAGE);
  const length = Math.max(idPages.length, slugPages.length);
  const [idsOf, slugsOf] = [idPages, slugPages].map((pages) => lastAt(pages, length));
  return Array.from({ length }, (_, index) => ({
    ids: idsOf?.(index) ?? [],
    slugs: slugsOf?.(index) ?? [],
  }));
}

/** Puts the last page of the shorter list, which may be a small one, beside the last page of the longer. */
function lastAt(pages: readonly (readonly string[])[], length: number) {
  const full = pages.slice(0, -1);
  return (index: number) => (index === length - 1 ? pages.at(-1) : full[index]);
}

const isProductId = (id: string): boolean => productPk(id) !== null;

/** Saleor crashes on NUL and lone surrogates. */
const isPossibleSlug = (slug: string): boolean => /^[^\0\p{Surrogate}]+$/u.test(slug);

interface NamedReadOptions extends NamedPages {
  /** Of the metadata. */
  readonly keys: readonly string[];
  readonly keep: (node: ProductNode) => ProductEntry;
}

const UNREAD: Collection<ProductEntry> = { items: [], proof: { requests: 0, items: 0, total: 0 } };

/**
 * Reads the products with these names, completely unless `mayFollow` leaves out a page. Throws a Failure (shop_incomplete).
 */
export async function readNamed(
  reader: Reader,
  names: ProductNames,
  { keys, keep, first, mayFollow }: NamedReadOptions,
): Promise<Collection<ProductEntry>> {
  const parts = await Promise.all(
    namePages(names).map(async (asked, index) => {
      if ((await mayFollow?.(index)) === false) return UNREAD;
      const part = await readAll<ProductNode, ProductEntry>(
        'products',
        async (after) => {
          const page = index === 0 && after === null ? await first?.() : undefined;
          if (page !== undefined) return page;
          return (await reader.query(NamedProducts, { ...asked, after, keys })).products;
        },
        keep,
      );
      assertAskedFor(asked, part.items);
      return part;
    }),
  );
  // One product may be named by id in one page and by slug in another.
  const items = new Map(parts.flatMap((part) => part.items).map((entry) => [entry[1].id, entry]));
  const { requests } = sumProofs(parts.map(({ proof }) => proof));
  return { items: [...items.values()], proof: { requests, items: items.size, total: items.size } };
}

/** Ids and slugs are unique: a product that has neither answers another question. */
function assertAskedFor(names: ProductNames, items: readonly ProductEntry[]): void {
  const isAskedFor = matcherOf(names);
  const stray = items.find(([slug, { id }]) => !isAskedFor({ id, slug }));
  if (stray !== undefined) throw incomplete('products', `${stray[0]} came without being requested`);
}
