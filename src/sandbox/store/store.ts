import type {
  AppRecord,
  AttributeRecord,
  Metadata,
  ProductRecord,
  ProductTypeRecord,
  ValueRecord,
  VariantRecord,
} from './records.ts';
import { type RisingClock, risingClock } from './rising-clock.ts';
import type { Seed, SeedAttribute, SeedProduct, SeedProductType, SeedValue } from './seed.ts';
import { slugFor } from './slugs.ts';

/** The whole shop, in memory. Only mutations and dashboard edits change it, in place. */
export interface Store {
  readonly clock: RisingClock;
  readonly shop: {
    readonly name: string;
    readonly description: string;
    readonly version: string;
    readonly schemaVersion: string;
    host: string;
    allowStorefrontTraffic: boolean;
  };
  /** channel slug → pks of the products listed there */
  readonly channels: Map<string, Set<number>>;
  /** channel slug → pk of a product that is published there with a price → whether lists show it (recording 21-storefront) */
  readonly published: Map<string, Map<number, boolean>>;
  /** pks of attributes that are marked as filterable in storefront */
  readonly filterable: Set<number>;
  readonly attributes: Map<number, AttributeRecord>;
  readonly values: Map<number, ValueRecord>;
  readonly choices: Map<number, Set<number>>;
  readonly productTypes: Map<number, ProductTypeRecord>;
  readonly products: Map<number, ProductRecord>;
  readonly variants: Map<number, VariantRecord>;
  readonly apps: Map<number, AppRecord>;
  /** Next primary keys. A crashed INSERT uses one up, as with a PostgreSQL sequence. */
  readonly next: {
    attribute: number;
    value: number;
    productType: number;
    product: number;
    variant: number;
    translation: number;
  };
}

const metadata = (entries: Readonly<Record<string, string>> = {}): Metadata =>
  new Map(Object.entries(entries));

export function findBySlug<T extends { readonly slug: string }>(
  rows: Map<number, T>,
  slug: string,
): T | undefined {
  for (const row of rows.values()) if (row.slug === slug) return row;
  return undefined;
}

export const valueRowsOf = (store: Store, attribute: number): readonly ValueRecord[] =>
  Array.from(store.choices.get(attribute) ?? [], (pk) => store.values.get(pk)).filter((v) => v !== undefined);

/** A test whether a value of the attribute, other than `except`, has a slug. */
export const slugTakenIn = (store: Store, attribute: number, except?: number) => {
  const slugs = new Set(
    valueRowsOf(store, attribute)
      .filter((v) => v.pk !== except)
      .map((v) => v.slug),
  );
  return (slug: string): boolean => slugs.has(slug);
};

export type NewValueRow = Pick<ValueRecord, 'attribute' | 'slug' | 'name'> &
  Partial<Omit<ValueRecord, 'kind' | 'translations'>>;

/** Inserts a row without any check. */
export function insertValue(store: Store, value: NewValueRow): ValueRecord {
  const pk = value.pk ?? store.next.value;
  const row: ValueRecord = {
    kind: 'AttributeValue',
    value: '',
    externalReference: null,
    sortOrder: null,
    boolean: null,
    plainText: null,
    date: null,
    ...value,
    pk,
    translations: new Map(),
  };
  store.next.value = Math.max(store.next.value, pk + 1);
  store.values.set(pk, row);
  const siblings = store.choices.get(row.attribute) ?? new Set();
  store.choices.set(row.attribute, siblings.add(pk));
  return row;
}

/** The sort order after saving a single value: one past the last. */
export const nextSortOrder = (store: Store, attribute: number): number =>
  Math.max(-1, ...valueRowsOf(store, attribute).map((v) => v.sortOrder ?? -1)) + 1;

/** Deletes a value and silently takes it from its products and variants (recordings 08-attribute-value-delete, 20-shapes). */
export function removeValue(store: Store, value: ValueRecord): void {
  store.values.delete(value.pk);
  store.choices.get(value.attribute)?.delete(value.pk);
  for (const holder of [...store.products.values(), ...store.variants.values()]) {
    const pks = holder.assigned.get(value.attribute);
    if (pks?.includes(value.pk))
      holder.assigned.set(
        value.attribute,
        pks.filter((pk) => pk !== value.pk),
      );
  }
}

function seedValue(store: Store, attribute: AttributeRecord, seed: SeedValue): void {
  const { translations, slug, ...given } = seed;
  const row = insertValue(store, {
    ...given,
    attribute: attribute.pk,
    slug: slug ?? slugFor(seed.name, slugTakenIn(store, attribute.pk)),
    sortOrder: nextSortOrder(store, attribute.pk),
  });
  for (const [language, name] of Object.entries(translations ?? {}))
    row.translations.set(language, { pk: store.next.translation++, name });
}

function seedAttribute(store: Store, seed: SeedAttribute): void {
  const row: AttributeRecord = {
    kind: 'Attribute',
    pk: seed.pk ?? store.next.attribute,
    slug: seed.slug,
    name: seed.name,
    inputType: seed.inputType,
    type: seed.type ?? 'PRODUCT_TYPE',
    entityType: null,
    unit: null,
    valueRequired: seed.valueRequired ?? false,
    visibleInStorefront: seed.visibleInStorefront ?? true,
    externalReference: seed.externalReference ?? null,
    metadata: metadata(),
    privateMetadata: metadata(),
  };
  store.attributes.set(row.pk, row);
  store.next.attribute = Math.max(store.next.attribute, row.pk + 1);
  for (const value of seed.values ?? []) seedValue(store, row, value);
}

