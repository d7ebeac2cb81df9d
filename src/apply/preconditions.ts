import { type Assigned, membersIn } from '../core/actual-state.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Field } from '../plan/field-diff.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess, wholeConflict } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { ShopView } from './shop-view.ts';

/**
 * Compares a change and its preconditions with the shop. Also a conflict: a value that the change needs and somebody
 * deleted, and a value that somebody created for the same term.
 */
export function assessWithPreconditions(
  plan: Plan,
  change: Change,
  view: ShopView,
  tracker: OutcomeTracker,
): Assessment {
  const found = assess(change, view);
  if (found.pending.length === 0) return found;
  const because = duplicateValue(change, view, tracker) ?? deletedNeed(plan, found, view);
  if (because === null) return found;
  return { ...found, conflicts: [...found.conflicts, wholeConflict(change.ref, because)] };
}

/** A value that somebody else created for the term, maybe spelled differently; null: none. */
function duplicateValue(change: Change, view: ShopView, tracker: OutcomeTracker): string | null {
  if (kindOf(change.ref) !== 'value' || change.action !== 'create') return null;
  const match = view.termMatch(change);
  const found = match?.kind === 'adoptable' ? [match] : match?.kind === 'ambiguous' ? match.values : [];
  const [, attribute, key] = partsOf(change.ref);
  const isOurs = tracker.mayBeOurs(change.ref);
  const other = found.find(({ value }) => !isOurs || value.reference !== reference(attribute, key));
  return other === undefined
    ? null
    : `a value "${other.value.name}" with the slug ${other.slug} now represents it`;
}

/** Why a change's need cannot be met: the shop does not have it and no change creates it; null: it can. */
function deletedNeed(plan: Plan, found: Assessment, view: ShopView): string | null {
  const missing = missingPrecondition(plan, found, view);
  if (missing === null) return null;
  const isPlanned = plan.changes.some((change) => change.ref === missing && change.action !== 'delete');
  return isPlanned ? null : `it needs ${missing}, which no longer exists`;
}

/** Ref of the first resource that the pending fields need and the shop does not have; null: the steps can be built. */
export function missingPrecondition(
  plan: Plan,
  { change, pending }: Assessment,
  view: ShopView,
): string | null {
  const [, first, second] = partsOf(change.ref);
  const attribute = (slug: string) => (view.attributeId(slug) === undefined ? ref.attribute(slug) : null);
  const value = (slug: string, key: string) =>
    view.valueId(slug, key) === undefined ? ref.value(slug, key) : null;
  switch (kindOf(change.ref)) {
    case 'attribute':
      return null;
    case 'assignment':
      return attribute(second);
    case 'value':
      return change.action === 'create' ? attribute(first) : value(first, second);
    case 'translation':
      return value(first, second);
    case 'product':
      for (const field of pending) {
        const missing = missingForField(plan, field, view);
        if (missing !== null) return missing;
      }
      return null;
  }
}

/** A product's attribute needs the contract's input type, and each of its values must exist. */
function missingForField({ contract }: Plan, { name, after }: Field, view: ShopView): string | null {
  if (!name.startsWith('attributes.')) return null;
  const slug = name.slice('attributes.'.length);
  const inputType = contract.attributes.find((rule) => rule.slug === slug)?.input_type;
  if (own(view.actual.attributes, slug)?.input_type !== inputType) return ref.attribute(slug);
  const keys = membersIn(after as Assigned | undefined);
  const missing = keys.find((key) => view.valueId(slug, key) === undefined);
  return missing === undefined ? null : ref.value(slug, missing);
}
