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
    .flatMap((pk) => Array.from({ length: joinedRows(store, type, pk) }, () => store.attributes.get(pk)))
    .filter((a) => a !== undefined)
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
  const foreign = pks.filter((pk) => (store.attributes.get(pk)?.type ?? 'PRODUCT_TYPE') !== 'PRODUCT_TYPE');
  const problems: InputProblem[] = [];
  if (missing.length > 0)
    problems.push({ field, code: 'NOT_FOUND', message: "Attribute doesn't exist.", attributes: missing });
  if (foreign.length > 0)
    problems.push({
      field,
      code: 'INVALID',
      message: 'Only product attributes can be assigned.',
      attributes: foreign.map((pk) => globalId('Attribute', pk)),
    });
  if (taken.length > 0)
    problems.push({
      field,
      code: 'ATTRIBUTE_ALREADY_ASSIGNED',
      message: `${taken.map((a) => `${a.name} (${a.slug})`).join(', ')} have already been assigned to this product type.`,
      attributes: taken.map((a) => globalId('Attribute', a.pk)),
    });
  return problems;
}

/**
 * How often Saleor names an attribute that the type has already: once for each row of its joins with product types and with
 * types of variants (recording 20-shapes).
 */
function joinedRows(store: Store, type: ProductTypeRecord, pk: number): number {
  const types = Array.from(store.productTypes.values());
  const ofProducts = types.filter((t) => t.attributes.some((a) => a.pk === pk));
  const ofVariants = types.filter((t) => t.variantAttributes.includes(pk));
  const [isOfProducts, isOfVariants] = [ofProducts.includes(type), ofVariants.includes(type)];
  return (
    (isOfProducts ? Math.max(1, ofVariants.length) : 0) +
    (isOfVariants ? Math.max(1, ofProducts.length) : 0) -
    (isOfProducts && isOfVariants ? 1 : 0)
  );
}

/** All or nothing (recordings 09-productAttributeAssign, 20-shapes). */
function assign({ productTypeId, operations }: AssignArgs, { store, caller }: Context) {
  requirePermission(caller, [TYPES]);
  const productType = findTypeToAssign(store, productTypeId);
  const pks = operations.map(({ id }) => inputPk('Attribute', id, 'operations'));
  const problems = assignProblems(store, productType, pks);
  if (problems.length > 0) throw new InputError(problems);
  if (operations.some((o) => o.variantSelection)) throw notInSandbox('variant selection');
  if (new Set(pks).size !== pks.length) throw crash('IntegrityError');
  const pksOf = (kind: string) => pks.filter((_, index) => operations[index]?.type === kind);
  productType.attributes = withAttributes(productType, pksOf('PRODUCT'));
  productType.variantAttributes = [...productType.variantAttributes, ...pksOf('VARIANT')];
  return { productType };
}

/**
 * Keeps the products' values, which return when the attribute is assigned again; those of variants are gone for good
 * (docs/saleor.md#assigning-attributes).
 */
function unassign(
  { productTypeId, attributeIds }: { productTypeId: string; attributeIds: readonly string[] },
  { store, caller }: Context,
) {
  requirePermission(caller, [TYPES]);
  const productType = findTypeToAssign(store, productTypeId);
  const pks = attributeIds.map((id) => inputPk('Attribute', id, 'attributeIds'));

  productType.attributes = productType.attributes.filter(({ pk }) => !pks.includes(pk));
  const lost = productType.variantAttributes.filter((pk) => pks.includes(pk));
  productType.variantAttributes = productType.variantAttributes.filter((pk) => !pks.includes(pk));
  for (const variant of store.variants.values())
    if (store.products.get(variant.product)?.type === productType.pk)
      for (const pk of lost) variant.assigned.delete(pk);
  return { productType };
}

interface TypeInput {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly kind?: string | null;
  readonly hasVariants?: boolean | null;
  readonly isShippingRequired?: boolean | null;
  readonly productAttributes?: readonly string[] | null;
  readonly variantAttributes?: readonly string[] | null;
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
    'variantAttributes',
  ]);
  if ((input.kind ?? 'NORMAL') !== 'NORMAL') throw notInSandbox(`product types of kind ${input.kind}`);
  const name = input.name ?? '';

  throwIfInvalid([
    textProblem('name', name, true),
    slugProblem(input.slug || null),
    uniqueProblem({ rows: store.productTypes, name: 'Product type' }, 'slug', input.slug),
  ]);

  const pks = (input.productAttributes ?? []).map((id) => inputPk('Attribute', id, 'productAttributes'));
  const variantPks = (input.variantAttributes ?? []).map((id) =>
    inputPk('Attribute', id, 'variantAttributes'),
  );
  if ([...pks, ...variantPks].some((pk) => !store.attributes.has(pk)))
    throw notInSandbox('productTypeCreate with an unknown attribute');
  const pk = store.next.productType++;
  const productType: ProductTypeRecord = {
    kind: 'ProductType',
    pk,
    name,
    slug: input.slug || slugFor(name, (slug) => findBySlug(store.productTypes, slug) !== undefined),
    hasVariants: input.hasVariants ?? true,
    attributes: pks.map((a) => ({ pk: a, sortOrder: null })),
    variantAttributes: variantPks,
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
