import type { Diagnostic } from '../core/diagnostic.ts';
import { near } from '../core/text/did-you-mean.ts';
import type { Plan } from '../plan/plan.ts';
import { permissionsFor } from '../plan/required-permissions.ts';

/** Says it before anybody approves what this token could not apply. A token that may only read plans all the same. */
export const missingPermissions = (plan: Plan): readonly Diagnostic[] =>
  permissionsFor(plan.changes)
    .filter((permission) => !plan.actual.permissions.includes(permission))
    .map((permission) => ({
      severity: 'note',
      code: 'permission_missing_to_apply',
      ref: 'shop',
      data: { permission },
    }));

/**
 * Exclusions that match nothing: misspelt, or no longer needed. Outside the plan, which is the same with and without them.
 */
export function unmatchedExclusions({ options, changes, diagnostics }: Plan): readonly Diagnostic[] {
  const held = new Set(
    diagnostics.flatMap(({ code, ref, data }) =>
      code === 'held_back' ? [`${ref} ${data['field']}`] : code === 'held_back_with' ? [ref] : [],
    ),
  );
  const refs = changes.map(({ ref }) => ref);
  return options.exclude
    .filter(({ ref, field }) => !held.has(`${ref} ${field}`) && !held.has(ref))
    .map(({ ref, field, reason }) => ({
      severity: 'note',
      code: 'nothing_to_hold_back',
      ref,
      data: { field, reason, near: refs.includes(ref) ? [] : near(ref, refs) },
    }));
}
