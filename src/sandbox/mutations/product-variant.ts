import type { Context, Resolvers } from '../graphql/context.ts';
import { InputError, notInSandbox } from '../graphql/errors.ts';
import { PRODUCTS, requirePermission } from '../graphql/permissions.ts';
import { decodeId, inputPk } from '../store/global-ids.ts';
import { insertVariant, type Store } from '../store/store.ts';
import {
  type AssignmentEntry,
  type AssignmentInput,
  entryProblems,
  resolveEntries,
} from './attribute-inputs.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

interface VariantInput {
  readonly product: string;
  readonly sku?: string | null;
  readonly name?: string | null;
  readonly attributes?: readonly AssignmentInput[] | null;
}

/** The values that an input names by id; other ways to name them are in no recording. */
function valuePks(store: Store, { attribute, input }: AssignmentEntry): readonly number[] {
  const picks = attribute.inputType === 'DROPDOWN' ? [input.dropdown] : (input.multiselect ?? []);
  return picks.map((pick) => {
    const pk = Number(decodeId(pick?.id ?? '')?.key);
    if (store.values.get(pk)?.attribute !== attribute.pk)
      throw notInSandbox('this way to name the value of a variant');
    return pk;
  });
}

function create({ input }: { input: VariantInput }, { store, caller }: Context) {
  requirePermission(caller, [PRODUCTS]);
  refuseUnknownMembers('productVariantCreate', input, ['product', 'sku', 'name', 'attributes']);
  const product = store.products.get(inputPk('Product', input.product, 'product'));
  if (!product) throw notInSandbox('a variant of an unknown product');
  const pks = store.productTypes.get(product.type)?.variantAttributes ?? [];
  const entries = resolveEntries(store, pks, input.attributes ?? []);
  const problems = entryProblems(entries);
  if (problems.length > 0) throw new InputError(problems);
  const assigned = entries.map((entry) => [entry.attribute.pk, valuePks(store, entry)] as const);
  const sku = input.sku ?? null;
  const productVariant = insertVariant(store, { product: product.pk, name: input.name ?? sku ?? '', sku });
  for (const [pk, values] of assigned) productVariant.assigned.set(pk, values);
  return { productVariant };
}

export const variantMutations: Resolvers = { productVariantCreate: mutationResolver(create) };
