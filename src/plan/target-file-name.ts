import type { Target } from '../core/actual-state.ts';
import { digest } from '../core/json/canonical-json.ts';

/** The shop of a target, whatever the channel: it has one lock and one chain. */
export const shopOf = ({ name, api_url }: Target): Target => ({ name, api_url });

/** A file name for a shop: readable, and different for targets that differ. */
export function fileNameOf(target: Target): string {
  const word = (target.name ?? (URL.canParse(target.api_url) ? new URL(target.api_url).host : 'shop'))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${word.replace(/^-|-$/g, '') || 'shop'}-${digest(shopOf(target)).slice(0, 8)}`;
}
