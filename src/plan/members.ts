import type { Change, Inputs } from '../diff/inputs.ts';
import { documentOf } from '../diff/products.ts';
import { indexTerms } from '../diff/terms.ts';
import { diffValues } from '../diff/values.ts';
import type { Actual, Product, ProductDocument } from '../state/actual.ts';
import { type Json, own } from '../state/json.ts';
import { kindOf, partsOf, ref } from '../state/ref.ts';
import type { Rest } from './rest.ts';

/** How many products of the shop have the value that a change deletes. */
export function usersOf({ ref: address, ids }: Change, { attributes }: Pick<Actual, 'attributes'>): number {
  const values = own(attributes, partsOf(address)[1])?.values ?? {};
  return Object.values(values).find(({ id }) => id === ids['value'])?.users ?? 0;
}

/** Refs of values that some compared product has before these changes and none has after them, sorted. */
export function lostMembers(changes: readonly Change[], inputs: Inputs, rest?: Rest): readonly string[] {
  const products = changes.filter((change) => kindOf(change.ref) === 'product');
  const removed = new Set(products.flatMap(({ before, after }) => removedMembers(before, after)));
  if (removed.size === 0) return [];
  const changed = new Set(products.map((change) => change.ref));
  const { shelves } = diffValues(inputs, indexTerms(inputs).index);
  for (const [attribute, values] of Object.entries(rest?.values ?? {}))
    for (const slug of Object.keys(values))
      removed.delete(ref.value(attribute, shelves.get(attribute)?.members.get(slug) ?? slug));
  const { products: all } = inputs.actual;
  function* after(): Generator<ProductDocument> {
    for (const change of products) yield change.after as unknown as ProductDocument;
    for (const slug in all)
      if (!changed.has(ref.product(slug))) yield documentOf(inputs, all[slug] as Product, shelves);
  }
  for (const document of after()) {
    if (removed.size === 0) break;
    for (const member of membersIn(document)) removed.delete(member);
  }
  return [...removed].sort();
}

const removedMembers = (before: Json, after: Json): readonly string[] => {
  const kept = new Set(membersIn(after as unknown as ProductDocument));
  return membersIn(before as unknown as ProductDocument).filter((member) => !kept.has(member));
};

/** A document's terms, as refs of values; a boolean's are none. */
function membersIn({ attributes }: ProductDocument): readonly string[] {
  return Object.entries(attributes).flatMap(([attribute, assigned]) => {
    const members =
      typeof assigned === 'string'
        ? [assigned]
        : typeof assigned === 'object' && assigned !== null
          ? Object.keys(assigned)
          : [];
    return members.map((member) => ref.value(attribute, member));
  });
}
