import type { HazardCode } from '../../plan/hazards.ts';
import type { FilePin, RuleSet } from '../generated/policy.js';

/** The complete rules for one target. */
export interface Rules {
  readonly mode: 'approvals' | 'merge';
  readonly approvals: number;
  readonly signatures: 'required' | 'optional';
  readonly allowed_signers: FilePin | null;
  readonly revoked_keys: FilePin | null;
  readonly author_may_approve: boolean;
  readonly max_age_hours: number;
  readonly must_be_accepted: readonly HazardCode[];
  readonly products: { readonly share: number; readonly from: number } | null;
  readonly needs_whole_snapshots: boolean;
  readonly merge: { readonly ref: string; readonly squash: 'refuse' | 'trust_forge' } | null;
}

export type { FilePin } from '../generated/policy.js';

/** How long an approval lasts where no policy sets it. */
export const DEFAULT_MAX_AGE_HOURS = 72;

/** The rules without a policy file: one approval, signed or not, of the last 72 hours. */
export const NO_POLICY: Rules = rulesOf({});

/** Completes a rule set of the policy file with the defaults. */
export function rulesOf(given: RuleSet): Rules {
  const mode = given.mode ?? 'approvals';
  return {
    mode,
    approvals: given.approvals ?? (mode === 'merge' ? 0 : 1),
    signatures: given.signatures ?? 'optional',
    allowed_signers: given.allowed_signers ?? null,
    revoked_keys: given.revoked_keys ?? null,
    author_may_approve: given.author_may_approve ?? true,
    max_age_hours: given.max_age_hours ?? DEFAULT_MAX_AGE_HOURS,
    must_be_accepted: (given.hazards?.must_be_accepted ?? []) as readonly HazardCode[],
    products: given.thresholds?.products ?? null,
    needs_whole_snapshots: given.allow_partial_snapshots !== true,
    merge: given.merge ?? null,
  };
}
