import type { Desired } from '../core/desired-state.ts';
import { Failure } from '../core/failure.ts';

/** The default of the share by which the number of offerings may fall. */
const MAX_FALL_SHARE = 0.2;

/**
 * Absence is not deletion (docs/wagtail.md#absence-is-not-deletion): pages vanish when credentials, site or locale change.
 * `previous`: offerings of the last plan that converged; `maxShare`: 0 to 1. Throws a Failure (source_shrunk) with the figures.
 */
export function assertNotFallen(
  { offerings }: Desired,
  previous: number,
  maxShare: number = MAX_FALL_SHARE,
): void {
  const count = offerings.length;
  if (count >= previous * (1 - maxShare)) return;
  throw new Failure(
    'source_shrunk',
    `the source shows ${count} offerings, ${previous - count} fewer than the ${previous} of the last applied plan (more than ${maxShare * 100} %)`,
    'Were pages unpublished or made private, or did the credentials, site or locale change? If this is intended, raise wagtail.max_fall_share in the config.',
  );
}