function findSeeded<T extends { readonly slug: string }>(
  rows: Map<number, T>,
  what: string,
  slug: string,
): T {
  const row = findBySlug(rows, slug);
  if (!row) throw new Error(`seed: no ${what} "${slug}"`);
  return row;
}

function seedProductType(store: Store, seed: SeedProductType): void {
  const pk = seed.pk ?? store.next.productType;
  store.next.productType = Math.max(store.next.productType, pk + 1);
  store.productTypes.set(pk, {
    kind: 'ProductType',
    pk,
    slug: seed.slug,
    name: seed.name,
    hasVariants: false,
    attributes: seed.attributes.map((slug, i) => ({
      pk: findSeeded(store.attributes, 'attribute', slug).pk,
      sortOrder: seed.hasNoPlaces ? null : i,
    })),
    variantAttributes: (seed.variantAttributes ?? []).map(
      (slug) => findSeeded(store.attributes, 'attribute', slug).pk,
    ),
    metadata: metadata(),
    privateMetadata: metadata(),
  });
}

/** Finds a BOOLEAN's value; Saleor creates each of the two at first use (recording 04-boolean-read-back). */
export function booleanValue(store: Store, attribute: AttributeRecord, value: boolean): ValueRecord {
  const slug = `${attribute.pk}_${value}`;
  return (
    valueRowsOf(store, attribute.pk).find((v) => v.slug === slug) ??
    insertValue(store, {
      attribute: attribute.pk,
      slug,
      name: `${attribute.name}: ${value ? 'Yes' : 'No'}`,
      boolean: value,
    })
  );
}

/** Sets a product's or variant's values of one attribute, by slug or boolean. Throws an Error if one is unknown. */
export function assignValues(
  store: Store,
  holder: Pick<ProductRecord, 'assigned'>,
  slug: string,
  wanted: readonly string[] | boolean,
): void {
  const attribute = findSeeded(store.attributes, 'attribute', slug);
  const values =
    typeof wanted === 'boolean'
      ? [booleanValue(store, attribute, wanted)]
      : wanted.map((want) => {
          const value = valueRowsOf(store, attribute.pk).find((v) => v.slug === want);
          if (!value) throw new Error(`seed: no value "${want}" of ${slug}`);
          return value;
        });
  holder.assigned.set(
    attribute.pk,
    values.map((v) => v.pk),
  );
}

function seedProduct(store: Store, seed: SeedProduct): void {
  const pk = seed.pk ?? store.next.product;
  const updatedAt = seed.updatedAt ?? store.clock();
  store.next.product = Math.max(store.next.product, pk + 1);
  const row: ProductRecord = {
    kind: 'Product',
    pk,
    type: findSeeded(store.productTypes, 'product type', seed.type).pk,
    slug: seed.slug,
    name: seed.name,
    description: null,
    externalReference: seed.externalReference ?? null,
    created: updatedAt,
    updatedAt,
    assigned: new Map(),
    metadata: metadata(seed.metadata),
    privateMetadata: metadata(seed.privateMetadata),
  };
  store.products.set(pk, row);
  for (const [slug, wanted] of Object.entries(seed.attributes ?? {})) assignValues(store, row, slug, wanted);
  for (const variant of seed.variants ?? []) {
    const made = insertVariant(store, { product: row.pk, name: variant.sku, sku: variant.sku });
    for (const [slug, wanted] of Object.entries(variant.attributes)) assignValues(store, made, slug, wanted);
  }
}

/** Inserts a row without any check. */
export function insertVariant(
  store: Store,
  given: Pick<VariantRecord, 'product' | 'name' | 'sku'>,
): VariantRecord {
  const pk = store.next.variant++;
  const row: VariantRecord = { kind: 'ProductVariant', pk, ...given, assigned: new Map() };
  store.variants.set(pk, row);
  return row;
}

/** Its variants, in the order of creation. */
export const variantsOf = (store: Store, product: number): readonly VariantRecord[] =>
  Array.from(store.variants.values()).filter((variant) => variant.product === product);

/** Throws an Error if the seed names an unknown attribute, value or product type. */
export function createStore(seed: Seed, clock: RisingClock = risingClock()): Store {
  const store: Store = {
    clock,
    shop: {
      name: seed.shop?.name ?? 'Saleor e-commerce',
      description: '',
      version: seed.shop?.version ?? '3.23.28',
      schemaVersion: seed.shop?.schemaVersion ?? '3.23',
      host: '127.0.0.1',
      allowStorefrontTraffic: true,
    },
    published: new Map(),
    filterable: new Set(),
    channels: new Map((seed.channels ?? ['default-channel', 'gsv']).map((slug) => [slug, new Set()])),
    attributes: new Map(),
    values: new Map(),
    choices: new Map(),
    productTypes: new Map(),
    products: new Map(),
    variants: new Map(),
    apps: new Map(),
    next: { attribute: 1, value: 1, productType: 1, product: 1, variant: 1, translation: 1 },
  };
  for (const attribute of seed.attributes) seedAttribute(store, attribute);
  for (const type of seed.productTypes) seedProductType(store, type);
  for (const product of seed.products) seedProduct(store, product);
  if (seed.publishedIn !== undefined)
    for (const pk of store.products.keys()) publishProduct(store, pk, seed.publishedIn, true);
  return store;
}

/** With a price; makes the channel if there is none. `isListed` false: the product opens by its address only. */
export function publishProduct(store: Store, pk: number, channel: string, isListed: boolean): void {
  store.channels.set(channel, (store.channels.get(channel) ?? new Set()).add(pk));
  store.published.set(channel, (store.published.get(channel) ?? new Map()).set(pk, isListed));
}
