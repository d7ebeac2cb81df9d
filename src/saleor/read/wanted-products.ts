import type { Contract } from '../../contract/contract.ts';
import type { AllProductsQuery } from '../generated/operations.ts';
import type { Call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import type { Structure } from './attributes-and-types.ts';
import type { Newest } from './first-request.ts';
import type { ProductPage } from './product-document.ts';
import { type ProductsRead, readProducts, type WantedProducts } from './products.ts';
import { matcherOf, type ProductNames, pagesFor } from './products-by-id.ts';

/** The products of a read. */
export interface ProductQuestion {
  readonly products: WantedProducts;
  /** Another way to read named products than to ask for each of them. */
  readonly strategy?: ProductStrategy;
}

export interface ProductStrategy {
  /** Requests its first page, sent together with the opening. */
  readonly firstCall: Call<AllProductsQuery>;
  /** null: this way does not lead to all of them, and they are read in the usual way. */
  read(wanted: ProductNames, shop: ShopBeforeProducts): Promise<ProductsRead | null>;
}

/** What is known of the shop before its products are read. */
export interface ShopBeforeProducts {
  readonly version: string;
  readonly structure: Structure;
  readonly newest: Newest;
  /** The first page of the query that was sent with the opening; undefined: none was. */
  readonly first: ProductPage | undefined;
}

/** So many pages of named products do not wait for the structure, and are read in any case where they are all. */
const EARLY_PAGES = 5;

interface Beginning {
  readonly opening: Promise<Pick<ShopBeforeProducts, 'first' | 'newest'>>;
  readonly before: Promise<ShopBeforeProducts>;
}

/**
 * Reads named products at the same time as the opening, whose answer has their first page, or many of them at the same time
 * as the structure: a shop that has nothing to do meanwhile is time lost. null: not these. Its result is not all of them where readWanted takes another way.
 */
export function readEarly(
  reader: Reader,
  contract: Contract,
  { products: wanted, strategy }: ProductQuestion,
  { opening, before }: Beginning,
): Promise<ProductsRead> | null {
  if (wanted === 'all' || strategy !== undefined) return null;
  const isFew = pagesFor(wanted) <= EARLY_PAGES;
  const early = readProducts(reader, contract, wanted, {
    first: async () => (await opening).first,
    mayFollow: async (page) =>
      isFew || !isMostOf(wanted, (await (page < EARLY_PAGES ? opening : before)).newest),
  });
  // It is awaited later; the opening may have failed by then, and its error is the one to report.
  early.catch(() => undefined);
  return early;
}

/** Reads the wanted products in the way that takes the fewest requests. */
export async function readWanted(
  reader: Reader,
  contract: Contract,
  { products: wanted, strategy }: ProductQuestion,
  shop: ShopBeforeProducts & { readonly early: Promise<ProductsRead> | null },
): Promise<ProductsRead> {
  if (wanted === 'all') return readProducts(reader, contract, wanted);
  if (strategy !== undefined && !isNothing(wanted)) {
    const read = await strategy.read(wanted, shop);
    if (read !== null) return read;
  }
  const isEarly = shop.early !== null && pagesFor(wanted) <= EARLY_PAGES;
  if (isEarly || !isMostOf(wanted, shop.newest)) return shop.early ?? readProducts(reader, contract, wanted);
  const { products, proof } = await readProducts(reader, contract, 'all');
  const isWanted = matcherOf(wanted);
  const named = Object.entries(products).filter(([slug, { id }]) => isWanted({ id, slug }));
  const { requests } = proof;
  return {
    products: Object.fromEntries(named),
    proof: { requests, items: named.length, total: named.length },
  };
}

/** Pages of all products come one after the other, those of named ones a few at a time: half as many are as fast. */
const isMostOf = (names: ProductNames, { total }: Newest): boolean =>
  Math.max(1, Math.ceil(total / 100)) * 2 <= pagesFor(names);

export const isNothing = (wanted: WantedProducts): boolean =>
  wanted !== 'all' && wanted.ids.length === 0 && wanted.slugs.length === 0;
