import { NamedProducts } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { type Collection, incomplete, readAll, sum } from '../graphql/pagination.ts';
import type { First, ProductEntry, ProductNames, ProductNode } from './products.ts';

const PAGE = 100;

/** The first page of the products that are wanted, to be asked together with something else; null: there is none. */
export function firstPageCall(keys: readonly string[], wanted: ProductNames): Call<unknown, unknown> | null {
  const [first] = pagesOf(wanted);
  return first === undefined ? null : (call(NamedProducts, { ...first, after: null, keys }) as never);
}

/** How many requests the named products take, if each page names a hundred that are there. */
export const pagesFor = (wanted: ProductNames): number => pagesOf(wanted).length;

/**
 * What is asked for at a time; ids and slugs that no product can have are asked for never. A page that names its product
 * by both does not make it two: a hundred ids and a hundred slugs stand in one condition, and where they are two hundred
 * products the second hundred comes with the next page.
 */
function pagesOf(wanted: ProductNames): readonly ProductNames[] {
  const ids = [...new Set(wanted.ids)].filter(isProductId);
  const slugs = [...new Set(wanted.slugs)].filter(isAskable);
  return Array.from({ length: Math.ceil(Math.max(ids.length, slugs.length) / PAGE) }, (_, index) => {
    const [from, to] = [index * PAGE, (index + 1) * PAGE];
    return { ids: ids.slice(from, to), slugs: slugs.slice(from, to) };
  });
}

/** The products of these names, read whole; `first` is the answer to firstPageCall. */
export async function readNamed(
  reader: Reader,
  wanted: ProductNames,
  keys: readonly string[],
  keep: (node: ProductNode) => ProductEntry,
  first?: First,
): Promise<Collection<ProductEntry>> {
  const parts = await Promise.all(
    pagesOf(wanted).map(async (asked, index) => {
      const part = await readAll<ProductNode, ProductEntry>(
        'products',
        async (after) => {
          const there = index === 0 && after === null ? await first?.() : undefined;
          return there === undefined
            ? (await reader.query(NamedProducts, { ...asked, after, keys })).products
            : there;
        },
        keep,
      );
      assertAskedFor(asked, part.items);
      return part;
    }),
  );
  // One product may be named by id in one page and by slug in another.
  const items = new Map(parts.flatMap((part) => part.items).map((entry) => [entry[1].id, entry]));
  const { requests } = sum(parts.map(({ proof }) => proof));
  return { items: [...items.values()], proof: { requests, items: items.size, total: items.size } };
}

/** Ids and slugs are unique: what has neither of those that were asked for is another question's answer. */
function assertAskedFor({ ids, slugs }: ProductNames, items: readonly ProductEntry[]): void {
  const asked = new Set([...ids, ...slugs]);
  const stray = items.find(([slug, { id }]) => !asked.has(id) && !asked.has(slug));
  if (stray !== undefined) throw incomplete('products', `${stray[0]} came without being asked for`);
}

/** Anything else fails the whole read, or finds a product under an id that is not the one asked for (docs/saleor.md#product-filters). */
export function isProductId(id: string): boolean {
  const plain = Buffer.from(id, 'base64').toString('latin1');
  return /^Product:(0|[1-9]\d*)$/.test(plain) && Buffer.from(plain, 'latin1').toString('base64') === id;
}

/** No product has another slug, and Saleor crashes on NUL and lone surrogates. */
const isAskable = (slug: string): boolean => /^[^\0\p{Surrogate}]+$/u.test(slug);
