import { queryPk } from '../store/global-ids.ts';
import type { AttributeRecord, ProductRecord, ProductTypeRecord } from '../store/records.ts';
import { findBySlug, type Store, valueRowsOf } from '../store/store.ts';
import { attributesFilter, attributesWhere } from './attribute-filters.ts';
import { type Column, type PageArgs, paginateRows } from './connection.ts';
import type { Context, Resolvers } from './context.ts';
import { FieldError, notInSandbox } from './errors.ts';
import {
  hasPermission,
  PRODUCTS,
  requireLogin,
  requirePermission,
  requireUnexpired,
  TYPES,
} from './permissions.ts';
import { decodePks, productsFilter, productsWhere, variantsWhere, type Where } from './product-filters.ts';

interface Lookup {
  readonly id?: string | null;
  readonly slug?: string | null;
  readonly externalReference?: string | null;
}

const PYTHON_NAMES = { id: 'id', slug: 'slug', externalReference: 'external_reference' } as const;

/** Takes exactly one of the arguments (recording 07-product-by-id-slug-extref). An empty string counts as missing. */
function findOne<T extends { readonly slug: string; readonly externalReference: string | null }>(
  rows: Map<number, T>,
  type: string,
  args: Lookup,
): T | null {
  const given = (['id', 'slug', 'externalReference'] as const).filter((name) => args[name]);
  const [first, second] = given;
  if (!first)
    throw new FieldError("At least one of arguments is required: 'id', 'slug', 'external_reference'.");
  if (second)
    throw new FieldError(
      `Argument '${PYTHON_NAMES[first]}' cannot be combined with '${PYTHON_NAMES[second]}'`,
    );
  const wanted = args[first] ?? '';
  if (first === 'slug') return findBySlug(rows, wanted) ?? null;
  if (first === 'id') return rows.get(queryPk(type, wanted) ?? -1) ?? null;
  return Array.from(rows.values()).find((row) => row.externalReference === wanted) ?? null;
}

/**
 * With MANAGE_PRODUCTS all products, or those listed in the channel; else those that are published there with a price, in lists
 * only those that lists show (recording 21-storefront).
 */
function visibleProducts(
  { store, caller }: Context,
  channel: string | null | undefined,
  isList: boolean,
): Iterable<ProductRecord> {
  if (!channel) {
    if (hasPermission(caller, PRODUCTS)) return store.products.values();
    if (store.channels.size > 1)
      throw new FieldError('More than one channel exists. Specify which channel to use.');
    throw notInSandbox('reading products without MANAGE_PRODUCTS in a shop of one channel');
  }
  if (!hasPermission(caller, PRODUCTS)) {
    const published = store.published.get(channel) ?? new Map<number, boolean>();
    return Array.from(store.products.values()).filter(({ pk }) =>
      isList ? published.get(pk) === true : published.has(pk),
    );
  }
  const listed = store.channels.get(channel) ?? new Set();
  return Array.from(store.products.values()).filter((p) => listed.has(p.pk));
}

const SLUG_ORDER: readonly Column<{ slug: string; pk: number }>[] = [
  { of: (r) => r.slug },
  { of: (r) => r.pk },
];

interface Order {
  readonly attributeId?: string | null;
  readonly field?: string | null;
  readonly direction: string;
}

/** The columns of each recorded order, which also make up its cursor. */
function productOrder(store: Store, order: Order | null | undefined): readonly Column<ProductRecord>[] {
  if (!order) return SLUG_ORDER;
  if (order.attributeId) return attributeOrder(store, order.attributeId, order.direction === 'DESC');
  const instant = (at: string): string => at.replace('T', ' ');
  const leading: Readonly<Record<string, Column<ProductRecord>['of']>> = {
    NAME: (p) => p.name,
    TYPE: (p) => store.productTypes.get(p.type)?.name ?? '',
    LAST_MODIFIED_AT: (p) => instant(p.updatedAt),
    CREATED_AT: (p) => instant(p.created),
  };
  const first = leading[order.field ?? ''];
  if (!first) throw notInSandbox(`products sorted by ${order.field}`);
  const isDescending = order.direction === 'DESC';
  const rest = order.field === 'NAME' ? [] : [(p: ProductRecord) => p.name];
  return [first, ...rest, (p: ProductRecord) => p.slug].map((of) => ({ of, isDescending }));
}

