import type { AttributeRule, Contract } from '../contract/contract.ts';
import type { Assigned, Product, ProductDocument, Proof } from '../state/actual.ts';
import { own, sortedRecord } from '../state/json.ts';
import type { Reader } from './client.ts';
import { type Call, call, type Fragments, type Root } from './compose.ts';
import {
  AllProducts,
  type AllProductsQuery,
  type AssignedLimitedFragment,
  FRAGMENTS,
  NamedProducts,
} from './generated/operations.ts';
import { type Collection, createTally, incomplete, list, readAll, text } from './proof.ts';

/** Which products to read: every one, or those of these ids and slugs that there are. */
export type Wanted = 'all' | Named;

interface Named {
  readonly ids: readonly string[];
  readonly slugs: readonly string[];
}

/** How assignments are asked for: see the two fragments in operations.graphql. */
export type Asking = 'attributes' | 'assigned_attributes';

type ProductNode = NonNullable<Root<AllProductsQuery>>['edges'][number]['node'];

/** As in operations.graphql. */
const LIMIT = 20;
const PAGE = 100;

/** Products by slug, of the contract only what it manages. */
export async function readProducts(
  reader: Reader,
  contract: Contract,
  wanted: Wanted,
  asking: Asking = 'attributes',
  first?: ProductPage,
): Promise<{
  products: Readonly<Record<string, Product>>;
  proof: Proof;
  unmanaged: ReadonlyMap<string, string>;
}> {
  const keys = contract.metadata.map(({ key }) => key);
  const fragments: Fragments =
    asking === 'attributes'
      ? {}
      : { Assigned: (FRAGMENTS['AssignedLimited'] ?? '').replace('AssignedLimited', 'Assigned') };
  const { items, proof } = await (wanted === 'all'
    ? readAll<ProductNode>(
        'products',
        async (after) => (await reader.query(AllProducts, { after, keys }, fragments)).products,
      )
    : readNamed(reader, wanted, keys, fragments, first));
  const products = items.map((node) => productOf(node, contract));
  const slugs = new Set(products.map(([slug]) => slug));
  if (slugs.size !== products.length) throw incomplete('products', 'two of them have the same slug');
  const managed = new Set(contract.attributes.map(({ slug }) => slug));
  const unmanaged = new Map(items.map((node) => [node.id, unmanagedIn(node, managed)]));
  return { products: sortedRecord(products), proof, unmanaged };
}

/** Its name and the attributes that are none of the contract's, as they came. */
const unmanagedIn = (node: ProductNode, managed: ReadonlySet<string>): string =>
  JSON.stringify([
    node.name,
    ...('assignedAttributes' in node
      ? []
      : node.attributes.filter(({ attribute }) => !managed.has(attribute.slug))),
  ]);

export type ProductPage = Root<AllProductsQuery>;

/** The first page of the products that are wanted, to be asked together with something else; null: there is none. */
export function firstPageCall(contract: Contract, wanted: Named): Call<unknown, unknown> | null {
  const [first] = pagesOf(wanted);
  const keys = contract.metadata.map(({ key }) => key);
  return first === undefined ? null : (call(NamedProducts, { ...first, keys }) as never);
}

/** What is asked for in each request; ids and slugs that no product can have are asked for in none. */
function pagesOf({ ids, slugs }: Named): readonly Named[] {
  const names = [
    ...[...new Set(ids)].filter(isProductId).map((id) => ({ id, slug: null })),
    ...[...new Set(slugs)].filter(isAskable).map((slug) => ({ id: null, slug })),
  ];
  return Array.from({ length: Math.ceil(names.length / PAGE) }, (_, index) => {
    const page = names.slice(index * PAGE, (index + 1) * PAGE);
    return { ids: page.flatMap(({ id }) => id ?? []), slugs: page.flatMap(({ slug }) => slug ?? []) };
  });
}

async function readNamed(
  reader: Reader,
  wanted: Named,
  keys: readonly string[],
  fragments: Fragments,
  first?: ProductPage,
): Promise<Collection<ProductNode>> {
  const pages = await Promise.all(
    pagesOf(wanted).map(async (asked, index) => {
      if (index === 0 && first !== undefined) return wholePage(asked, first);
      const { products } = await reader.query(NamedProducts, { ...asked, keys }, fragments);
      return wholePage(asked, products);
    }),
  );
  // One product may be named by id in one page and by slug in another.
  const items = new Map(pages.flat().map((node) => [node.id, node]));
  return {
    items: [...items.values()],
    proof: { requests: pages.length, items: items.size, total: items.size },
  };
}

