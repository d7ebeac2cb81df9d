import type { ShopInventory } from '../../contract/inventory.ts';
import { plural } from '../../core/text/counting.ts';
import { entryOf, type NeededOrigin } from '../ask-origins.ts';

/** The shop in one line. */
export function shopText({ name, version, permissions, types, attributes }: ShopInventory): string {
  const held = permissions.join(', ') || 'none of the required permissions';
  const figures = `${plural(types.length, 'product type')}, ${plural(attributes.length, 'attribute')}`;
  return `Saleor: ${name}, version ${version}; ${figures}; the token has ${held}`;
}

/** What a new terminal and CI need: a config file alone sends a token nowhere. `origins`: those that are not remembered. */
export const environmentText = (origins: readonly NeededOrigin[]): string =>
  origins.length === 0
    ? 'In every new terminal set SALEOR_TOKEN (WAGTAIL_TOKEN for a private site). CI needs SAILPLAN_ALLOWED_ORIGINS too.'
    : `In this and every new terminal, and in CI, set SALEOR_TOKEN (WAGTAIL_TOKEN for a private site) and\n  export SAILPLAN_ALLOWED_ORIGINS=${origins.map(entryOf).join(',')}`;
