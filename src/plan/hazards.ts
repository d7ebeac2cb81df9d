import type { Actual } from '../core/actual-state.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { kindOf } from '../core/resource-ref.ts';
import type { Change, Inputs } from '../diff/model.ts';
import { type Field, fieldsOf } from './field-diff.ts';
import type { Hazard } from './generated/plan.js';
import { removesValue } from './revert/revert-diff.ts';
import { comparedProducts, type SnapshotExtent } from './snapshots/extent.ts';
import { lostMembers, usersOf } from './value-usage.ts';

/** Of a hazard: `danger` loses something for good, `warning` needs a reviewer's look, `note` is a fact that decides nothing. */
export type HazardSeverity = 'danger' | 'warning' | 'note';

interface HazardText {
  readonly severity: HazardSeverity;
  readonly meaning: string;
}

/**
 * The closed list of hazards. Readers recompute them from the changes and never trust those in the file. The severity belongs
 * to the code, so a plan does not store it.
 */
export const HAZARDS = {
  adopts_value: {
    severity: 'warning',
    meaning:
      'An existing value is renamed to the key. It keeps its id and its products; its filter slug changes.',
  },
  bulk_change: {
    severity: 'warning',
    meaning: 'At least 10 products change, and more than 30 % of those compared.',
  },
  cannot_be_undone: {
    severity: 'danger',
    meaning: 'A value is deleted. `revert` cannot restore it.',
  },
  changes_offering_id: {
    severity: 'warning',
    meaning: 'The cp_offering_id of a product changes.',
  },
  clears_attribute: {
    severity: 'warning',
    meaning: 'A product loses all its values of an attribute.',
  },
  creates_attribute: {
    severity: 'note',
    meaning:
      'An attribute is created. `revert` does not delete it; you can delete it in Saleor. Saleor lists it among the storefront’s filters only after you set filterableInStorefront.',
  },
  creates_translation: {
    severity: 'note',
    meaning:
      'A value gets its first translation in a language. Saleor can change it later, but not remove it.',
  },
  deletes_used_value: {
    severity: 'danger',
    meaning:
      'A value is deleted although products or variants have it. They lose it, and Saleor does not report that.',
  },
  deletes_metadata: {
    severity: 'warning',
    meaning: 'A metadata key is removed from a product.',
  },
  removes_last_member: {
    severity: 'warning',
    meaning: 'No compared product has this value any more: a filter by it finds none of them.',
  },
  renames_value: {
    severity: 'warning',
    meaning: 'The name of a value changes. Shoppers see it if no translation is shown.',
  },
  replaces_reference: {
    severity: 'warning',
    meaning:
      'The external reference of a value changes. A system that uses the old one no longer finds the value.',
  },
  slug_changes: {
    severity: 'warning',
    meaning: 'The slug of a value changes. Links to filters with the old slug find nothing.',
  },
  unassigns_attribute: {
    severity: 'warning',
    meaning:
      'All products of a type lose the attribute. Their values come back if the attribute is assigned again.',
  },
} as const satisfies Readonly<Record<string, HazardText>>;

/** Whether a reviewer must look at it; a fact is in the list too, so that a policy can name it. */
export const isAlarming = ({ code }: Hazard): boolean => severityOf(code) !== 'note';

/** A code that this version does not know counts as a warning. */
export const severityOf = (code: string): HazardSeverity =>
  own<HazardText>(HAZARDS, code)?.severity ?? 'warning';

export type HazardCode = keyof typeof HAZARDS;

export type { Hazard } from './generated/plan.js';

/** Every hazard of every change, by code and ref. */
export function hazardsOf(changes: readonly Change[], inputs: Inputs & SnapshotExtent): readonly Hazard[] {
  const { actual } = inputs;
  const found = changes.flatMap((change) =>
    codesOf(change, actual, changes).map((code) => ({ code, ref: change.ref })),
  );
  // An inverse plan compares only what it puts back, so it does not know what other products have.
  const isInverse = inputs.desired.reverts !== undefined;
  const lost = (isInverse ? [] : lostMembers(changes, inputs)).map((ref) => ({
    code: 'removes_last_member' as const,
    ref,
  }));
  const all = [...found, ...lost, ...bulk(changes, inputs)];
  const unique = new Map(all.map((hazard) => [`${hazard.code} ${hazard.ref}`, hazard]));
  return [...unique.values()].sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.ref, b.ref));
}

/** octoDNS's threshold: a wrong query reaches this share, everyday work does not. */
const BULK = { share: 0.3, from: 10 };

function bulk(
  changes: readonly Change[],
  inputs: SnapshotExtent & { readonly actual: Actual },
): readonly Hazard[] {
  const products = changes.filter(({ ref }) => kindOf(ref) === 'product').length;
  return products >= BULK.from && products > comparedProducts(inputs) * BULK.share
    ? [{ code: 'bulk_change', ref: 'shop' }]
    : [];
}

function codesOf(change: Change, actual: Actual, changes: readonly Change[]): readonly HazardCode[] {
  switch (kindOf(change.ref)) {
    case 'attribute':
      return ['creates_attribute'];
    case 'assignment':
      return change.action === 'delete' ? ['unassigns_attribute'] : [];
    case 'translation':
      return change.action === 'create' ? ['creates_translation'] : [];
    case 'value':
      return valueCodes(change, actual, changes);
    case 'product':
      return fieldsOf(change).flatMap(productCodes);
  }
}

function valueCodes(change: Change, actual: Actual, changes: readonly Change[]): readonly HazardCode[] {
  const { action, reason, before, after } = change;
  if (action === 'delete') {
    const freed =
      reason === 'reverted' ? changes.filter((other) => removesValue(other, change.ref)).length : 0;
    const isUsed = usersOf(change, actual) > freed;
    return ['cannot_be_undone', ...(isUsed ? (['deletes_used_value'] as const) : [])];
  }
  if (action === 'create') return [];
  const [left, right] = [before as JsonObject, after as JsonObject];
  return [
    ...(reason === 'adopted' ? (['adopts_value'] as const) : []),
    ...(isReplaced(left['external_reference'], right['external_reference'])
      ? (['replaces_reference'] as const)
      : []),
    ...(left['name'] === right['name'] ? [] : (['renames_value'] as const)),
    ...(left['slug'] === right['slug'] ? [] : (['slug_changes'] as const)),
  ];
}

const isReplaced = (before: Json | undefined, after: Json | undefined): boolean =>
  typeof before === 'string' && before !== after;

function productCodes({ name, before, after }: Field): readonly HazardCode[] {
  if (name.startsWith('attributes.')) return !isEmpty(before) && isEmpty(after) ? ['clears_attribute'] : [];
  if (after === undefined) return ['deletes_metadata'];
  return name === 'metadata.cp_offering_id' && before !== undefined ? ['changes_offering_id'] : [];
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
