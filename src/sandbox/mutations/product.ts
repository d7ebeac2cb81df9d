import { pythonJson } from '../graphql/coerce-input.ts';
import type { Context, Resolvers } from '../graphql/context.ts';
import { InputError, type InputProblem, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { PRODUCTS, requirePermission } from '../graphql/permissions.ts';
import { decodeId, inputPk } from '../store/global-ids.ts';
import type { ProductRecord } from '../store/records.ts';
import { slugFor } from '../store/slugs.ts';
import { findBySlug, type Store } from '../store/store.ts';
import { prepareAssignments } from './assign-attributes.ts';
import type { AssignmentInput } from './attribute-inputs.ts';
import {
  requireOneSelector,
  slugProblem,
  textProblem,
  throwIfInvalid,
  uniqueProblem,
} from './field-validation.ts';
import { type MetadataItem, mergeMetadata } from './metadata.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

export interface ProductInput {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly description?: string | null;
  readonly externalReference?: string | null;
  readonly metadata?: readonly MetadataItem[] | null;
  readonly privateMetadata?: readonly MetadataItem[] | null;
  readonly attributes?: readonly AssignmentInput[] | null;
}

const KNOWN = [
  'name',
  'slug',
  'description',
  'externalReference',
  'metadata',
  'privateMetadata',
  'attributes',
];

function findProductRow(
  store: Store,
  { id, externalReference }: { readonly id?: string | null; readonly externalReference?: string | null },
): ProductRecord {
  requireOneSelector(id, externalReference);

  const row = id
    ? store.products.get(inputPk('Product', id))
    : Array.from(store.products.values()).find((p) => p.externalReference === externalReference);
  if (!row)
    throw invalidInput(
      id ? 'id' : 'externalReference',
      'NOT_FOUND',
      `Couldn't resolve to a node: ${id ?? externalReference}`,
    );
  return row;
}

function columnProblems(
  store: Store,
  input: ProductInput,
  except?: number,
): readonly (InputProblem | null)[] {
  const { name, slug, externalReference } = input;
  const table = { rows: store.products, name: 'Product' };
  return [
    name === undefined ? null : textProblem('name', name, true),
    slugProblem(slug),
    uniqueProblem(table, 'slug', slug, except),
    uniqueProblem(table, 'externalReference', externalReference, except),
  ];
}

/** PostgreSQL's jsonb orders members by length, then by name (recording 16-description-read-back). */
function inJsonbOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inJsonbOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inJsonbOrder(item)]));
}

/** What a later read returns; the mutation itself echoes what was sent. Throws notInSandbox on markup, which Saleor sanitizes. */
function storedDescription(json: string): string {
  if (/[<>&]/.test(json)) throw notInSandbox('how a description with markup is sanitized');
  return pythonJson(inJsonbOrder(JSON.parse(json)), false);
}

/** Every update, even an empty one, rewrites the row and moves updatedAt (recording 04-noop-is-a-write). */
function update(
  { input, ...selector }: { id?: string; externalReference?: string; input: ProductInput },
  { store, caller, pause }: Context,
) {
  requirePermission(caller, [PRODUCTS]);
  refuseUnknownMembers('productUpdate', input, KNOWN);
  const row = findProductRow(store, selector);
  if (input.slug === '' || input.slug === null)
    throw invalidInput('slug', 'REQUIRED', 'Slug value cannot be blank.');
  const assignments = prepareAssignments(store, row, input.attributes ?? [], false);

  const columns = withInput(columnsOf(row), input);
  throwIfInvalid(columnProblems(store, input, row.pk));
  const finish = () => {
    assignments.write(row);
    writeColumns(row, columns);
    row.updatedAt = store.clock();
    return {
      product: typeof input.description === 'string' ? { ...row, description: input.description } : row,
    };
  };
  return pause ? pause().then(finish) : finish();
}

type Columns = Pick<
  ProductRecord,
  'name' | 'slug' | 'description' | 'externalReference' | 'metadata' | 'privateMetadata'
>;

/** A copy of the row as it was read. All of it is written back, over other clients' writes (docs/saleor.md#whole-row-writes). */
const columnsOf = ({
  name,
  slug,
  description,
  externalReference,
  metadata,
  privateMetadata,
}: ProductRecord): Columns => ({
  name,
  slug,
  description,
  externalReference,
  metadata: new Map(metadata),
  privateMetadata: new Map(privateMetadata),
});

function withInput(columns: Columns, input: ProductInput): Columns {
  mergeMetadata(columns.metadata, input.metadata ?? [], 'metadata');
  mergeMetadata(columns.privateMetadata, input.privateMetadata ?? [], 'privateMetadata');
  const { name, slug, description, externalReference } = input;
  return {
    ...columns,
    name: name ?? columns.name,
    slug: slug ?? columns.slug,
    description:
      typeof description === 'string'
        ? storedDescription(description)
        : description === null
          ? null
          : columns.description,
    externalReference: externalReference === undefined ? columns.externalReference : externalReference,
  };
}

