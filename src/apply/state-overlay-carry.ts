import type { Actual, Assigned, Product } from '../core/actual-state.ts';
import { own, sortedRecord } from '../core/json/canonical-json.ts';

/**
 * Products of an earlier look in the slugs of a later one: a value that was renamed in between is still the one they
 * have, under the slug that Saleor derived again.
 */
export function renameValueSlugs(
  products: Actual['products'],
  from: Actual['attributes'],
  to: Actual['attributes'],
): Actual['products'] {
  const moved = movedSlugs(from, to);
  if (moved.size === 0) return products;
  return sortedRecord(
    Object.entries(products).map(([slug, product]) => [slug, carried(product, moved)] as const),
  );
}

/** attribute → old slug → new slug, of the values whose slug is another one now. */
function movedSlugs(from: Actual['attributes'], to: Actual['attributes']) {
  const moved = new Map<string, ReadonlyMap<string, string>>();
  for (const [slug, { values }] of Object.entries(to)) {
    const now = new Map(Object.entries(values).map(([valueSlug, { id }]) => [id, valueSlug]));
    const pairs = Object.entries(own(from, slug)?.values ?? {}).flatMap(([old, { id }]) => {
      const current = now.get(id);
      return current === undefined || current === old ? [] : [[old, current] as const];
    });
    if (pairs.length > 0) moved.set(slug, new Map(pairs));
  }
  return moved;
}

function carried(product: Product, moved: ReturnType<typeof movedSlugs>): Product {
  const attributes = Object.entries(product.document.attributes).map(([slug, assigned]) => {
    const names = moved.get(slug);
    return [slug, names === undefined ? assigned : renamed(assigned, names)] as const;
  });
  return { ...product, document: { ...product.document, attributes: sortedRecord(attributes) } };
}

function renamed(assigned: Assigned, names: ReadonlyMap<string, string>): Assigned {
  if (typeof assigned === 'string') return names.get(assigned) ?? assigned;
  if (typeof assigned !== 'object' || assigned === null) return assigned;
  return sortedRecord(Object.keys(assigned).map((slug) => [names.get(slug) ?? slug, true as const]));
}
