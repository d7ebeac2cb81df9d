import { decodeId } from '../store/global-ids.ts';
import type { ProductRecord, VariantRecord } from '../store/records.ts';
import { type Store, valueRowsOf, variantsOf } from '../store/store.ts';
import { FieldError, notInSandbox } from './errors.ts';

/** Null: no filter. */
export type RowFilter<T> = ((row: T) => boolean) | null;

interface Choice {
  readonly eq?: string | null;
  readonly oneOf?: readonly string[] | null;
}

interface MetadataTest {
  readonly key: string;
  readonly value?: string | null;
}

export interface Where {
  readonly [member: string]: unknown;
  readonly AND?: readonly Where[] | null;
  readonly OR?: readonly Where[] | null;
}

const isPresent = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** Tests one member of a row. `oneOf: []` and `{}` match nothing. */
export function choiceTest<Name extends string>(
  name: Name,
  { eq, oneOf }: Choice,
): (row: Readonly<Record<Name, string>>) => boolean {
  const wanted = new Set(isPresent(eq) ? [eq] : oneOf);
  return (row) => wanted.has(row[name]);
}

/** Filter of an AND or OR; undefined without one. Throws if other members are beside it, as Saleor does. */
export function combineOperators<T>(
  where: Where,
  each: (part: Where) => RowFilter<T>,
): RowFilter<T> | undefined {
  const names = (['AND', 'OR'] as const).filter((name) => isPresent(where[name]));
  const [name] = names;
  if (!name) return undefined;
  if (Object.values(where).filter(isPresent).length > 1)
    throw new FieldError('Cannot mix operators with other filter inputs.');
  const parts = (where[name] ?? []).map((part) => each(part) ?? (() => true));
  if (parts.length === 0) return null;
  return (row) => (name === 'AND' ? parts.every((t) => t(row)) : parts.some((t) => t(row)));
}

/** Primary keys of the ids of this type; ids of other types are ignored. Throws a FieldError on a malformed id. */
export function decodePks(type: string, ids: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const id of ids) {
    const parsed = decodeId(id);
    if (!parsed) throw new FieldError('{"ids":[{"message":"Invalid ID specified.","code":""}]}');
    if (parsed.type === type) found.add(Number(parsed.key));
  }
  return found;
}

export const hasMetadata = (
  row: { readonly metadata: Map<string, string> },
  tests: readonly MetadataTest[],
): boolean =>
  tests.every(({ key, value }) =>
    isPresent(value) ? row.metadata.get(key) === value : row.metadata.has(key),
  );

interface AttributeTest {
  readonly slug?: string | null;
  readonly values?: readonly string[] | null;
  readonly value?: {
    readonly slug?: Choice | null;
    readonly name?: Choice | null;
    readonly boolean?: boolean | null;
  } | null;
  readonly boolean?: boolean | null;
}

type ValueTest = (value: { slug: string; name: string; boolean: boolean | null }) => boolean;

/** With a slug alone: any value matches. */
function valueTest(test: AttributeTest): ValueTest {
  const { values, value } = test;
  const boolean = test.boolean ?? value?.boolean;
  const { slug, name } = value ?? {};
  if (isPresent(values)) return (v) => values.includes(v.slug);
  if (isPresent(boolean)) return (v) => v.boolean === boolean;
  if (isPresent(slug)) return choiceTest('slug', slug);
  if (isPresent(name)) return choiceTest('name', name);
  if (Object.keys(test).join() === 'slug') return () => true;
  throw notInSandbox(
    'this test of an attribute; there are values, boolean, value.slug, value.name and value.boolean',
  );
}

/** An unknown attribute slug matches nothing, without an error (recording 07-products-where-filter). */
function attributeTest(store: Store, test: AttributeTest): (product: ProductRecord) => boolean {
  const attribute = Array.from(store.attributes.values()).find((a) => a.slug === test.slug);
  if (!attribute) return () => false;
  const matches = valueTest(test);
  const wanted = new Set(
    valueRowsOf(store, attribute.pk)
      .filter(matches)
      .map((v) => v.pk),
  );
  const holds = ({ assigned }: Pick<ProductRecord, 'assigned'>) =>
    assigned.get(attribute.pk)?.some((pk) => wanted.has(pk)) ?? false;
  return (product) => {
    const isAssigned =
      store.productTypes.get(product.type)?.attributes.some(({ pk }) => pk === attribute.pk) ?? false;
    if (isAssigned && holds(product)) return true;
    // The deprecated members find a product by its variants too (recording 20-shapes).
    return isPresent(test.values) && variantsOf(store, product.pk).some(holds);
  };
}

