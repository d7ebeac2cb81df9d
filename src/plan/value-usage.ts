import {
  type Actual,
  membersIn,
  type Product,
  type ProductDocument,
  valuesOf,
} from '../core/actual-state.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import { memberNamer } from '../diff/member-names.ts';
import type { Change, Inputs } from '../diff/model.ts';
import { indexTerms } from '../diff/term-index.ts';
import { diffValues } from '../diff/value-changes.ts';
import { type SnapshotExtent, valuesBeyondSnapshots } from './snapshots/extent.ts';

/** Number of products, variants and pages in the whole shop with the value that a change deletes; 0: not counted. */
export function usersOf({ ref: address, ids }: Change, { attributes }: Pick<Actual, 'attributes'>): number {
  const values = Object.values(valuesOf({ attributes }, partsOf(address)[1]));
  return values.find(({ id }) => id === ids['value'])?.users ?? 0;
}

/** Refs of values that a compared product has before these changes and none has after them, sorted. */
export function lostMembers(changes: readonly Change[], inputs: Inputs & SnapshotExtent): readonly string[] {
  const products = changes.filter((change) => kindOf(change.ref) === 'product');
  const removed = removedBy(products);
  if (removed.size === 0) return [];
  const changed = new Set(products.map((change) => change.ref));
  const { availability } = diffValues(inputs, indexTerms(inputs).index);
  for (const [attribute, slugs] of valuesBeyondSnapshots(inputs))
    for (const slug of slugs)
      takeOut(removed, attribute, availability.get(attribute)?.members.get(slug) ?? slug);
  const { products: all } = inputs.actual;
  const named = memberNamer(inputs, availability);
  function* after(): Generator<ProductDocument> {
    for (const change of products) yield change.after as ProductDocument;
    for (const slug in all) if (!changed.has(ref.product(slug))) yield named(all[slug] as Product);
  }
  for (const { attributes } of after()) {
    if (removed.size === 0) break;
    for (const attribute of [...removed.keys()])
      for (const member of membersIn(own(attributes, attribute))) takeOut(removed, attribute, member);
  }
  return [...removed]
    .flatMap(([attribute, members]) => [...members].map((member) => ref.value(attribute, member)))
    .sort();
}

/** Attribute → members; no set is empty. */
type Members = Map<string, Set<string>>;

function removedBy(changes: readonly Change[]): Members {
  const removed: Members = new Map();
  for (const { before, after } of changes) {
    const { attributes } = after as ProductDocument;
    for (const [attribute, assigned] of Object.entries((before as ProductDocument).attributes)) {
      const now = own(attributes, attribute);
      if (now === assigned) continue;
      const kept = membersIn(now);
      const lost = membersIn(assigned).filter((member) => !kept.includes(member));
      if (lost.length === 0) continue;
      const members = removed.get(attribute) ?? new Set();
      for (const member of lost) members.add(member);
      removed.set(attribute, members);
    }
  }
  return removed;
}

function takeOut(removed: Members, attribute: string, member: string): void {
  const members = removed.get(attribute);
  if (members?.delete(member) && members.size === 0) removed.delete(attribute);
}
