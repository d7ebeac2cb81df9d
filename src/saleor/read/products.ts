import type { AttributeRule, Contract } from '../../contract/contract.ts';
import type { Assigned, Product, ProductDocument, Proof } from '../../core/actual-state.ts';
import { own, sortedRecord } from '../../core/json/canonical-json.ts';
import {
  AllProducts,
  type AllProductsQuery,
  LastProducts,
  type LastProductsQuery,
} from '../generated/operations.ts';
import type { Root } from '../graphql/batch-operations.ts';
import { readBothEnds } from '../graphql/bidirectional-pagination.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete, requireList, requireText } from '../graphql/pagination.ts';
import { readNamed } from './products-by-id.ts';

/** Which products to read: every one, or those of these ids and slugs that there are. */
export type WantedProducts = 'all' | ProductNames;

export interface ProductNames {
  readonly ids: readonly string[];
  readonly slugs: readonly string[];
}

export type ProductPage = Root<AllProductsQuery>;
export type ProductNode = NonNullable<ProductPage>['edges'][number]['node'];

/** The first page, where it was asked for together with something else; undefined: it was not. */
export type First = () => Promise<ProductPage | undefined>;

/** A product by its slug. */
export type ProductEntry = readonly [string, Product];

/** Products by slug, of the contract only what it manages; `visit` sees each as it comes. */
export async function readProducts(
  reader: Reader,
  contract: Contract,
  wanted: WantedProducts,
  first?: First,
  visit: (node: ProductNode) => void = () => undefined,
): Promise<{ products: Readonly<Record<string, Product>>; proof: Proof }> {
  const keys = keysOf(contract);
  const keep = (node: ProductNode): ProductEntry => {
    const entry = productOf(node, contract);
    visit(node);
    return entry;
  };
  const { items, proof } = await (wanted === 'all'
    ? readBothEnds<ProductNode, ProductEntry>('products', keep, {
        first: async (after) => (await reader.query(AllProducts, { after, keys })).products,
        last: async (before) => turned((await reader.query(LastProducts, { before, keys })).products),
      })
    : readNamed(reader, wanted, keys, keep, first));
  return { products: bySlug(items), proof };
}

/** A page from the other end, as if its order were the other way round. */
const turned = (page: LastProductsQuery['products']): ProductPage =>
  page && {
    ...page,
    pageInfo: { hasNextPage: page.pageInfo?.hasPreviousPage, endCursor: page.pageInfo?.startCursor },
  };

/** The metadata that is asked for. */
export const keysOf = (contract: Contract): readonly string[] => contract.metadata.map(({ key }) => key);

export function bySlug(products: readonly ProductEntry[]): Readonly<Record<string, Product>> {
  const slugs = new Set(products.map(([slug]) => slug));
  if (slugs.size !== products.length) throw incomplete('products', 'two of them have the same slug');
  return sortedRecord(products);
}

/** A product's name and its attributes that are none of the contract's, as they came. */
export const unmanagedIn = (node: ProductNode, managed: ReadonlySet<string>): string =>
  JSON.stringify([node.name, ...node.attributes.filter(({ attribute }) => !managed.has(attribute.slug))]);

/** A product by its slug, of the contract only what it manages. */
export function productOf(node: ProductNode, contract: Contract): [string, Product] {
  const name = `product ${requireText(node.slug, 'products')}`;
  return [
    node.slug,
    {
      id: node.id,
      name: requireText(node.name, name),
      type: requireText(node.productType?.slug, name),
      document: documentOf(node, contract, name),
    },
  ];
}

function documentOf(node: ProductNode, contract: Contract, name: string): ProductDocument {
  const held = heldBy(node, name);
  const attributes = contract.attributes.map((rule): [string, Assigned] => [
    rule.slug,
    assignedOf(rule, held.get(rule.slug) ?? [], name),
  ]);
  if (typeof node.metafields !== 'object' || node.metafields === null || Array.isArray(node.metafields))
    throw incomplete(name, 'metadata is missing');
  const metadata = contract.metadata.flatMap(({ key }): [string, string][] => {
    const value = own(node.metafields as Readonly<Record<string, unknown>>, key);
    return value === undefined ? [] : [[key, requireText(value, `${name}, metadata ${key}`)]];
  });
  return { attributes: sortedRecord(attributes), metadata: sortedRecord(metadata) };
}

/** One value of an attribute that a product has. */
interface Held {
  readonly slug: string | null;
  readonly boolean: boolean | null;
}

function heldBy(node: ProductNode, name: string): ReadonlyMap<string, readonly Held[]> {
  const held = new Map<string, readonly Held[]>();
  for (const one of requireList(node.attributes, name)) {
    const slug = requireText(one?.attribute?.slug, name);
    // The one that came last would hide the other's values.
    if (held.has(slug)) throw incomplete(name, `${slug} came twice`);
    const values = requireList(one.values, `${name}, ${slug}`);
    if (values.some((value) => typeof value !== 'object' || value === null))
      throw incomplete(`${name}, ${slug}`, 'a value came empty');
    held.set(slug, values);
  }
  return held;
}

function flagOf(flag: unknown, place: string): boolean | null {
  if (typeof flag !== 'boolean' && flag !== null) throw incomplete(place, 'it is neither true nor false');
  return flag;
}

/** A boolean that was never set has no value at all; one attribute's values come in the order they were sent. */
function assignedOf(rule: AttributeRule, held: readonly Held[], name: string): Assigned {
  const place = `${name}, ${rule.slug}`;
  const slugs = () => held.map(({ slug }) => requireText(slug, place));
  switch (rule.input_type) {
    case 'BOOLEAN':
      return flagOf(held[0]?.boolean ?? null, place);
    case 'DROPDOWN': {
      const [first, ...others] = slugs();
      // Saleor keeps one; were there two, a plan could not say which it replaces.
      if (others.length > 0) throw incomplete(place, `${others.length + 1} values came, and it can hold one`);
      return first ?? null;
    }
    case 'MULTISELECT':
      return sortedRecord(slugs().map((slug) => [slug, true as const]));
  }
}