function writeColumns(row: ProductRecord, columns: Columns): void {
  const { metadata, privateMetadata, ...plain } = columns;
  Object.assign(row, plain);
  row.metadata.clear();
  for (const [key, value] of metadata) row.metadata.set(key, value);
  row.privateMetadata.clear();
  for (const [key, value] of privateMetadata) row.privateMetadata.set(key, value);
}

function typePk(id: string): number {
  if (!decodeId(id)) throw invalidInput('productType', 'GRAPHQL_ERROR', `Invalid ID: ${id}.`);
  return inputPk('ProductType', id, 'productType');
}

function create(
  { input }: { input: ProductInput & { readonly productType: string } },
  { store, caller }: Context,
) {
  requirePermission(caller, [PRODUCTS]);
  refuseUnknownMembers('productCreate', input, [...KNOWN, 'productType']);
  const type = store.productTypes.get(typePk(input.productType));
  if (!type)
    throw invalidInput('productType', 'NOT_FOUND', `Couldn't resolve to a node: ${input.productType}`);
  const { name, slug } = input;
  const blank = (field: string) => ({ field, code: 'REQUIRED', message: 'This field cannot be blank.' });
  if (!name) throw new InputError(name === '' || slug ? [blank('name')] : [blank('name'), blank('slug')]);
  const row = newProductRow(store, type.pk, name, input);
  const isGiven = (input.attributes?.length ?? 0) > 0;
  const assignments = isGiven ? prepareAssignments(store, row, input.attributes ?? [], true) : null;

  const columns = withInput(columnsOf(row), input);
  throwIfInvalid(columnProblems(store, slug === '' ? { ...input, slug: null } : input));
  store.products.set(row.pk, row);
  store.next.product += 1;
  assignments?.write(row);
  writeColumns(row, { ...columns, name: row.name, slug: row.slug });
  return { product: row };
}

function newProductRow(store: Store, type: number, name: string, input: ProductInput): ProductRecord {
  const now = store.clock();
  return {
    kind: 'Product',
    pk: store.next.product,
    type,
    name,
    slug: input.slug || slugFor(name, (slug) => findBySlug(store.products, slug) !== undefined),
    description: typeof input.description === 'string' ? storedDescription(input.description) : null,
    externalReference: input.externalReference ?? null,
    created: now,
    updatedAt: now,
    assigned: new Map(),
    metadata: new Map(),
    privateMetadata: new Map(),
  };
}

function remove(selector: { id?: string; externalReference?: string }, { store, caller }: Context) {
  requirePermission(caller, [PRODUCTS]);
  const row = findProductRow(store, selector);
  store.products.delete(row.pk);
  return { product: row };
}

interface BulkArgs {
  readonly products: readonly (ProductInput & { readonly productType: string })[];
  readonly errorPolicy?: string | null;
}

/** As recorded in 15-productBulkCreate-errors: a slug in use rejects all, a bad value id makes the whole mutation null. */
function bulkCreate({ products, errorPolicy }: BulkArgs, context: Context) {
  requirePermission(context.caller, [PRODUCTS]);
  const { store } = context;
  const rows = products.map((input) => {
    refuseUnknownMembers('productBulkCreate', input, [
      'name',
      'slug',
      'productType',
      'metadata',
      'attributes',
    ]);
    const taken = typeof input.slug === 'string' && findBySlug(store.products, input.slug) !== undefined;
    return {
      input,
      errors: taken
        ? [{ path: 'slug', code: 'UNIQUE', message: 'Product with this Slug already exists.' }]
        : [],
    };
  });
  if (rows.some((r) => r.errors.length > 0)) {
    if (errorPolicy && errorPolicy !== 'REJECT_EVERYTHING')
      throw notInSandbox('productBulkCreate(errorPolicy:) with a taken slug');
    return { count: 0, results: rows.map(({ errors }) => ({ product: null, errors })) };
  }
  // Without `count`, which is non-null, GraphQL makes the whole mutation null.
  if (!rows.every(({ input }) => canCreate(store, input))) return {};
  const results = rows.map(({ input }) => ({ product: create({ input }, context).product, errors: [] }));
  return { count: results.length, results };
}

function canCreate(store: Store, input: BulkArgs['products'][number]): boolean {
  const type = store.productTypes.get(inputPk('ProductType', input.productType, 'productType'));
  if (!type) throw notInSandbox('productBulkCreate of an unknown product type');
  try {
    prepareAssignments(
      store,
      newProductRow(store, type.pk, input.name ?? '', input),
      input.attributes ?? [],
      true,
    );
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

export const productMutations: Resolvers = {
  productUpdate: mutationResolver(update),
  productCreate: mutationResolver(create),
  productDelete: mutationResolver(remove),
  productBulkCreate: mutationResolver(bulkCreate),
};