/**
 * Products with values of the attribute first, also where their type has lost it; then those that could have one; then the
 * rest (recording 20-shapes).
 */
function attributeOrder(store: Store, id: string, isDescending: boolean): readonly Column<ProductRecord>[] {
  const attribute = queryPk('Attribute', id) ?? -1;
  const order = valueRowsOf(store, attribute).toSorted(
    (a, b) => (a.sortOrder ?? Infinity) - (b.sortOrder ?? Infinity) || a.pk - b.pk,
  );
  const names = (product: ProductRecord): string | null => {
    const held = product.assigned.get(attribute) ?? [];
    if (held.length > 0) return order.flatMap(({ pk, name }) => (held.includes(pk) ? [name] : [])).join(',');
    const type = store.productTypes.get(product.type);
    return type?.attributes.some(({ pk }) => pk === attribute) ? '' : null;
  };
  const place = (product: ProductRecord): number => {
    const text = names(product);
    return text === null ? 2 : text === '' ? 1 : 0;
  };
  return [place, names, (product: ProductRecord) => product.name].map((of) => ({ of, isDescending }));
}

interface ProductsArgs extends PageArgs {
  readonly channel?: string | null;
  readonly where?: Where | null;
  readonly filter?: Where | null;
  readonly search?: string | null;
  readonly sortBy?: Order | null;
}

function products(_: unknown, args: ProductsArgs, context: Context) {
  const { store } = context;
  if (args.where && args.filter)
    throw new FieldError('Only one filtering argument (filter or where) can be specified.');
  const { isPublished, ...where } = args.where ?? {};
  if (isPublished !== undefined && !args.channel)
    throw new FieldError('More than one channel exists. Specify which channel to use.');
  if (isPublished !== undefined && isPublished !== true) throw notInSandbox(`isPublished: ${isPublished}`);
  const inChannel = visibleProducts(context, args.channel, true);
  const columns = productOrder(store, args.sortBy);
  // No search index exists without a Celery worker (docs/saleor.md#search).
  if (args.search) return paginateRows<ProductRecord>([], columns, args, 'products');
  const published = store.published.get(args.channel ?? '');
  const visibleRows =
    isPublished === undefined ? inChannel : Array.from(inChannel).filter(({ pk }) => published?.has(pk));
  const test = args.where
    ? productsWhere(store, where)
    : args.filter
      ? productsFilter(store, args.filter)
      : null;
  return paginateRows(test ? Array.from(visibleRows).filter(test) : visibleRows, columns, args, 'products');
}

const ATTRIBUTE_ORDER: readonly Column<AttributeRecord>[] = [
  { of: () => 0 },
  { of: (a) => a.slug },
  { of: (a) => a.pk },
];

function nameOrder<T extends { name: string; slug: string }>(
  order: Order | null | undefined,
): readonly Column<T>[] | null {
  if (!order) return null;
  const isDescending = order.direction === 'DESC';
  const slug: Column<T> = { of: (row) => row.slug, isDescending };
  if (order.field === 'NAME') return [{ of: (row) => row.name, isDescending }, slug];
  if (order.field === 'SLUG') return [slug];
  throw notInSandbox(`an order by ${order.field}`);
}

interface AttributesArgs extends PageArgs {
  readonly where?: Where | null;
  readonly filter?: Where | null;
  readonly search?: string | null;
  readonly sortBy?: Order | null;
  readonly channel?: string | null;
}

/** Leaves out hidden attributes for a token without the permission (docs/saleor.md#attributes-and-choices). */
export function listAttributes(
  { store, caller }: Context,
  args: AttributesArgs,
  connection: string,
  candidates: Iterable<AttributeRecord> = store.attributes.values(),
) {
  for (const name of ['search', 'channel'] as const)
    if (args[name]) throw notInSandbox(`attributes(${name}:)`);
  if (args.where && args.filter)
    throw new FieldError('Only one filtering argument (filter or where) can be specified.');
  const all = Array.from(candidates).filter((a) => hasPermission(caller, TYPES) || a.visibleInStorefront);
  const test = args.where
    ? attributesWhere(args.where)
    : args.filter
      ? attributesFilter(store, args.filter)
      : null;
  return paginateRows(
    test ? all.filter(test) : all,
    nameOrder(args.sortBy) ?? ATTRIBUTE_ORDER,
    args,
    connection,
  );
}

