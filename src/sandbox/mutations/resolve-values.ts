import { FieldError, type InputError, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { decodeId, queryPk } from '../store/global-ids.ts';
import type { AttributeRecord, ProductRecord, ValueRecord } from '../store/records.ts';
import { djangoSlugify, freeSlug } from '../store/slugs.ts';
import { booleanValue, insertValue, type Store, slugTakenIn, valueRowsOf } from '../store/store.ts';
import { type AssignmentEntry, usesValueStrings, type ValueChoice } from './attribute-inputs.ts';

/** A value to assign: an existing row, or a new one that `make` inserts. */
export type WantedValue = ValueRecord | { readonly make: () => ValueRecord; readonly slug: string };

const invalid = (message: string): InputError => invalidInput(null, 'INVALID', message);

/** Matches slug first, then exact name, else plans a new value (recording 04-auto-create-danger). */
function findOrPlanByText(
  store: Store,
  attribute: AttributeRecord,
  texts: readonly string[],
  references: readonly (string | null)[] = [],
): WantedValue[] {
  const values = valueRowsOf(store, attribute.pk);
  const planned = new Map<string, WantedValue>();
  const isSlugTaken = slugTakenIn(store, attribute.pk);
  const taken = new Set<string>();
  return texts.map((text, i) => {
    const reference = references[i] ?? null;
    const known =
      reference === null
        ? (values.find((v) => v.slug === text) ?? values.find((v) => v.name === text) ?? planned.get(text))
        : undefined;
    if (known) return known;
    const slug = freeSlug(djangoSlugify(text), (s) => isSlugTaken(s) || taken.has(s));
    taken.add(slug);
    const made = {
      slug,
      make: () =>
        insertValue(store, { attribute: attribute.pk, name: text, slug, externalReference: reference }),
    };
    planned.set(text, made);
    return made;
  });
}

const withReference = (values: Iterable<ValueRecord>, reference: string): ValueRecord | undefined =>
  Array.from(values).find((v) => v.externalReference === reference);

function resolveReferenceAndText(
  store: Store,
  attribute: AttributeRecord,
  candidates: Iterable<ValueRecord>,
  { reference, text }: { readonly reference: string; readonly text: string },
): WantedValue[] {
  const known = withReference(candidates, reference);
  if (known && known.name !== text)
    throw invalid(
      `Attribute value with external reference '${reference}' already exists with different value '${known.name}'.`,
    );
  return known ? [known] : findOrPlanByText(store, attribute, [text], [reference]);
}

/** Searches the whole shop. A value of another attribute is accepted here; toOwnValue replaces it by its slug. */
function resolveSingle(store: Store, attribute: AttributeRecord, pick: ValueChoice): WantedValue[] {
  const { id, externalReference: reference, value } = pick;
  if (reference && value)
    return resolveReferenceAndText(store, attribute, store.values.values(), { reference, text: value });
  if (reference) {
    const found = withReference(store.values.values(), reference);
    if (!found) throw invalid("Attribute value with given externalReference can't be found");
    return [found];
  }
  if (id) {
    const parsed = decodeId(id);
    if (!parsed) throw new FieldError(`Invalid ID: ${id}.`);
    const found = store.values.get(Number(parsed.key));
    if (!found) throw invalid("Attribute value with given ID can't be found");
    return [found];
  }
  return value ? findOrPlanByText(store, attribute, [value]) : [];
}

function resolveMultiple(
  store: Store,
  attribute: AttributeRecord,
  picks: readonly ValueChoice[],
): WantedValue[] {
  const own = valueRowsOf(store, attribute.pk);
  const ids = picks.flatMap((p) =>
    p.id ? [{ id: p.id, row: own.find((v) => v.pk === queryPk('AttributeValue', p.id ?? '')) }] : [],
  );
  const missing = ids.filter(({ row }) => !row).map(({ id }) => id);
  if (missing.length > 0)
    throw invalid(`Attribute value(s) with given ID(s) can't be found: ${missing.join(', ')}`);
  const referencesOnly = picks
    .filter((p) => !p.id && p.externalReference && !p.value)
    .map((p) => p.externalReference ?? '');
  const missingReferences = referencesOnly.filter((r) => !withReference(own, r));
  if (missingReferences.length > 0)
    throw invalid(
      `Attribute value(s) with given external reference(s) can't be found: ${missingReferences.join(', ')}`,
    );
  const known = picks.flatMap((p): WantedValue[] => {
    if (p.id) return [ids.find(({ id }) => id === p.id)?.row].filter((row) => row !== undefined);
    if (!p.externalReference) return [];
    return p.value
      ? resolveReferenceAndText(store, attribute, own, { reference: p.externalReference, text: p.value })
      : [withReference(own, p.externalReference)].filter((row) => row !== undefined);
  });
  const texts = picks.filter((p) => !p.id && !p.externalReference && p.value).map((p) => p.value ?? '');
  return [...known, ...findOrPlanByText(store, attribute, texts)];
}

/** Numbers, texts and dates are stored in a value of the product's own (recording 04-required-and-other-types). */
function ownValue(
  store: Store,
  attribute: AttributeRecord,
  product: ProductRecord,
  columns: Partial<ValueRecord> & { readonly name: string },
): WantedValue[] {
  const slug = `product-${product.pk}_${attribute.pk}`;
  return [
    {
      slug,
      make: () => {
        const kept = valueRowsOf(store, attribute.pk).find((v) => v.slug === slug);
        if (!kept) return insertValue(store, { ...columns, attribute: attribute.pk, slug });
        return Object.assign(kept, columns);
      },
    },
  ];
}

/** The name of a rich text value: its text without tags (recording 04-required-and-other-types). */
function plainTextOf(json: string): string {
  const { blocks } = JSON.parse(json) as {
    readonly blocks?: readonly { readonly data?: { readonly text?: string } }[];
  };
  if (blocks?.length !== 1) throw notInSandbox('a rich text of several blocks');
  return (blocks[0]?.data?.text ?? '').replace(/<[^>]*>/g, '');
}

/** The values that an input means, without writing any. Throws an InputError or a FieldError as Saleor does. */
export function resolveWantedValues(
  store: Store,
  product: ProductRecord,
  entry: AssignmentEntry,
): WantedValue[] {
  const { attribute, input } = entry;
  if (usesValueStrings(entry)) {
    if (attribute.inputType === 'NUMERIC') throw notInSandbox('a number through `values`');
    return findOrPlanByText(store, attribute, input.values ?? []);
  }
  const text = (given: string | null | undefined, columns: Partial<ValueRecord>) =>
    typeof given === 'string' ? ownValue(store, attribute, product, { ...columns, name: given }) : [];
  switch (attribute.inputType) {
    case 'DROPDOWN':
      return input.dropdown ? resolveSingle(store, attribute, input.dropdown) : [];
    case 'MULTISELECT':
      return resolveMultiple(store, attribute, input.multiselect ?? []);
    case 'BOOLEAN': {
      const { boolean } = input;
      if (typeof boolean !== 'boolean') return [];
      return [{ slug: `${attribute.pk}_${boolean}`, make: () => booleanValue(store, attribute, boolean) }];
    }
    case 'NUMERIC':
      return text(input.numeric, {});
    case 'PLAIN_TEXT':
      return text(input.plainText, { plainText: input.plainText ?? null });
    case 'RICH_TEXT':
      return typeof input.richText === 'string' ? text(plainTextOf(input.richText), {}) : [];
    case 'DATE':
      return text(input.date, { date: input.date ?? null });
    default:
      throw notInSandbox(`assigning an attribute of input type ${attribute.inputType}`);
  }
}

/** Replaces another attribute's value by this attribute's value of the same slug; throws if there is none (docs/saleor.md#product-attributes). */
export function toOwnValue(store: Store, attribute: AttributeRecord, value: WantedValue): WantedValue {
  if (!('pk' in value) || value.attribute === attribute.pk) return value;
  const twin = valueRowsOf(store, attribute.pk).find((v) => v.slug === value.slug);
  if (!twin) throw new FieldError('Some values are not from the provided attribute.');
  return twin;
}
