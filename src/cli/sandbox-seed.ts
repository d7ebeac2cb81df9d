import type { Assigned, Attribute } from '../core/actual-state.ts';
import { languageOf } from '../saleor/language-codes.ts';
import type { StoredSnapshot } from '../saleor/snapshot-file.ts';
import type { Seed } from '../sandbox/store/seed.ts';

/** Products look unchanged for a day, so that later writes have a newer updatedAt. */
const STILL_MS = 24 * 3_600_000;

/** An embedded shop with all that a snapshot holds, under the same ids. */
export function replicaOf({ actual, shop }: StoredSnapshot, now: number): Seed {
  const products = Object.entries(actual.products);
  const unknown = products
    .map(([, { type }]) => type)
    .filter((type) => !Object.hasOwn(actual.product_types, type));
  return {
    shop: { name: shop.name, version: shop.version },
    attributes: Object.entries(actual.attributes).map(([slug, attribute]) => attributeOf(slug, attribute)),
    productTypes: [
      ...Object.entries(actual.product_types).map(([slug, type]) => ({
        pk: pkOf(type.id),
        slug,
        name: type.name,
        attributes: type.attributes,
        variantAttributes: type.variant_attributes ?? [],
      })),
      // A snapshot tells types that the contract does not name by their slugs only.
      ...[...new Set(unknown)].map((slug) => ({ slug, name: slug, attributes: [] })),
    ],
    products: products.map(([slug, { id, name, type, document }]) => ({
      pk: pkOf(id),
      slug,
      name: name ?? slug,
      type,
      updatedAt: new Date(now - STILL_MS).toISOString(),
      metadata: document.metadata,
      attributes: Object.fromEntries(
        Object.entries(document.attributes).flatMap(([attribute, assigned]) => {
          const values = assignedOf(assigned);
          return values === null ? [] : [[attribute, values]];
        }),
      ),
    })),
  };
}

function attributeOf(slug: string, attribute: Attribute): Seed['attributes'][number] {
  const { id, name, input_type, type, value_required, values } = attribute;
  return {
    ...(type === undefined ? {} : { type }),
    ...(value_required === undefined ? {} : { valueRequired: value_required }),
    pk: pkOf(id),
    slug,
    name,
    inputType: input_type,
    values: Object.entries(values).map(([key, value]) => ({
      pk: pkOf(value.id),
      slug: key,
      name: value.name,
      ...(value.reference === null ? {} : { externalReference: value.reference }),
      translations: Object.fromEntries(
        Object.entries(value.translations).flatMap(([locale, label]) => {
          const language = languageOf(locale);
          return language === null || label === null ? [] : [[language, label]];
        }),
      ),
    })),
  };
}

/** Null: nothing is assigned. */
function assignedOf(assigned: Assigned): readonly string[] | boolean | null {
  if (assigned === null || typeof assigned === 'boolean') return assigned;
  const slugs = typeof assigned === 'string' ? [assigned] : Object.keys(assigned);
  return slugs.length === 0 ? null : slugs;
}

/** Saleor's ids are base64 of `Type:pk`. Throws an Error for any other. */
function pkOf(id: string): number {
  const pk = Number(
    /^[A-Za-z]+:(\d+)$/.exec(Buffer.from(id, 'base64').toString('latin1'))?.[1] ?? Number.NaN,
  );
  if (!Number.isSafeInteger(pk)) throw new Error(`${id} is not a Saleor id`);
  return pk;
}