interface TypesArgs extends PageArgs {
  readonly filter?: {
    readonly [member: string]: unknown;
    readonly ids?: readonly string[] | null;
    readonly slugs?: readonly string[] | null;
    readonly search?: string | null;
  } | null;
  readonly sortBy?: Order | null;
}

function productTypes(_: unknown, args: TypesArgs, { store }: Context) {
  if (args.sortBy && args.sortBy.field !== 'NAME')
    throw notInSandbox(`productTypes sorted by ${args.sortBy.field}`);
  for (const member of Object.keys(args.filter ?? {}))
    if (!['ids', 'slugs', 'search'].includes(member)) throw notInSandbox(`productTypes(filter: {${member}})`);
  const { ids, slugs, search } = args.filter ?? {};
  const text = search?.toLowerCase() ?? '';
  const wanted = decodePks('ProductType', ids ?? []);
  const rows = Array.from(store.productTypes.values()).filter(
    (t: ProductTypeRecord) =>
      (!ids?.length || wanted.has(t.pk)) &&
      (!slugs?.length || slugs.includes(t.slug)) &&
      [t.name, t.slug].some((of) => of.toLowerCase().includes(text)),
  );
  return paginateRows<ProductTypeRecord>(rows, nameOrder(args.sortBy) ?? SLUG_ORDER, args, 'productTypes');
}

export const queryResolvers: Resolvers = {
  channel: (_: unknown, { id, slug }: Lookup, { store }: Context) => {
    if (id) throw notInSandbox('channel(id:)');
    return store.channels.has(slug ?? '') ? { kind: 'Channel', slug } : null;
  },
  channels: (_: unknown, __: unknown, { store, caller }: Context) => {
    requireLogin(caller);
    return Array.from(store.channels.keys(), (slug) => ({ slug }));
  },
  shop: (_: unknown, __: unknown, { store }: Context) => ({ kind: 'Shop', ...store.shop }),
  app: (_: unknown, { id }: { readonly id?: string | null }, { store, caller }: Context) => {
    if (id) {
      requireLogin(caller);
      const pk = queryPk('App', id);
      if (caller.kind === 'app' && caller.app.pk === pk) return caller.app;
      requirePermission(caller, ['MANAGE_APPS']);
      return store.apps.get(pk ?? -1) ?? null;
    }
    requireLogin(caller);
    return caller.kind === 'app' ? caller.app : null;
  },
  me: (_: unknown, __: unknown, { caller }: Context) => {
    requireUnexpired(caller);
    return caller.kind === 'staff' ? { kind: 'User', email: 'admin@example.com' } : null;
  },
  product: (
    _: unknown,
    args: Lookup & { readonly channel?: string | null; slugLanguageCode?: string | null },
    context: Context,
  ) => {
    if (args.slugLanguageCode) throw notInSandbox('product(slugLanguageCode:)');
    const row = findOne(context.store.products, 'Product', args);
    const visibleRows = visibleProducts(context, args.channel, false);
    return row && Array.from(visibleRows).includes(row) ? row : null;
  },
  products,
  /** Returns hidden attributes to every caller, unlike the list. */
  attribute: (_: unknown, args: Lookup, { store }: Context) => findOne(store.attributes, 'Attribute', args),
  attributes: (_: unknown, args: AttributesArgs, context: Context) =>
    listAttributes(context, args, 'attributes'),
  productType: (_: unknown, { id }: { readonly id: string }, { store }: Context) =>
    store.productTypes.get(queryPk('ProductType', id) ?? -1) ?? null,
  productTypes,
  productVariants: (
    _: unknown,
    args: PageArgs & { readonly where?: Parameters<typeof variantsWhere>[1] | null },
    { store, caller }: Context,
  ) => {
    if (!hasPermission(caller, PRODUCTS)) throw notInSandbox('variants without MANAGE_PRODUCTS');
    const test = variantsWhere(store, args.where ?? {});
    const rows = Array.from(store.variants.values()).filter((row) => test?.(row) ?? true);
    return paginateRows(rows, [{ of: (v) => v.sku }, { of: (v) => v.pk }], args, 'productVariants');
  },
  /** The sandbox has no page. */
  pages: (_: unknown, args: PageArgs) => paginateRows([], [], args, 'pages'),
};
