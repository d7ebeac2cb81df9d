import { type Assigned, membersIn } from '../core/actual-state.ts';
import { own } from '../core/json/canonical-json.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Field } from '../plan/field-diff.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { ShopView } from './shop-view.ts';

/**
 * A change against the shop, together with what it stands on: a value that a product needs and that is gone, or one that
 * came and would get a twin, is a conflict too.
 */
export function assessWithPreconditions(
  plan: Plan,
  change: Change,
  now: ShopView,
  tracker: OutcomeTracker,
): Assessment {
  const found = assess(change, now);
  if (found.pending.length === 0) return found;
  const because = twinOf(change, now, tracker) ?? goneFor(plan, found, now);
  if (because === null) return found;
  const { ref: address } = change;
  const conflict = {
    ref: address,
    field: '',
    planned_from: undefined,
    now: undefined,
    planned_to: undefined,
    because,
  };
  return { ...found, conflicts: [...found.conflicts, conflict] };
}

/** A value that someone made meanwhile and that stands for the term under another spelling; not what we made ourselves. */
function twinOf(change: Change, now: ShopView, tracker: OutcomeTracker): string | null {
  if (kindOf(change.ref) !== 'value' || change.action !== 'create') return null;
  const stands = now.termMatch(change);
  if (stands?.kind !== 'adoptable') return null;
  const [, attribute, key] = partsOf(change.ref);
  const isOurs = stands.value.reference === reference(attribute, key) && tracker.mayBeOurs(change.ref);
  return isOurs ? null : `a value "${stands.value.name}" with the slug ${stands.slug} stands for it now`;
}

/** What it needs, if nothing in the plan makes it. */
function goneFor(plan: Plan, found: Assessment, now: ShopView): string | null {
  const lacking = missingPrecondition(plan, found, now);
  if (lacking === null) return null;
  const isMade = plan.changes.some(({ ref: made, action }) => made === lacking && action !== 'delete');
  return isMade ? null : `it needs ${lacking}, which is gone`;
}

/** Ref of the first thing that the pending fields stand on and the shop does not show; null: their steps can be made. */
export function missingPrecondition(
  plan: Plan,
  { change, pending }: Assessment,
  now: ShopView,
): string | null {
  const [, first, second] = partsOf(change.ref);
  const attribute = (slug: string) => (now.attributeId(slug) === undefined ? ref.attribute(slug) : null);
  const value = (slug: string, key: string) =>
    now.valueId(slug, key) === undefined ? ref.value(slug, key) : null;
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
        const lacking = lackingField(plan, field, now);
        if (lacking !== null) return lacking;
      }
      return null;
  }
}

/** An attribute of the contract's type, and each value that the product shall have. */
function lackingField({ contract }: Plan, { name, after }: Field, now: ShopView): string | null {
  if (!name.startsWith('attributes.')) return null;
  const slug = name.slice('attributes.'.length);
  const wanted = contract.attributes.find((rule) => rule.slug === slug)?.input_type;
  if (own(now.actual.attributes, slug)?.input_type !== wanted) return ref.attribute(slug);
  const keys = membersIn(after as Assigned | undefined);
  const lacking = keys.find((key) => now.valueId(slug, key) === undefined);
  return lacking === undefined ? null : ref.value(slug, lacking);
}
