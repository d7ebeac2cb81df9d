import type { ShopAttribute, ShopInventory } from '../../contract/inventory.ts';
import { chunked } from '../../core/collections.ts';
import {
  AllAttributes,
  type AllAttributesQuery,
  AllProductTypes,
  type AllProductTypesQuery,
  SampleProducts,
} from '../generated/operations.ts';
import { call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { createPageCollector } from '../graphql/pagination.ts';
import { greet } from '../preflight.ts';

type AttributeNode = NonNullable<AllAttributesQuery['attributes']>['edges'][number]['node'];
type TypeNode = NonNullable<AllProductTypesQuery['productTypes']>['edges'][number]['node'];

/** Names in one sample: its answer has at most 100 products. */
const SAMPLE = 100;

/**
 * What the shop contains, independent of any contract: attributes of product types with their first hundred values, product
 * types, and the types and metadata keys of some products that pages name. Throws a Failure (shop_incomplete, and those of the
 * connection).
 */
export async function readShopInventory(
  reader: Reader,
  named: { readonly ids: readonly string[]; readonly slugs: readonly string[] },
): Promise<ShopInventory> {
  const { shop, permissions } = await greet(reader);
  const [attributes, types, sample] = await Promise.all([
    allAttributes(reader),
    allTypes(reader),
    sampleOf(reader, named),
  ]);
  return {
    name: shop.name,
    version: shop.version,
    permissions,
    attributes: attributes
      .filter(({ type }) => type === 'PRODUCT_TYPE')
      .map((node) => attributeOf(node, types)),
    types: types.map(({ slug, name }) => ({
      slug,
      name,
      sampled: sample.filter(({ productType }) => productType.slug === slug).length,
    })),
    keys: countOf(sample.flatMap(({ metadata }) => metadata.map(({ key }) => key))),
    sampled: sample.length,
  };
}

async function allAttributes(reader: Reader): Promise<readonly AttributeNode[]> {
  const all = createPageCollector<AttributeNode>('attributes');
  let after: string | null = null;
  do {
    const { attributes }: AllAttributesQuery = await reader.query(AllAttributes, { after });
    after = all.add(attributes);
  } while (after !== null);
  return all.finish().items;
}

async function allTypes(reader: Reader): Promise<readonly TypeNode[]> {
  const all = createPageCollector<TypeNode, TypeNode>('product types', (node) => node, {
    countsRepeats: true,
  });
  let after: string | null = null;
  do {
    const { productTypes }: AllProductTypesQuery = await reader.query(AllProductTypes, { after });
    after = all.add(productTypes);
  } while (after !== null);
  return all.finish().items;
}

async function sampleOf(
  reader: Reader,
  { ids, slugs }: { ids: readonly string[]; slugs: readonly string[] },
) {
  const some = { ids: ids.slice(0, SAMPLE / 2), slugs: slugs.slice(0, SAMPLE / 2) };
  // `where: {OR: []}` would mean every product (docs/saleor.md#product-filters).
  if (some.ids.length + some.slugs.length === 0) return [];
  const { products } = await reader.query(SampleProducts, some);
  return (products?.edges ?? []).map(({ node }) => node);
}

function attributeOf(node: AttributeNode, types: readonly TypeNode[]): ShopAttribute {
  const slug = node.slug ?? '';
  return {
    slug,
    name: node.name ?? '',
    inputType: node.inputType ?? '',
    values: (node.choices?.edges ?? []).map(({ node: value }) => ({
      slug: value.slug ?? '',
      name: value.name ?? '',
      reference: value.externalReference,
    })),
    types: types
      .filter(({ productAttributes }) => (productAttributes ?? []).some((one) => one.slug === slug))
      .map((type) => type.slug),
  };
}

function countOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Names of one question, and questions of one request. */
const NAMES = 100;
const CALLS = 10;

/** Which of these products the shop has, by id and by slug; needs MANAGE_PRODUCTS. */
export async function readProductsThere(
  reader: Reader,
  named: { readonly ids: readonly string[]; readonly slugs: readonly string[] },
): Promise<{ readonly ids: ReadonlySet<string>; readonly slugs: ReadonlySet<string> }> {
  const calls = [
    ...chunked(named.ids, NAMES).map((ids) => call(SampleProducts, { ids, slugs: [] })),
    ...chunked(named.slugs, NAMES).map((slugs) => call(SampleProducts, { ids: [], slugs })),
  ];
  const found: { id: string; slug: string }[] = [];
  for (const some of chunked(calls, CALLS))
    for (const page of await reader.queries(some)) found.push(...(page?.edges ?? []).map(({ node }) => node));
  return { ids: new Set(found.map(({ id }) => id)), slugs: new Set(found.map(({ slug }) => slug)) };
}