/** Ids and slugs are unique, so a page holds all the products of a hundred names, and no others. */
function wholePage({ ids, slugs }: Named, page: ProductPage): readonly ProductNode[] {
  const tally = createTally<ProductNode>('products');
  if (tally.add(page) !== null)
    throw incomplete('products', 'the shop says that there are more than were asked for');
  const { items } = tally.finish();
  const asked = new Set([...ids, ...slugs]);
  const stray = items.find(({ id, slug }) => !asked.has(id) && !asked.has(slug));
  if (stray !== undefined) throw incomplete('products', `${stray.slug} came without being asked for`);
  return items;
}

/** Anything else fails the whole read, or finds a product under an id that is not the one asked for (facts/saleor 17). */
export function isProductId(id: string): boolean {
  const plain = Buffer.from(id, 'base64').toString('latin1');
  return /^Product:(0|[1-9]\d*)$/.test(plain) && Buffer.from(plain, 'latin1').toString('base64') === id;
}

/** No product has another slug, and Saleor crashes on NUL and lone surrogates. */
const isAskable = (slug: string): boolean => /^[^\0\p{Surrogate}]+$/u.test(slug);

function productOf(node: ProductNode, contract: Contract): [string, Product] {
  const name = `product ${text(node.slug, 'products')}`;
  return [
    node.slug,
    {
      id: node.id,
      name: text(node.name, name),
      type: text(node.productType?.slug, name),
      document: documentOf(node, contract, name),
    },
  ];
}

function documentOf(node: ProductNode, contract: Contract, name: string): ProductDocument {
  const held = 'assignedAttributes' in node ? heldLimited(node as never, name) : heldBy(node, name);
  const attributes = contract.attributes.map((rule): [string, Assigned] => [
    rule.slug,
    assignedOf(rule, held.get(rule.slug) ?? [], name),
  ]);
  if (typeof node.metafields !== 'object' || node.metafields === null || Array.isArray(node.metafields))
    throw incomplete(name, 'metadata is missing');
  const metadata = contract.metadata.flatMap(({ key }): [string, string][] => {
    const value = own(node.metafields as Readonly<Record<string, unknown>>, key);
    return value === undefined ? [] : [[key, text(value, `${name}, metadata ${key}`)]];
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
  for (const one of list(node.attributes, name)) {
    const slug = text(one?.attribute?.slug, name);
    // The one that came last would hide the other's values.
    if (held.has(slug)) throw incomplete(name, `${slug} came twice`);
    const values = list(one.values, `${name}, ${slug}`);
    if (values.some((value) => typeof value !== 'object' || value === null))
      throw incomplete(`${name}, ${slug}`, 'a value came empty');
    held.set(slug, values);
  }
  return held;
}

/** The same from assignedAttributes, which cuts off silently: what reaches a limit may be more. */
function heldLimited(node: AssignedLimitedFragment, name: string): ReadonlyMap<string, readonly Held[]> {
  const assigned = list(node.assignedAttributes, name);
  const refuse = (what: string): never => {
    throw incomplete(name, `${what}, and Saleor cuts off at ${LIMIT} without a word`);
  };
  if (assigned.length >= LIMIT) refuse(`${assigned.length} attributes came`);
  return new Map(
    assigned.map((each): [string, readonly Held[]] => {
      const slug = text(each.attribute?.slug, name);
      if ('flag' in each) return [slug, each.flag === null ? [] : [{ slug: null, boolean: each.flag }]];
      if ('choice' in each) return [slug, each.choice === null ? [] : [{ ...each.choice, boolean: null }]];
      const values = 'set' in each ? list(each.set, `${name}, ${slug}`) : [];
      if (values.length >= LIMIT) refuse(`${values.length} values of ${slug} came`);
      return [slug, values.map((value) => ({ ...value, boolean: null }))];
    }),
  );
}

function flagOf(flag: unknown, place: string): boolean | null {
  if (typeof flag !== 'boolean' && flag !== null) throw incomplete(place, 'it is neither true nor false');
  return flag;
}

/** A boolean that was never set has no value at all; one attribute's values come in the order they were sent. */
function assignedOf(rule: AttributeRule, held: readonly Held[], name: string): Assigned {
  const place = `${name}, ${rule.slug}`;
  const slugs = () => held.map(({ slug }) => text(slug, place));
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
