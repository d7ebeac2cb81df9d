import type { Target } from '../core/actual-state.ts';
import { digest } from '../core/json/canonical-json.ts';

/** A target without its channel: a shop has one lock and one archive for all channels. */
export const shopOf = ({ name, api_url }: Target): Target => ({ name, api_url });

/** A readable file name for a shop, different for different shops. */
export function fileNameOf(target: Target): string {
  const word = (target.name ?? (URL.canParse(target.api_url) ? new URL(target.api_url).host : 'shop'))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${word.replace(/^-|-$/g, '') || 'shop'}-${digest(shopOf(target)).slice(0, 8)}`;
}