/** productVariants(where: {attributes: [{slug, value}]}). */
export function variantsWhere(
  store: Store,
  { attributes }: { readonly attributes?: readonly AttributeTest[] | null },
): RowFilter<VariantRecord> {
  if (!isPresent(attributes)) throw notInSandbox('productVariants without a test of attributes');
  const tests = attributes.map((test) => {
    const attribute = Array.from(store.attributes.values()).find((a) => a.slug === test.slug);
    if (!attribute) return () => false;
    const matches = valueTest(test);
    return ({ assigned }: VariantRecord) =>
      assigned.get(attribute.pk)?.some((pk) => {
        const value = store.values.get(pk);
        return value !== undefined && matches(value);
      }) ?? false;
  });
  return (row) => tests.length > 0 && tests.every((matches) => matches(row));
}

interface Range {
  readonly gte?: string | null;
  readonly lte?: string | null;
}

function isInRange(at: string, { gte, lte }: Range): boolean {
  const micros = microseconds(at);
  return (!isPresent(gte) || micros >= microseconds(gte)) && (!isPresent(lte) || micros <= microseconds(lte));
}

/** Microseconds since the epoch; Date alone would drop them. */
function microseconds(iso: string): number {
  const fraction = /\.(\d{1,6})/.exec(iso)?.[1] ?? '';
  const seconds = Date.parse(iso.replace(/\.\d+/, ''));
  return seconds * 1000 + Number(fraction.padEnd(6, '0'));
}

function productTypePk(id: string): number {
  const parsed = decodeId(id);
  if (!parsed) throw new FieldError(`Could not resolve to a node with the global id list of '['${id}']'.`);
  if (parsed.type !== 'ProductType') throw new FieldError(`Must receive ProductType id: ${id}.`);
  return Number(parsed.key);
}

/** Declared as a method, so that each builder may state the input it expects: the schema has checked it before. */
type TestBuilder = {
  build(store: Store, wanted: unknown): (product: ProductRecord) => boolean;
}['build'];

const attributesTest = (store: Store, tests: readonly AttributeTest[]) => {
  const all = tests.map((test) => attributeTest(store, test));
  return (product: ProductRecord) => all.length > 0 && all.every((matches) => matches(product));
};

const idsTest = (_store: Store, ids: readonly string[]) => {
  const wanted = decodePks('Product', ids);
  return (product: ProductRecord) => wanted.has(product.pk);
};

const whereTests: Readonly<Record<string, TestBuilder>> = {
  ids: idsTest,
  slug: (_store, test: Choice) => choiceTest('slug', test),
  name: (_store, test: Choice) => choiceTest('name', test),
  productType: (_store, { eq, oneOf }: Choice) => {
    const wanted = new Set((isPresent(eq) ? [eq] : (oneOf ?? [])).map(productTypePk));
    return (p) => wanted.has(p.type);
  },
  attributes: attributesTest,
  metadata: (_store, tests: readonly MetadataTest[]) => (p) => hasMetadata(p, tests),
  updatedAt: (_store, { range }: { readonly range?: Range | null }) => {
    if (!isPresent(range)) throw notInSandbox('updatedAt without a range');
    return (p) => isInRange(p.updatedAt, range);
  },
};

/** All members must match; `AND: []` and `OR: []` match everything (docs/saleor.md#product-filters). */
export function productsWhere(store: Store, where: Where): RowFilter<ProductRecord> {
  const combined = combineOperators(where, (part) => productsWhere(store, part));
  if (combined !== undefined) return combined;
  const tests: ((product: ProductRecord) => boolean)[] = [];
  for (const [member, wanted] of Object.entries(where)) {
    if (!isPresent(wanted)) continue;
    const make = whereTests[member];
    if (!make) throw notInSandbox(`products(where: {${member}})`);
    tests.push(make(store, wanted));
  }
  return tests.length === 0 ? null : (p) => tests.every((t) => t(p));
}

const filterTests: Readonly<Record<string, TestBuilder>> = {
  ids: (store, ids: readonly string[]) => (ids.length === 0 ? () => true : idsTest(store, ids)),
  attributes: attributesTest,
  // Without a Celery worker the search index is empty (docs/saleor.md#search).
  search: () => () => false,
  slugs: (_store, slugs: readonly string[]) => (p) => slugs.length === 0 || slugs.includes(p.slug),
  productTypes: (_store, ids: readonly string[]) => {
    const wanted = decodePks('ProductType', ids);
    return (p) => ids.length === 0 || wanted.has(p.type);
  },
  metadata: (_store, tests: readonly MetadataTest[]) => (p) => hasMetadata(p, tests),
  updatedAt: (_store, range: Range) => (p) => isInRange(p.updatedAt, range),
};

/** The older argument. Here an empty list matches everything; in `where` it matches nothing. */
export function productsFilter(store: Store, filter: Where): RowFilter<ProductRecord> {
  const tests: ((product: ProductRecord) => boolean)[] = [];
  for (const [member, wanted] of Object.entries(filter)) {
    if (!isPresent(wanted)) continue;
    const make = filterTests[member];
    if (!make) throw notInSandbox(`products(filter: {${member}})`);
    tests.push(make(store, wanted));
  }
  return (p) => tests.every((t) => t(p));
}
