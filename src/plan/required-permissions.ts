import { kindOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';

/** The permissions that these changes need (docs/saleor.md#permissions), sorted. */
export function permissionsFor(changes: readonly Change[]): readonly string[] {
  const needed = changes.flatMap(({ ref, action }) => {
    const kind = kindOf(ref);
    if (kind === 'product') return ['MANAGE_PRODUCTS'];
    if (kind === 'translation') return ['MANAGE_TRANSLATIONS'];
    // The products of a value are counted before it is deleted, and only MANAGE_PRODUCTS sees all of them.
    const counting = action === 'delete' ? ['MANAGE_PRODUCTS'] : [];
    return ['MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', ...counting];
  });
  return [...new Set(needed)].sort();
}
