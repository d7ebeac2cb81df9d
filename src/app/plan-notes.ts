import { membersIn, type Product } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { ref } from '../core/resource-ref.ts';
import { near } from '../core/text/did-you-mean.ts';
import type { Plan } from '../plan/plan.ts';
import { permissionsFor } from '../plan/required-permissions.ts';
import type { UnnamedProducts } from '../saleor/read/unnamed-products.ts';

/** Reports, before anybody approves, permissions that this token lacks for applying. Such a token may still plan. */
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
      code === 'excluded' ? [`${ref} ${data['field']}`] : code === 'excluded_with' ? [ref] : [],
    ),
  );
  const refs = changes.map(({ ref }) => ref);
  return options.exclude
    .filter(({ ref, field }) => !held.has(`${ref} ${field}`) && !held.has(ref))
    .map(({ ref, field, reason }) => ({
      severity: 'note',
      code: 'nothing_to_exclude',
      ref,
      data: { field, reason, near: refs.includes(ref) ? [] : near(ref, refs) },
    }));
}

/** One warning on the products that no page names. Outside the plan: it compares what pages name, and these come and go. */
export function unnamedNote({ count, listed }: UnnamedProducts): readonly Diagnostic[] {
  if (count === 0) return [];
  const products = listed.map(({ slug, product }) => ({ slug, holds: heldBy(product) }));
  return [
    {
      severity: 'warning',
      code: 'products_without_page',
      ref: ref.shop,
      data: { products: count, listed: products },
    },
  ];
}

/** What of the contract a product has: `gsv_roles`, `cp_offering_id`. */
function heldBy({ document }: Product): readonly string[] {
  const attributes = Object.entries(document.attributes).flatMap(([slug, assigned]) =>
    typeof assigned === 'boolean' || membersIn(assigned).length > 0 ? [slug] : [],
  );
  return [...attributes, ...Object.keys(document.metadata)];
}
