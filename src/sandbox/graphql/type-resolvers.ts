import { globalId } from '../store/global-ids.ts';
import type {
  AppRecord,
  AttributeRecord,
  Metadata,
  MetadataOwner,
  ProductRecord,
  ProductTypeRecord,
  ValueRecord,
} from '../store/records.ts';
import { attributePks } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { choices, hasChoices } from './attribute-filters.ts';
import { type PageArgs, pageOf } from './connection.ts';
import type { Context, Resolvers } from './context.ts';
import { notInSandbox } from './errors.ts';
import { allPermissions, needLogin, needToReadPrivate } from './permissions.ts';
import { attributes } from './query-resolvers.ts';

const compareCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const items = (metadata: Metadata) =>
  Array.from(metadata, ([key, value]) => ({ key, value })).sort((a, b) => compareCodePoints(a.key, b.key));

const some = (metadata: Metadata, keys: readonly string[] | null | undefined) =>
  Object.fromEntries(Array.from(metadata).filter(([key]) => !keys || keys.includes(key)));

const metadataFields: Resolvers = {
  id: (row: MetadataOwner) => globalId(row.kind, row.pk),
  metadata: (row: MetadataOwner) => items(row.metadata),
  metafield: (row: MetadataOwner, { key }: { key: string }) => row.metadata.get(key) ?? null,
  metafields: (row: MetadataOwner, { keys }: { keys?: readonly string[] | null }) => some(row.metadata, keys),
  privateMetadata: (row: MetadataOwner, _: unknown, { caller }: Context) => {
    needToReadPrivate(caller, row);
    return items(row.privateMetadata);
  },
  privateMetafield: (row: MetadataOwner, { key }: { key: string }, { caller }: Context) => {
    needToReadPrivate(caller, row);
    return row.privateMetadata.get(key) ?? null;
  },
  privateMetafields: (
    row: MetadataOwner,
    { keys }: { keys?: readonly string[] | null },
    { caller }: Context,
  ) => {
    needToReadPrivate(caller, row);
    return some(row.privateMetadata, keys);
  },
};

/** Attributes of the product's type, in the type's order, with the values kept for each (unset: none). */
export function selected(store: Store, product: ProductRecord) {
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

/** Columns that nothing here ever fills. */
const nothing = () => null;

const product: Resolvers = {
  seoTitle: nothing,
  seoDescription: nothing,
  rating: nothing,
  category: nothing,
  channel: nothing,
  ...metadataFields,
  productType: (row: ProductRecord, _: unknown, { store }: Context) => store.productTypes.get(row.type),
  attributes: (row: ProductRecord, _: unknown, { store }: Context) => selected(store, row),
  attribute: (row: ProductRecord, { slug }: { slug: string }, { store }: Context) =>
    selected(store, row).find((s) => s.attribute.slug === slug) ?? null,
};

const attribute: Resolvers = {
  ...metadataFields,
  choices,
  withChoices: (row: AttributeRecord) => hasChoices(row),
  productVariantTypes: (_: unknown, args: PageArgs) => pageOf([], [], args, 'productVariantTypes'),
  productTypes: (row: AttributeRecord, args: PageArgs, { store }: Context) =>
    pageOf(
      Array.from(store.productTypes.values()).filter((t) => t.attributes.some(({ pk }) => pk === row.pk)),
      [{ of: (t) => t.slug }, { of: (t) => t.pk }],
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
  variantAttributes: () => [],
  assignedVariantAttributes: () => [],
  availableAttributes: (row: ProductTypeRecord, args: PageArgs, { store, caller }: Context) =>
    attributes(
      store,
      caller,
      args,
      'availableAttributes',
      Array.from(store.attributes.values()).filter((a) => !row.attributes.some(({ pk }) => pk === a.pk)),
    ),
};

const everyPermission = allPermissions.map(([code, name]) => ({ code, name }));

const nameOf = (code: string) => everyPermission.find((p) => p.code === code) ?? { code };

const app: Resolvers = {
  ...metadataFields,
  permissions: (row: AppRecord) => row.permissions.map(nameOf),
  tokens: (row: AppRecord) => [{ name: '', authToken: row.token.slice(-4) }],
};

const shop: Resolvers = {
  version: (row: { version: string }, _: unknown, { caller }: Context) => {
    needLogin(caller);
    return row.version;
  },
  domain: (row: { host: string }) => ({ host: row.host, sslEnabled: false, url: `http://${row.host}/` }),
  permissions: () => everyPermission,
  id: () => globalId('Shop', 1),
};

const assigned: Resolvers = {
  value: (
    row: { readonly values: readonly ValueRecord[]; readonly read: string },
    { limit }: { limit?: number },
  ) => {
    if (row.read === 'boolean') return row.values[0]?.boolean ?? null;
    if (row.read === 'one') return row.values[0] ?? null;
    return row.values.slice(0, limit ?? 100);
  },
};

const assignedTypes: Readonly<Record<string, readonly [string, string]>> = {
  DROPDOWN: ['AssignedSingleChoiceAttribute', 'one'],
  MULTISELECT: ['AssignedMultiChoiceAttribute', 'many'],
  BOOLEAN: ['AssignedBooleanAttribute', 'boolean'],
};

function toAssigned(entry: ReturnType<typeof selected>[number]) {
  const [kind, read] = assignedTypes[entry.attribute.inputType] ?? [];
  if (!kind) throw notInSandbox(`assignedAttributes of input type ${entry.attribute.inputType}`);
  return { kind, read, ...entry };
}

/** Both cut off silently at their limit (recording 15-assignedAttributes). */
const assignedFields: Resolvers = {
  assignedAttributes: (row: ProductRecord, { limit }: { limit?: number }, { store }: Context) =>
    selected(store, row)
      .slice(0, limit ?? 100)
      .map(toAssigned),
  assignedAttribute: (row: ProductRecord, { slug }: { slug: string }, { store }: Context) => {
    const found = selected(store, row).find((s) => s.attribute.slug === slug);
    return found ? toAssigned(found) : null;
  },
};

export const fields: Readonly<Record<string, Resolvers>> = {
  Product: { ...product, ...assignedFields },
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
  AssignedBooleanAttribute: assigned,
  AssignedSingleChoiceAttribute: assigned,
  AssignedMultiChoiceAttribute: assigned,
};
