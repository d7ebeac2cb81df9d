import type { Contract } from '../../contract/contract.ts';
import type { Actual, Product } from '../../core/actual-state.ts';
import { matchProductType } from '../../diff/product-types.ts';
import { CountOfTypes, ProductsOfTypes, type ProductsOfTypesQuery } from '../generated/operations.ts';
import { call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete } from '../graphql/pagination.ts';
import { metadataKeys, productOf } from './product-document.ts';

/** Products of the contract's types that no page names. */
export interface UnnamedProducts {
  readonly count: number;
  /** The first of them, by slug. */
  readonly listed: readonly { readonly slug: string; readonly product: Product }[];
}

/** How many are listed, and how many pages of products are read at most to find them. */
const LISTED_MAX = 20;
const MOST_PAGES = 10;

/** Slug and id of each type of the contract that the shop has. */
function typesOf(contract: Contract, types: Actual['product_types']): ReadonlyMap<string, string> {
  const found = contract.product_types.flatMap((wanted) => {
    const match = matchProductType(types, wanted);
    return match.kind === 'found' ? [[match.slug, match.type.id] as const] : [];
  });
  return new Map(found);
}

/**
 * How many products of the contract's types the shop has. It needs nothing but the types, so it can be asked while products
 * are read. Throws a Failure (shop_incomplete).
 */
export async function countOfTypes(
  reader: Reader,
  contract: Contract,
  product_types: Actual['product_types'],
): Promise<number> {
  const types = [...new Set(typesOf(contract, product_types).values())];
  if (types.length === 0) return 0;
  const [total] = await reader.queries([call(CountOfTypes, { types })]);
  if (typeof total?.totalCount !== 'number')
    throw incomplete('products of the contract’s types', 'the shop gave no count');
  return total.totalCount;
}

/**
 * Products of the contract's types beside those of `actual`, which are all that pages name: the shop counts them (`total`, by
 * countOfTypes), and only where it counts more are some of them read. Throws a Failure (shop_incomplete).
 */
export async function findUnnamed(
  reader: Reader,
  contract: Contract,
  { product_types, products }: Pick<Actual, 'product_types' | 'products'>,
  total: number,
): Promise<UnnamedProducts> {
  const types = typesOf(contract, product_types);
  const named = Object.values(products).filter(({ type }) => types.has(type));
  const count = total - named.length;
  if (count <= 0) return { count: 0, listed: [] };
  const ids = new Set(named.map(({ id }) => id));
  return { count, listed: await readListed(reader, contract, [...new Set(types.values())], { ids, count }) };
}

async function readListed(
  reader: Reader,
  contract: Contract,
  types: readonly string[],
  { ids, count }: { readonly ids: ReadonlySet<string>; readonly count: number },
): Promise<UnnamedProducts['listed']> {
  const keys = metadataKeys(contract);
  const listed: { slug: string; product: Product }[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES && listed.length < Math.min(count, LISTED_MAX); page += 1) {
    const { products }: ProductsOfTypesQuery = await reader.query(ProductsOfTypes, { types, after, keys });
    for (const { node } of products?.edges ?? []) {
      if (ids.has(node.id) || listed.length >= LISTED_MAX) continue;
      const [slug, product] = productOf(node, contract);
      listed.push({ slug, product });
    }
    if (products?.pageInfo.hasNextPage !== true) break;
    after = products.pageInfo.endCursor;
  }
  return listed;
}
