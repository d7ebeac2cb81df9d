import { globalId } from '../store/global-ids.ts';
import type {
  AppRecord,
  AttributeRecord,
  Metadata,
  MetadataOwner,
  ProductRecord,
  ProductTypeRecord,
  ValueRecord,
  VariantRecord,
} from '../store/records.ts';
import { attributePks } from '../store/records.ts';
import { type Store, variantsOf } from '../store/store.ts';
import { choices, hasChoices } from './attribute-filters.ts';
import { type Column, type PageArgs, paginateRows } from './connection.ts';
import type { Context, Resolvers } from './context.ts';
import { notInSandbox, permissionDenied } from './errors.ts';
import {
  allPermissions,
  type Caller,
  PAGES,
  requireLogin,
  requirePermission,
  requirePrivateAccess,
  TYPES,
} from './permissions.ts';
import { listAttributes } from './query-resolvers.ts';

const compareCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sortedItems = (metadata: Metadata) =>
  Array.from(metadata, ([key, value]) => ({ key, value })).sort((a, b) => compareCodePoints(a.key, b.key));

const pickKeys = (metadata: Metadata, keys: readonly string[] | null | undefined) =>
  Object.fromEntries(Array.from(metadata).filter(([key]) => !keys || keys.includes(key)));

const metadataFields: Resolvers = {
  id: (row: MetadataOwner) => globalId(row.kind, row.pk),
  metadata: (row: MetadataOwner) => sortedItems(row.metadata),
  metafield: (row: MetadataOwner, { key }: { key: string }) => row.metadata.get(key) ?? null,
  metafields: (row: MetadataOwner, { keys }: { keys?: readonly string[] | null }) =>
    pickKeys(row.metadata, keys),
  privateMetadata: (row: MetadataOwner, _: unknown, { caller }: Context) => {
    requirePrivateAccess(caller, row);
    return sortedItems(row.privateMetadata);
  },
  privateMetafield: (row: MetadataOwner, { key }: { key: string }, { caller }: Context) => {
    requirePrivateAccess(caller, row);
    return row.privateMetadata.get(key) ?? null;
  },
  privateMetafields: (
    row: MetadataOwner,
    { keys }: { keys?: readonly string[] | null },
    { caller }: Context,
  ) => {
    requirePrivateAccess(caller, row);
    return pickKeys(row.privateMetadata, keys);
  },
};

/** Attributes of the product's type, in its order, with the product's values of each (unset: none). */
function selectedAttributes(store: Store, product: ProductRecord) {
  const pks = attributePks(store.productTypes.get(product.type));
  return pks
    .map((pk) => store.attributes.get(pk))
    .filter((attribute) => attribute !== undefined)
    .map((attribute) => ({
      attribute,
      values: (product.assigned.get(attribute.pk) ?? [])
        .map((pk) => store.values.get(pk))
        .filter((value) => value !== undefined),
    }));
}

/** Attributes of the type's variants, with the variant's values of each. */
const variant: Resolvers = {
  id: (row: VariantRecord) => globalId(row.kind, row.pk),
  product: (row: VariantRecord, _: unknown, { store }: Context) => store.products.get(row.product),
  attributes: (row: VariantRecord, _: unknown, { store }: Context) => {
    const type = store.productTypes.get(store.products.get(row.product)?.type ?? -1);
    return (type?.variantAttributes ?? []).map((pk) => ({
      attribute: store.attributes.get(pk),
      values: (row.assigned.get(pk) ?? []).map((value) => store.values.get(value)),
    }));
  },
};

/** For columns that are empty in the sandbox. */
const alwaysNull = () => null;

const product: Resolvers = {
  seoTitle: alwaysNull,
  seoDescription: alwaysNull,
  rating: alwaysNull,
  category: alwaysNull,
  channel: alwaysNull,
  ...metadataFields,
  productType: (row: ProductRecord, _: unknown, { store }: Context) => store.productTypes.get(row.type),
  variants: (row: ProductRecord, _: unknown, { store }: Context) => variantsOf(store, row.pk),
  attributes: (row: ProductRecord, _: unknown, { store, caller }: Context) =>
    selectedAttributes(store, row).filter(
      ({ attribute }) => caller.kind !== 'anonymous' || attribute.visibleInStorefront,
    ),
  attribute: (row: ProductRecord, { slug }: { slug: string }, { store }: Context) =>
    selectedAttributes(store, row).find((s) => s.attribute.slug === slug) ?? null,
};

const TYPE_ORDER: readonly Column<ProductTypeRecord>[] = [{ of: (t) => t.slug }, { of: (t) => t.pk }];

/** Which single permission is enough was not recorded. */
function refuseAnonymous(caller: Caller): void {
  if (caller.kind === 'anonymous') throw permissionDenied(['MANAGE_PRODUCTS', TYPES]);
}

