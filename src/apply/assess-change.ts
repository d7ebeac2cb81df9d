import type { ResourceDocument } from '../core/desired-state.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { Json } from '../core/json/json-value.ts';
import { fieldAt } from '../diff/field-path.ts';
import type { Change } from '../diff/model.ts';
import { type Field, fieldsOf } from '../plan/field-diff.ts';
import type { ShopView } from './shop-view.ts';

/** A field whose value is neither the plan's `before` nor its `after`. undefined: the field does not exist. */
export interface Conflict {
  readonly ref: string;
  /** '': the whole resource. */
  readonly field: string;
  readonly planned_from: Json | undefined;
  readonly now: Json | undefined;
  readonly planned_to: Json | undefined;
  /** The reason where it is not the field's value; null: it is. */
  readonly because: string | null;
}

/** One change compared with the shop: only the fields that the plan changes. */
export interface Assessment {
  readonly change: Change;
  readonly pending: readonly Field[];
  readonly already: readonly Field[];
  readonly conflicts: readonly Conflict[];
}

/**
 * Compares a change with the shop, field by field. A field at `before` is pending, at `after` already there; any other
 * value is a conflict.
 */
export function assess(change: Change, view: ShopView): Assessment {
  const identity = view.otherIdentity(change);
  if (identity !== null) {
    return { change, pending: [], already: [], conflicts: [wholeConflict(change.ref, identity)] };
  }
  const document = view.document(change);
  const pending: Field[] = [];
  const already: Field[] = [];
  const conflicts: Conflict[] = [];
  for (const field of comparedFields(change)) {
    const value = fieldAt(document, field.name);
    if (isSame(value, field.after)) already.push(field);
    else if (isSame(value, field.before)) pending.push(field);
    else
      conflicts.push({
        ref: change.ref,
        field: field.name,
        planned_from: field.before,
        now: value,
        planned_to: field.after,
        because: null,
      });
  }
  return { change, pending, already, conflicts };
}

/** A conflict of the whole resource. */
export const wholeConflict = (ref: string, because: string): Conflict => ({
  ref,
  field: '',
  planned_from: undefined,
  now: undefined,
  planned_to: undefined,
  because,
});

/** Leaves out the slug in mode `external_reference`, where Saleor chooses it. */
function comparedFields(change: Change): readonly Field[] {
  const strip = (document: ResourceDocument): ResourceDocument => {
    if (document === null || !Object.hasOwn(document, 'external_reference')) return document;
    const { slug: _, ...rest } = document;
    return rest;
  };
  return fieldsOf({ ref: change.ref, before: strip(change.before), after: strip(change.after) });
}

/** `planned from {a} to {a, b}, but the shop shows {c}` */
export const conflictText = ({ planned_from, now, planned_to }: Conflict): string =>
  `planned from ${valueText(planned_from)} to ${valueText(planned_to)}, but the shop shows ${valueText(now)}`;

/** Each conflict with its field: what the plan wanted and what the shop shows. */
export const conflictsText = (conflicts: readonly Conflict[]): string =>
  conflicts
    .map(
      ({ field, ...rest }) =>
        `${field === '' ? '' : `${field}: `}${rest.because ?? conflictText({ field, ...rest })}`,
    )
    .join('; ');

/** A set as its members, any other value as JSON. */
function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value);
  return Object.values(value).every((member) => member === true)
    ? `{${members.join(', ')}}`
    : JSON.stringify(value);
}
