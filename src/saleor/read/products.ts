import type { Contract } from '../../contract/contract.ts';
import type { Product, Proof } from '../../core/actual-state.ts';
import { sortedRecord } from '../../core/json/records.ts';
import { AllProducts, LastProducts, type LastProductsQuery } from '../generated/operations.ts';
import { readBothEnds } from '../graphql/bidirectional-pagination.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete } from '../graphql/pagination.ts';
import {
  metadataKeys,
  type ProductEntry,
  type ProductNode,
  type ProductPage,
  productOf,
} from './product-document.ts';
import { type NamedPages, type ProductNames, readNamed } from './products-by-id.ts';

/** Every product, or the existing ones of these ids and slugs. */
export type WantedProducts = 'all' | ProductNames;

/** Products by slug, and how they were read in full. */
export interface ProductsRead {
  readonly products: Readonly<Record<string, Product>>;
  readonly proof: Proof;
}

interface ProductReadOptions extends NamedPages {
  /** Called with each product as it arrives. */
  readonly visit?: (node: ProductNode) => void;
}

/** Reads products, of each what the contract manages. Throws a Failure (shop_incomplete). */
export async function readProducts(
  reader: Reader,
  contract: Contract,
  wanted: WantedProducts,
  { visit = () => undefined, ...pages }: ProductReadOptions = {},
): Promise<ProductsRead> {
  const keys = metadataKeys(contract);
  const keep = (node: ProductNode): ProductEntry => {
    const entry = productOf(node, contract);
    visit(node);
    return entry;
  };
  const { items, proof } = await (wanted === 'all'
    ? readBothEnds<ProductNode, ProductEntry>('products', keep, {
        first: async (after) => (await reader.query(AllProducts, { after, keys })).products,
        last: async (before) => reversed((await reader.query(LastProducts, { before, keys })).products),
      })
    : readNamed(reader, wanted, { keys, keep, ...pages }));
  return { products: bySlug(items), proof };
}

/** A page from the end of the collection, with the page before it as its next one. */
const reversed = (page: LastProductsQuery['products']): ProductPage =>
  page && {
    ...page,
    pageInfo: { hasNextPage: page.pageInfo?.hasPreviousPage, endCursor: page.pageInfo?.startCursor },
  };

/** Throws a Failure (shop_incomplete) where two products have the same slug. */
export function bySlug(products: readonly ProductEntry[]): Readonly<Record<string, Product>> {
  const slugs = new Set(products.map(([slug]) => slug));
  if (slugs.size !== products.length) throw incomplete('products', 'two of them have the same slug');
  return sortedRecord(products);
}
