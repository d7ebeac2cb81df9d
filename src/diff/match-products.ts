import type { Actual, Product } from '../core/actual-state.ts';
import { repeatedBy } from '../core/collections.ts';
import type { Offering } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { nearProductId, productPk } from '../core/product-id.ts';
import { ref } from '../core/resource-ref.ts';

const NONE: readonly Diagnostic[] = [];

export interface Resolved {
  readonly offering: Offering;
  readonly ref: string;
  readonly product: NamedProduct | null;
  readonly problems: readonly Diagnostic[];
}

interface NamedProduct {
  readonly slug: string;
  readonly product: Product;
}

/** Finds each offering's product: by id where the page has one, else by slug. */
export function resolve(offerings: readonly Offering[], actual: Actual): readonly Resolved[] {
  const byId = new Map<string, NamedProduct>();
  for (const slug in actual.products) {
    const product = actual.products[slug] as Product;
    byId.set(product.id, { slug, product });
  }
  const found = offerings.map((offering) => resolveOne(offering, actual, byId));
  const repeated = repeatedBy(found, ({ product }) => product?.slug ?? null);
  if (repeated.size === 0) return found;
  const rivals = new Map([...repeated].map(([slug, ones]) => [slug, ones.map(({ offering }) => offering)]));
  return found.map((one) => {
    const others = one.product && rivalsOf(one.offering, rivals.get(one.product.slug) ?? []);
    if (others === null) return one;
    const problem = problemOf(one.offering, one.ref, 'product_claimed_twice', others);
    return { ...one, problems: [...one.problems, problem] };
  });
}

/** Other pages listed in a diagnostic: a thousand pages of one product would list each other a million times. */
const LISTED_MAX = 10;

/** Data of `product_claimed_twice`: the other pages of the group, the first ten of them and how many more; null: none. */
export function rivalsOf(offering: Offering, group: readonly Offering[]): JsonObject | null {
  if (group.length < 2) return null;
  const named = group
    .slice(0, LISTED_MAX + 1)
    .filter((other) => other !== offering)
    .slice(0, LISTED_MAX);
  const more = group.length - 1 - named.length;
  const others = named.map(({ page_id, title }) => ({ page_id, title }));
  return more === 0 ? { others } : { others, more };
}

/** The problem of an id, and the id that is probably meant. */
export function malformedId(id: string): JsonObject {
  const near = nearProductId(id);
  return { saleor_product_id: id, ...(near === null ? {} : { near: [near] }) };
}

function resolveOne(offering: Offering, actual: Actual, byId: ReadonlyMap<string, NamedProduct>): Resolved {
  const { saleor_product_id: id, saleor_product_slug: slug } = offering;
  const fail = (code: string, data: JsonObject = {}): Resolved => {
    const address = ref.page(offering.page_id);
    const problems = [problemOf(offering, address, code, data)];
    return { offering, ref: address, product: null, problems };
  };
  if (id === null && slug === null) return fail('product_unnamed');
  const product = id === null ? productNamed(actual, slug) : byId.get(id);
  // An id that the shop has needs no check of its form.
  if (id !== null && product === undefined && productPk(id) === null)
    return fail('product_id_malformed', malformedId(id));
  if (product === undefined)
    return fail('product_missing', { saleor_product_id: id, saleor_product_slug: slug });
  const one: Resolved = { offering, ref: ref.product(product.slug), product, problems: NONE };
  if (slug === null || slug === product.slug) return one;
  const isOther = own(actual.products, slug) !== undefined;
  const problem = problemOf(offering, one.ref, isOther ? 'product_ids_disagree' : 'product_slug_stale', {
    saleor_product_id: id,
    saleor_product_slug: slug,
    slug: product.slug,
  });
  return { ...one, problems: [isOther ? problem : { ...problem, severity: 'warning' }] };
}

function productNamed({ products }: Actual, slug: string | null): NamedProduct | undefined {
  const product = slug === null ? undefined : own(products, slug);
  return product && { slug: slug as string, product };
}

const problemOf = (
  { page_id, title }: Offering,
  address: string,
  code: string,
  data: JsonObject,
): Diagnostic => ({
  severity: 'error',
  code,
  ref: address,
  data: { ...data, page_id, title },
});
