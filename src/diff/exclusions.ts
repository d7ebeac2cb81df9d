import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame, type Json, type JsonObject, own, sortedRecord } from '../core/json/canonical-json.ts';
import { kindOf } from '../core/resource-ref.ts';
import { patchOf } from './json-patch.ts';
import type { Change, Exclusion } from './model.ts';

/** Holds changes back on request; what is held back is told as a note, and what needs it is held back with it. */
export function exclude(
  changes: readonly Change[],
  exclusions: readonly Exclusion[],
): { changes: readonly Change[]; problems: readonly Diagnostic[] } {
  if (exclusions.length === 0) return { changes, problems: [] };
  const problems: Diagnostic[] = [];
  const gone = new Set<string>();
  const kept = changes.flatMap((change) => {
    let rest: Change | null = change;
    for (const exclusion of exclusions) {
      if (exclusion.ref !== change.ref || rest === null) continue;
      const held: Change | null = hold(rest, exclusion);
      if (held === rest) continue;
      rest = held;
      problems.push(note(change.ref, 'held_back', { field: exclusion.field, reason: exclusion.reason }));
    }
    const missing = rest?.needs.find((need) => gone.has(need));
    if (missing !== undefined) {
      rest = null;
      problems.push(note(change.ref, 'held_back_with', { needs: missing }));
    }
    if (rest === null) gone.add(change.ref);
    return rest ?? [];
  });
  return { changes: kept, problems };
}

const note = (ref: string, code: string, data: JsonObject): Diagnostic => ({
  severity: 'note',
  code,
  ref,
  data,
});

/**
 * The change without the field; null when nothing is left of it, the change itself when it does not change the field.
 * A create or a delete is held back whole. A value's name and slug come and go together: Saleor derives one from the other.
 */
function hold(change: Change, { field }: Exclusion): Change | null {
  if (field === null || change.action !== 'update') return null;
  const isSpelling = kindOf(change.ref) === 'value' && (field === 'name' || field === 'slug');
  const before = change.before as JsonObject;
  const held = (isSpelling ? ['name', 'slug'] : [field]).reduce(
    (after, one) => withOld(before, after, one),
    change.after as JsonObject,
  );
  if (isSame(change.after, held)) return change;
  if (isSame(before, held)) return null;
  const needs = change.needs.filter((need) => !isFor(need, field));
  return { ...change, after: held, patch: patchOf(before, held), needs };
}

/** `after`, but for one field, which is as it was before. */
function withOld(before: JsonObject, after: JsonObject, field: string): JsonObject {
  const [part, name] = splitField(field);
  if (name === null) return put(after, part, own(before, part));
  const [old, now] = [own(before, part), own(after, part)];
  if (!isRecord(old) || !isRecord(now)) return after;
  return put(after, part, put(now, name, own(old, name)));
}

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a product needs a change for this field alone: a value or an assignment of the attribute. */
function isFor(need: string, field: string): boolean {
  const [kind, first, second] = need.split('.');
  return field === `attributes.${kind === 'assignment' ? second : first}`;
}

/** `attributes.gsv_roles` → attributes, gsv_roles; `name` → name. Metadata keys may hold dots. */
function splitField(field: string): [string, string | null] {
  const dot = field.indexOf('.');
  return dot === -1 ? [field, null] : [field.slice(0, dot), field.slice(dot + 1)];
}

function put(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const others = Object.entries(object).filter(([member]) => member !== name);
  return sortedRecord<Json>(value === undefined ? others : [...others, [name, value]]);
}
