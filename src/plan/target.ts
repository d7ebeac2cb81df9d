import type { Target } from '../state/actual.ts';
import { digest, type Json } from '../state/json.ts';

/** A file name for a target: readable, and different for targets that differ. */
export function fileNameOf(target: Target): string {
  const word = (target.name ?? (URL.canParse(target.api_url) ? new URL(target.api_url).host : 'shop'))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${word.replace(/^-|-$/g, '') || 'shop'}-${digest(target as unknown as Json).slice(0, 8)}`;
}
