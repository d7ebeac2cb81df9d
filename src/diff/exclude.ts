import { isSame, type Json, type JsonObject, own, sortedRecord } from '../state/json.ts';
import type { Problem } from '../state/problem.ts';
import type { Change, Exclusion } from './inputs.ts';
import { patchOf } from './patch.ts';

/** Holds changes back on request; what is held back is told as a note, and what needs it is held back with it. */
export function exclude(
  changes: readonly Change[],
  exclusions: readonly Exclusion[],
): { changes: readonly Change[]; problems: readonly Problem[] } {
  if (exclusions.length === 0) return { changes, problems: [] };
  const problems: Problem[] = [];
  const gone = new Set<string>();
  const kept = changes.flatMap((change) => {
    const mine = exclusions.filter((exclusion) => exclusion.ref === change.ref);
    const missing = change.needs.find((need) => gone.has(need));
    if (missing !== undefined) {
      gone.add(change.ref);
      problems.push(note(change.ref, 'held_back_with', { needs: missing }));
      return [];
    }
    const rest = mine.reduce<Change | null>(
      (left, exclusion) => (left === null ? null : hold(left, exclusion)),
      change,
    );
    for (const { field, reason } of mine) problems.push(note(change.ref, 'held_back', { field, reason }));
    if (rest === null) gone.add(change.ref);
    return rest === null ? [] : [rest];
  });
  return { changes: kept, problems };
}

const note = (ref: string, code: string, data: JsonObject): Problem => ({
  severity: 'note',
  code,
  ref,
  data,
});

/** The change without the field; null when nothing is left of it. A create or a delete is held back whole. */
function hold(change: Change, { field }: Exclusion): Change | null {
  if (field === null || change.action !== 'update') return null;
  const [part, name] = splitField(field);
  const before = change.before as JsonObject;
  const after = change.after as JsonObject;
  const held =
    name === null
      ? put(after, part, own(before, part))
      : put(
          after,
          part,
          put(own(after, part) as JsonObject, name, own(own(before, part) as JsonObject, name)),
        );
  return isSame(before, held) ? null : { ...change, after: held, patch: patchOf(before, held) };
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
