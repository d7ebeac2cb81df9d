import type { Change } from '../diff/inputs.ts';
import { reference } from '../diff/naming.ts';
import type { Actual, Attribute, InputType, Value } from '../state/actual.ts';
import { type JsonObject, own, sortedRecord } from '../state/json.ts';
import { kindOf, partsOf } from '../state/ref.ts';
import { carryProducts } from './carry.ts';

/**
 * The look as it must be after a change that Saleor confirmed, so that the next phase knows the new ids without another
 * read. Products are not touched: they are looked at again.
 */
export function overlay(
  actual: Actual,
  change: Change,
  made: { readonly id: string; readonly slug: string } | null,
): Actual {
  const [, first, second] = partsOf(change.ref);
  const after = (change.after ?? {}) as JsonObject;
  switch (kindOf(change.ref)) {
    case 'attribute': {
      const attribute: Attribute = {
        id: made?.id ?? '',
        name: String(after['name']),
        input_type: after['input_type'] as InputType,
        values: {},
      };
      return {
        ...actual,
        attributes: sortedRecord([...Object.entries(actual.attributes), [first, attribute]]),
      };
    }
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
      return withValue(actual, first, valueAfter(change, own(actual.attributes, first), made));
    default:
      return actual;
  }
}

/** The value's new place (null: gone) and the slug it leaves. */
function valueAfter(
  { ref, after, ids }: Change,
  attribute: Attribute | undefined,
  made: { id: string; slug: string } | null,
) {
  const [, attributeSlug, key] = partsOf(ref);
  const left = Object.entries(attribute?.values ?? {}).find(([, { id }]) => id === ids['value'])?.[0] ?? null;
  if (after === null) return { left, slug: null, value: null };
  const document = after as JsonObject;
  const old = left === null ? undefined : attribute?.values[left];
  const value: Value = {
    id: made?.id ?? old?.id ?? '',
    name: String(document['name']),
    reference:
      own(document, 'external_reference') === null
        ? null
        : made === null && !Object.hasOwn(document, 'external_reference')
          ? (old?.reference ?? null)
          : reference(attributeSlug, key),
    translations: old?.translations ?? {},
  };
  return { left, slug: made?.slug ?? String(document['slug'] ?? left), value };
}

function withValue(
  actual: Actual,
  attribute: string,
  { left, slug, value }: ReturnType<typeof valueAfter>,
): Actual {
  const owner = own(actual.attributes, attribute);
  if (owner === undefined) return actual;
  const others = Object.entries(owner.values).filter(([name]) => name !== left);
  const values = slug === null || value === null ? others : [...others, [slug, value] as const];
  const attributes = sortedRecord([
    ...Object.entries(actual.attributes),
    [attribute, { ...owner, values: sortedRecord(values) }],
  ]);
  return { ...actual, attributes, products: carryProducts(actual.products, actual.attributes, attributes) };
}
