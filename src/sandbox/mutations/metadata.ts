import type { Context, Resolvers } from '../graphql/context.ts';
import { crash, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { requireWriteAccess } from '../graphql/permissions.ts';
import { decodeId } from '../store/global-ids.ts';
import type { Metadata, MetadataOwner } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { mutationResolver } from './payload.ts';

export interface MetadataItem {
  readonly key: string;
  readonly value: string;
}

function findOwner(store: Store, id: string): MetadataOwner {
  const parsed = decodeId(id);
  if (!parsed) throw invalidInput(null, 'INVALID', `“${id}” is not a valid UUID.`);
  const tables: Readonly<Record<string, Map<number, MetadataOwner>>> = {
    Product: store.products,
    Attribute: store.attributes,
    ProductType: store.productTypes,
    App: store.apps,
  };
  const table = tables[parsed.type];
  const pk = Number(parsed.key);
  if (!table && parsed.type === 'AttributeValue' && store.values.has(pk))
    throw invalidInput('id', 'NOT_FOUND', `Couldn't resolve to a item with meta: ${id}`);
  if (!table) throw notInSandbox(`metadata of ${parsed.type}`);
  const row = table.get(pk);
  if (!row) throw invalidInput('id', 'NOT_FOUND', `Couldn't resolve to a node: ${id}`);
  return row;
}

/** Merges; writing never removes a key (recording 05-metadata). */
export function mergeMetadata(into: Metadata, items: readonly MetadataItem[], field = 'input'): void {
  if (items.some(({ key }) => key.trim() === ''))
    throw invalidInput(field, 'REQUIRED', 'Metadata key cannot be empty.');
  if (items.some(({ key, value }) => key.includes('\0') || value.includes('\0'))) throw crash('DataError');
  for (const { key, value } of items) into.set(key, value);
}

const bumpUpdatedAt = (store: Store, row: MetadataOwner): void => {
  if (row.kind === 'Product') row.updatedAt = store.clock();
};

const update = (which: 'metadata' | 'privateMetadata') =>
  mutationResolver(
    ({ id, input }: { id: string; input: readonly MetadataItem[] }, { store, caller }: Context) => {
      const item = findOwner(store, id);
      requireWriteAccess(caller, item);
      mergeMetadata(item[which], input);
      bumpUpdatedAt(store, item);
      return { item };
    },
  );

const remove = (which: 'metadata' | 'privateMetadata') =>
  mutationResolver(({ id, keys }: { id: string; keys: readonly string[] }, { store, caller }: Context) => {
    const item = findOwner(store, id);
    requireWriteAccess(caller, item);
    for (const key of keys) item[which].delete(key);
    bumpUpdatedAt(store, item);
    return { item };
  });

export const metadataMutations: Resolvers = {
  updateMetadata: update('metadata'),
  updatePrivateMetadata: update('privateMetadata'),
  deleteMetadata: remove('metadata'),
  deletePrivateMetadata: remove('privateMetadata'),
};