const attribute: Resolvers = {
  ...metadataFields,
  choices,
  withChoices: (row: AttributeRecord) => hasChoices(row),
  valueRequired: (row: AttributeRecord, _: unknown, { caller }: Context) => {
    // Only attributes of pages are recorded with a permission that is missing.
    if (row.type === 'PAGE_TYPE') requirePermission(caller, ['MANAGE_PAGES', PAGES]);
    return row.valueRequired;
  },
  visibleInStorefront: (row: AttributeRecord, _: unknown, { caller }: Context) => {
    refuseAnonymous(caller);
    return row.visibleInStorefront;
  },
  filterableInStorefront: (row: AttributeRecord, _: unknown, { store, caller }: Context) => {
    refuseAnonymous(caller);
    return store.filterable.has(row.pk);
  },
  productVariantTypes: (row: AttributeRecord, args: PageArgs, { store }: Context) =>
    paginateRows(
      Array.from(store.productTypes.values()).filter((t) => t.variantAttributes.includes(row.pk)),
      TYPE_ORDER,
      args,
      'productVariantTypes',
    ),
  productTypes: (row: AttributeRecord, args: PageArgs, { store }: Context) =>
    paginateRows(
      Array.from(store.productTypes.values()).filter((t) => t.attributes.some(({ pk }) => pk === row.pk)),
      TYPE_ORDER,
      args,
      'productTypes',
    ),
};

const attributeValue: Resolvers = {
  id: (row: ValueRecord) => globalId(row.kind, row.pk),
  inputType: (row: ValueRecord, _: unknown, { store }: Context) =>
    store.attributes.get(row.attribute)?.inputType ?? null,
  translation: (row: ValueRecord, { languageCode }: { languageCode: string }) => {
    const found = row.translations.get(languageCode);
    return found ? { kind: 'AttributeValueTranslation', pk: found.pk, name: found.name } : null;
  },
};

const productType: Resolvers = {
  ...metadataFields,
  kind: () => 'NORMAL',
  productAttributes: (row: ProductTypeRecord, _: unknown, { store }: Context) =>
    attributePks(row).map((pk) => store.attributes.get(pk)),
  variantAttributes: (row: ProductTypeRecord, _: unknown, { store }: Context) =>
    row.variantAttributes.map((pk) => store.attributes.get(pk)),
  assignedVariantAttributes: (row: ProductTypeRecord, _: unknown, { store }: Context) =>
    row.variantAttributes.map((pk) => ({ attribute: store.attributes.get(pk), variantSelection: false })),
  availableAttributes: (row: ProductTypeRecord, args: PageArgs, context: Context) =>
    listAttributes(
      context,
      args,
      'availableAttributes',
      Array.from(context.store.attributes.values()).filter(
        (a) => !row.attributes.some(({ pk }) => pk === a.pk) && !row.variantAttributes.includes(a.pk),
      ),
    ),
};

const everyPermission = allPermissions.map(([code, name]) => ({ code, name }));

const permissionByCode = (code: string) => everyPermission.find((p) => p.code === code) ?? { code };

const app: Resolvers = {
  ...metadataFields,
  permissions: (row: AppRecord) => row.permissions.map(permissionByCode),
  tokens: (row: AppRecord) => [{ name: '', authToken: row.token.slice(-4) }],
};

const shop: Resolvers = {
  version: (row: { version: string }, _: unknown, { caller }: Context) => {
    requireLogin(caller);
    return row.version;
  },
  domain: (row: { host: string }) => ({ host: row.host, sslEnabled: false, url: `http://${row.host}/` }),
  permissions: () => everyPermission,
  id: () => globalId('Shop', 1),
};

const assignedValue: Resolvers = {
  value: (
    row: { readonly values: readonly ValueRecord[]; readonly read: string },
    { limit }: { limit?: number },
  ) => {
    if (row.read === 'boolean') return row.values[0]?.boolean ?? null;
    if (row.read === 'one') return row.values[0] ?? null;
    return row.values.slice(0, limit ?? 100);
  },
};

const ASSIGNED_TYPES: Readonly<Record<string, readonly [string, string]>> = {
  DROPDOWN: ['AssignedSingleChoiceAttribute', 'one'],
  MULTISELECT: ['AssignedMultiChoiceAttribute', 'many'],
  BOOLEAN: ['AssignedBooleanAttribute', 'boolean'],
};

function toAssignedAttribute(entry: ReturnType<typeof selectedAttributes>[number]) {
  const [kind, read] = ASSIGNED_TYPES[entry.attribute.inputType] ?? [];
  if (!kind) throw notInSandbox(`assignedAttributes of input type ${entry.attribute.inputType}`);
  return { kind, read, ...entry };
}

/** Both truncate silently at their limit (recording 15-assignedAttributes). */
const assignedFields: Resolvers = {
  assignedAttributes: (row: ProductRecord, { limit }: { limit?: number }, { store }: Context) =>
    selectedAttributes(store, row)
      .slice(0, limit ?? 100)
      .map(toAssignedAttribute),
  assignedAttribute: (row: ProductRecord, { slug }: { slug: string }, { store }: Context) => {
    const found = selectedAttributes(store, row).find((s) => s.attribute.slug === slug);
    return found ? toAssignedAttribute(found) : null;
  },
};

export const typeResolvers: Readonly<Record<string, Resolvers>> = {
  Product: { ...product, ...assignedFields },
  ProductVariant: variant,
  Attribute: attribute,
  AttributeValue: attributeValue,
  AttributeValueTranslation: {
    id: (row: { pk: number }) => globalId('AttributeValueTranslation', row.pk),
  },
  ProductType: productType,
  App: app,
  Shop: shop,
  User: { userPermissions: () => everyPermission },
  AssignedChoiceAttributeValue: {
    translation: (row: ValueRecord, { languageCode }: { languageCode: string }) =>
      row.translations.get(languageCode)?.name ?? null,
  },
  AssignedBooleanAttribute: assignedValue,
  AssignedSingleChoiceAttribute: assignedValue,
  AssignedMultiChoiceAttribute: assignedValue,
};
