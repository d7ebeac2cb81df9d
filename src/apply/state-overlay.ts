import {
  type Actual,
  type Assigned,
  type Attribute,
  type Product,
  type Value,
  valuesOf,
} from '../core/actual-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own, sortedRecord } from '../core/json/records.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';

/**
 * Applies a confirmed change to the state as read, so that the next phase knows new ids without another read. `made`:
 * what Saleor returned for a create. Leaves products unchanged: they are read again before they are written.
 */
export function withChange(
  actual: Actual,
  change: Change,
  made: { readonly id: string; readonly slug: string } | null,
): Actual {
  const [, first, second] = partsOf(change.ref);
  switch (kindOf(change.ref)) {
    case 'attribute':
      return made === null ? actual : withAttribute(actual, change, made.id);
    case 'assignment': {
      const type = own(actual.product_types, first);
      if (type === undefined) return actual;
      const others = type.attributes.filter((slug) => slug !== second);
      const assigned = { ...type, attributes: change.action === 'delete' ? others : [...others, second] };
      return {
        ...actual,
        product_types: sortedRecord([...Object.entries(actual.product_types), [first, assigned]]),
      };
    }
    case 'value':
      return withValue(actual, change, made);
    default:
      return actual;
  }
}

function withAttribute(actual: Actual, { ref, after }: Change, id: string): Actual {
  const { name, input_type } = after as Pick<Attribute, 'name' | 'input_type'>;
  const attribute: Attribute = { id, name, input_type, values: {} };
  return {
    ...actual,
    attributes: sortedRecord([...Object.entries(actual.attributes), [partsOf(ref)[1], attribute]]),
  };
}

/** The value under its new slug, and no longer under its old one; unchanged if the value's id is unknown. */
function withValue(actual: Actual, change: Change, made: { id: string; slug: string } | null): Actual {
  const [, attribute] = partsOf(change.ref);
  const owner = own(actual.attributes, attribute);
  const found = Object.entries(valuesOf(actual, attribute)).find(([, { id }]) => id === change.ids['value']);
  const id = made?.id ?? found?.[1].id;
  if (owner === undefined || id === undefined) return actual;
  const others = Object.entries(owner.values).filter(([slug]) => slug !== found?.[0]);
  const values = change.after === null ? others : [...others, valueEntry(change, id, found, made?.slug)];
  const attributes = sortedRecord([
    ...Object.entries(actual.attributes),
    [attribute, { ...owner, values: sortedRecord(values) }],
  ]);
  return {
    ...actual,
    attributes,
    products: renameValueSlugs(actual.products, actual.attributes, attributes),
  };
}

/** Slug and value after the change. The slug is the one that Saleor returned, else the planned one, else the current. */
function valueEntry(
  { ref, after }: Change,
  id: string,
  found: readonly [string, Value] | undefined,
  returnedSlug: string | undefined,
): readonly [string, Value] {
  const [, attribute, key] = partsOf(ref);
  const document = after as JsonObject;
  const written = own(document, 'external_reference') as string | null | undefined;
  const value: Value = {
    id,
    name: String(document['name']),
    reference:
      written !== undefined
        ? written
        : returnedSlug !== undefined
          ? reference(attribute, key)
          : (found?.[1].reference ?? null),
    translations: found?.[1].translations ?? {},
  };
  return [returnedSlug ?? String(document['slug'] ?? found?.[0]), value];
}

/**
 * Renames values in products of an earlier read (attributes `from`) to their slugs in a later read (attributes `to`):
 * Saleor derives a value's slug again when it is renamed, and products name their values by slug.
 */
export function renameValueSlugs(
  products: Actual['products'],
  from: Actual['attributes'],
  to: Actual['attributes'],
): Actual['products'] {
  const moved = movedSlugs(from, to);
  if (moved.size === 0) return products;
  return sortedRecord(
    Object.entries(products).map(([slug, product]) => [slug, withMovedSlugs(product, moved)] as const),
  );
}

/** Attribute → old slug → new slug, of the values whose slug changed. */
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

function withMovedSlugs(product: Product, moved: ReturnType<typeof movedSlugs>): Product {
  const attributes = Object.entries(product.document.attributes).map(([slug, assigned]) => {
    const names = moved.get(slug);
    return [slug, names === undefined ? assigned : renameMembers(assigned, names)] as const;
  });
  return { ...product, document: { ...product.document, attributes: sortedRecord(attributes) } };
}

function renameMembers(assigned: Assigned, names: ReadonlyMap<string, string>): Assigned {
  if (typeof assigned === 'string') return names.get(assigned) ?? assigned;
  if (typeof assigned !== 'object' || assigned === null) return assigned;
  return sortedRecord(Object.keys(assigned).map((slug) => [names.get(slug) ?? slug, true as const]));
}
