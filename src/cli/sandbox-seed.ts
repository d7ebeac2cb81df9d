import type { Assigned, Attribute } from '../core/actual-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import { languageOf } from '../saleor/language-codes.ts';
import type { StoredSnapshot } from '../saleor/snapshot-file.ts';
import type { Seed } from '../sandbox/store/seed.ts';

/** Products look unchanged for a day, so that later writes have a newer updatedAt. */
const STILL_MS = 24 * 3_600_000;

/** An embedded shop with the content of a snapshot, with the same ids. */
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
      // Of types that the contract does not name, a snapshot has only the slug.
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

const SITE_TYPE = 'offering';

/**
 * An embedded shop for this export: one product for each page that names one by slug or id, all of one product type, without
 * attributes. A plan for it starts with the attributes, as for a new shop.
 */
export function shopForSite(document: unknown): Seed {
  const bySlug = new Map<string, Seed['products'][number]>();
  const usedPks = new Set<number>();
  for (const page of pagesOf(document)) {
    const pk = textIn(page, 'saleor_product_id', productPk) ?? undefined;
    const slug =
      textIn(page, 'saleor_product_slug', (text) => text) ?? (pk === undefined ? undefined : `product-${pk}`);
    if (slug === undefined || slug === '' || bySlug.has(slug) || (pk !== undefined && usedPks.has(pk)))
      continue;
    if (pk !== undefined) usedPks.add(pk);
    bySlug.set(slug, {
      ...(pk === undefined ? {} : { pk }),
      slug,
      name: textIn(page, 'title', (text) => text) ?? slug,
      type: SITE_TYPE,
    });
  }
  return {
    shop: { name: 'Shop for this site' },
    attributes: [],
    productTypes: [{ slug: SITE_TYPE, name: 'Offering', attributes: [] }],
    products: [...bySlug.values()],
  };
}

function pagesOf(document: unknown): readonly JsonObject[] {
  const pages = isRecord(document) ? document['offerings'] : null;
  return Array.isArray(pages) ? pages.filter(isRecord) : [];
}

const textIn = <T>(page: JsonObject, name: string, read: (text: string) => T): T | undefined => {
  const found = page[name];
  return typeof found === 'string' ? read(found) : undefined;
};

/** Undefined: not the id of a product. */
function productPk(id: string): number | undefined {
  const pk = /^Product:([1-9]\d{0,8})$/.exec(Buffer.from(id, 'base64').toString('latin1'))?.[1];
  return pk === undefined ? undefined : Number(pk);
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
