import type { Change } from '../diff/inputs.ts';
import { kindOf } from '../state/ref.ts';

/** The permissions that these changes need (facts/saleor §10), sorted. */
export function permissionsFor(changes: readonly Change[]): readonly string[] {
  const needed = changes.map(({ ref }) => {
    const kind = kindOf(ref);
    if (kind === 'product') return 'MANAGE_PRODUCTS';
    return kind === 'translation' ? 'MANAGE_TRANSLATIONS' : 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES';
  });
  return [...new Set(needed)].sort();
}
