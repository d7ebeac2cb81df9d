import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { kindOf } from '../core/resource-ref.ts';
import { fieldAt, withField } from './field-path.ts';
import { patchOf } from './json-patch.ts';
import type { Change, Exclusion } from './model.ts';

/**
 * Removes the changes, or fields of changes, that are excluded on request, and the changes that need them. Each gets a note.
 */
export function exclude(
  changes: readonly Change[],
  exclusions: readonly Exclusion[],
): { changes: readonly Change[]; problems: readonly Diagnostic[] } {
  if (exclusions.length === 0) return { changes, problems: [] };
  const problems: Diagnostic[] = [];
  const gone = new Set<string>();
  const kept = changes.flatMap((change) => {
    let remaining: Change | null = change;
    for (const exclusion of exclusions) {
      if (exclusion.ref !== change.ref || remaining === null) continue;
      const reduced: Change | null = excludeField(remaining, exclusion);
      if (reduced === remaining) continue;
      remaining = reduced;
      problems.push(note(change.ref, 'excluded', { field: exclusion.field, reason: exclusion.reason }));
    }
    const missing = remaining?.needs.find((need) => gone.has(need));
    if (missing !== undefined) {
      remaining = null;
      problems.push(note(change.ref, 'excluded_with', { needs: missing }));
    }
    if (remaining === null) gone.add(change.ref);
    return remaining ?? [];
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
 * The change without the field; null if nothing remains, the change itself if it does not change the field. A create or a
 * delete is excluded completely. A value's name and slug are excluded together, because Saleor derives one from the other.
 */
function excludeField(change: Change, { field }: Exclusion): Change | null {
  if (field === null || change.action !== 'update') return null;
  const isSpelling = kindOf(change.ref) === 'value' && (field === 'name' || field === 'slug');
  const before = change.before as JsonObject;
  const held = (isSpelling ? ['name', 'slug'] : [field]).reduce(
    (after, one) => withField(after, one, fieldAt(before, one)),
    change.after as JsonObject,
  );
  if (isSame(change.after, held)) return change;
  if (isSame(before, held)) return null;
  const needs = change.needs.filter((need) => !isFor(need, field));
  return { ...change, after: held, patch: patchOf(before, held), needs };
}

/** Whether a product needs a change for this field alone: a value or an assignment of the attribute. */
function isFor(need: string, field: string): boolean {
  const [kind, first, second] = need.split('.');
  return field === `attributes.${kind === 'assignment' ? second : first}`;
}
