import type { ResourceDocument } from '../core/desired-state.ts';
import { isSame, type Json } from '../core/json/canonical-json.ts';
import { fieldAt } from '../diff/field-path.ts';
import type { Change } from '../diff/model.ts';
import { type Field, fieldsOf } from '../plan/field-diff.ts';
import type { ShopView } from './shop-view.ts';

/** A field that is neither as the plan saw it nor as the plan wants it. */
export interface Conflict {
  readonly ref: string;
  readonly field: string;
  readonly planned_from: Json | undefined;
  readonly now: Json | undefined;
  readonly planned_to: Json | undefined;
  readonly because: string | null;
}

/** One change against the shop, field by field: only the fields that the plan changes are looked at. */
export interface Assessment {
  readonly change: Change;
  readonly pending: readonly Field[];
  readonly already: readonly Field[];
  readonly conflicts: readonly Conflict[];
}

/** At before: pending. At after: already. Anything else: a conflict. */
export function assess(change: Change, now: ShopView): Assessment {
  const fields = comparable(change);
  const identity = now.otherIdentity(change);
  if (identity !== null) {
    const conflict = {
      ref: change.ref,
      field: '',
      planned_from: undefined,
      now: undefined,
      planned_to: undefined,
      because: identity,
    };
    return { change, pending: [], already: [], conflicts: [conflict] };
  }
  const document = now.document(change);
  const pending: Field[] = [];
  const already: Field[] = [];
  const conflicts: Conflict[] = [];
  for (const field of fields) {
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

/** Without the slug that Saleor decides by itself in mode `external_reference`. */
function comparable(change: Change): readonly Field[] {
  const strip = (document: ResourceDocument): ResourceDocument => {
    if (document === null || !Object.hasOwn(document, 'external_reference')) return document;
    const { slug: _, ...rest } = document;
    return rest;
  };
  return fieldsOf({ ref: change.ref, before: strip(change.before), after: strip(change.after) });
}
