import type { Actual } from '../core/actual-state.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit } from '../core/json/records.ts';
import { kindOf } from '../core/resource-ref.ts';
import type { Change, Inputs } from '../diff/model.ts';
import { type Field, fieldsOf } from './field-diff.ts';
import type { Hazard } from './generated/plan.js';
import { removesValue } from './revert/revert-diff.ts';
import { comparedProducts, type SnapshotExtent } from './snapshots/extent.ts';
import { lostMembers, usersOf } from './value-usage.ts';

/** The closed list of hazards. Readers recompute them from the changes and never trust those in the file. */
export const HAZARDS = {
  adopts_value:
    'An existing value is renamed to the key; its id and its products stay, its filter slug changes.',
  bulk_change: 'Many products change at once (30 % of those compared, from 10 on).',
  cannot_be_undone:
    '`revert` cannot take this back: it removes no attribute and no translation, and a deleted value stays deleted.',
  changes_offering_id: 'cp_offering_id of a product that had another one.',
  clears_attribute: 'A product loses all values of an attribute.',
  creates_attribute: 'A new attribute, which appears in the dashboard and in filters.',
  deletes_used_value:
    'A value is deleted that products or variants still have: each of them loses it without a word.',
  deletes_metadata: 'A metadata key is removed from a product.',
  removes_last_member:
    'No compared product has this value of the attribute any more: a filter for it finds none of them.',
  renames_value: 'The name that shoppers read changes.',
  replaces_reference:
    'A value gets another external reference: a system that knows the value by the old one no longer finds it.',
  slug_changes: 'The slug changes, and with it filter URLs that name it.',
  unassigns_attribute:
    'All products of a type lose the attribute; their values come back if it is assigned again.',
} as const;

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
  const all = [...found, ...lost, ...bulk(changes, comparedProducts(inputs))];
  const unique = new Map(all.map((hazard) => [`${hazard.code} ${hazard.ref}`, hazard]));
  return [...unique.values()].sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.ref, b.ref));
}

/** octoDNS's threshold: a wrong query reaches this share, everyday work does not. */
const BULK = { share: 0.3, from: 10 };

function bulk(changes: readonly Change[], compared: number): readonly Hazard[] {
  const products = changes.filter(({ ref }) => kindOf(ref) === 'product').length;
  return products >= BULK.from && products > compared * BULK.share
    ? [{ code: 'bulk_change', ref: 'shop' }]
    : [];
}

function codesOf(change: Change, actual: Actual, changes: readonly Change[]): readonly HazardCode[] {
  switch (kindOf(change.ref)) {
    case 'attribute':
      return ['creates_attribute', 'cannot_be_undone'];
    case 'assignment':
      return change.action === 'delete' ? ['unassigns_attribute'] : [];
    case 'translation':
      return change.action === 'create' ? ['cannot_be_undone'] : [];
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
