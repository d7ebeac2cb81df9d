import type { Context, Resolvers } from '../graphql/context.ts';
import {
  crash,
  FieldError,
  InputError,
  type InputProblem,
  invalidInput,
  notInSandbox,
} from '../graphql/errors.ts';
import { requirePermission, TYPES } from '../graphql/permissions.ts';
import { decodeId, globalId, inputPk } from '../store/global-ids.ts';
import { type ProductTypeRecord, withAttributes } from '../store/records.ts';
import { slugFor } from '../store/slugs.ts';
import { findBySlug, type Store } from '../store/store.ts';
import { slugProblem, textProblem, throwIfInvalid, uniqueProblem } from './field-validation.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

function findProductTypeRow(store: Store, id: string, field = 'id'): ProductTypeRecord {
  const row = store.productTypes.get(inputPk('ProductType', id, field));
  if (!row) throw invalidInput(field, 'NOT_FOUND', `Couldn't resolve to a node: ${id}`);
  return row;
}

/** Unlike other mutations these report another type's id at the top level and crash on an unknown one. */
function findTypeToAssign(store: Store, id: string): ProductTypeRecord {
  const parsed = decodeId(id);
  if (parsed && parsed.type !== 'ProductType') throw new FieldError('Must receive a ProductType id.');
  if (!parsed) throw notInSandbox('a malformed product type id in an assignment');
  const row = store.productTypes.get(Number(parsed.key));
  if (!row) throw crash('AttributeError');
  return row;
}

interface AssignArgs {
  readonly productTypeId: string;
  readonly operations: readonly {
    readonly id: string;
    readonly type: string;
    readonly variantSelection?: boolean | null;
  }[];
}

function assignProblems(store: Store, type: ProductTypeRecord, pks: readonly number[]): InputProblem[] {
  const field = 'operations';
  const missing = pks.filter((pk) => !store.attributes.has(pk)).map((pk) => globalId('Attribute', pk));
  const taken = pks
    .filter((pk) => type.attributes.some((a) => a.pk === pk))
    .map((pk) => store.attributes.get(pk))
    .filter((a) => a !== undefined)
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
  const problems: InputProblem[] = [];
  if (missing.length > 0)
    problems.push({ field, code: 'NOT_FOUND', message: "Attribute doesn't exist.", attributes: missing });
  if (taken.length > 0)
    problems.push({
      field,
      code: 'ATTRIBUTE_ALREADY_ASSIGNED',
      message: `${taken.map((a) => `${a.name} (${a.slug})`).join(', ')} have already been assigned to this product type.`,
      attributes: taken.map((a) => globalId('Attribute', a.pk)),
    });
  return problems;
}

/** All or nothing (recording 09-productAttributeAssign). */
function assign({ productTypeId, operations }: AssignArgs, { store, caller }: Context) {
  requirePermission(caller, [TYPES]);
  const productType = findTypeToAssign(store, productTypeId);
  const pks = operations.map(({ id }) => inputPk('Attribute', id, 'operations'));
  const problems = assignProblems(store, productType, pks);
  if (problems.length > 0) throw new InputError(problems);
  if (operations.some((o) => o.type !== 'PRODUCT' || o.variantSelection))
    throw notInSandbox('attributes of variants');
  if (new Set(pks).size !== pks.length) throw crash('IntegrityError');
  productType.attributes = withAttributes(productType, pks);
  return { productType };
}

/** Keeps the products' values, which return when the attribute is assigned again (docs/saleor.md#assigning-attributes). */
function unassign(
  { productTypeId, attributeIds }: { productTypeId: string; attributeIds: readonly string[] },
  { store, caller }: Context,
) {
  requirePermission(caller, [TYPES]);
  const productType = findTypeToAssign(store, productTypeId);
  const pks = attributeIds.map((id) => inputPk('Attribute', id, 'attributeIds'));

  productType.attributes = productType.attributes.filter(({ pk }) => !pks.includes(pk));
  return { productType };
}

interface TypeInput {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly kind?: string | null;
  readonly hasVariants?: boolean | null;
  readonly isShippingRequired?: boolean | null;
  readonly productAttributes?: readonly string[] | null;
}

function create({ input }: { input: TypeInput }, { store, caller }: Context) {
  requirePermission(caller, [TYPES]);
  refuseUnknownMembers('productTypeCreate', input, [
    'name',
    'slug',
    'kind',
    'hasVariants',
    'isShippingRequired',
    'productAttributes',
  ]);
  if ((input.kind ?? 'NORMAL') !== 'NORMAL') throw notInSandbox(`product types of kind ${input.kind}`);
  const name = input.name ?? '';

  throwIfInvalid([
    textProblem('name', name, true),
    slugProblem(input.slug || null),
    uniqueProblem({ rows: store.productTypes, name: 'Product type' }, 'slug', input.slug),
  ]);

  const pks = (input.productAttributes ?? []).map((id) => inputPk('Attribute', id, 'productAttributes'));
  if (pks.some((pk) => !store.attributes.has(pk)))
    throw notInSandbox('productTypeCreate with an unknown attribute');
  const pk = store.next.productType++;
  const productType: ProductTypeRecord = {
    kind: 'ProductType',
    pk,
    name,
    slug: input.slug || slugFor(name, (slug) => findBySlug(store.productTypes, slug) !== undefined),
    hasVariants: input.hasVariants ?? true,
    attributes: pks.map((a) => ({ pk: a, sortOrder: null })),
    metadata: new Map(),
    privateMetadata: new Map(),
  };
  store.productTypes.set(pk, productType);
  return { productType };
}

function update({ id, input }: { id: string; input: TypeInput }, { store, caller }: Context) {
  requirePermission(caller, [TYPES]);
  refuseUnknownMembers('productTypeUpdate', input, ['name']);
  const productType = findProductTypeRow(store, id);
  if (!input.name) throw notInSandbox('productTypeUpdate without a name');
  productType.name = input.name;
  return { productType };
}

/** Deletes the type's products too. */
function remove({ id }: { id: string }, { store, caller }: Context) {
  requirePermission(caller, [TYPES]);
  const productType = findProductTypeRow(store, id);
  for (const product of store.products.values())
    if (product.type === productType.pk) store.products.delete(product.pk);
  store.productTypes.delete(productType.pk);
  return { productType };
}

export const typeMutations: Resolvers = {
  productAttributeAssign: mutationResolver(assign),
  productAttributeUnassign: mutationResolver(unassign),
  productTypeCreate: mutationResolver(create),
  productTypeUpdate: mutationResolver(update),
  productTypeDelete: mutationResolver(remove),
};
