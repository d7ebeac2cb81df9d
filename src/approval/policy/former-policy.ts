import type { Target } from '../../core/actual-state.ts';
import { type Finding, infoFinding, refused } from '../finding.ts';
import type { Policy } from './policy.ts';
import { type RulesBefore, rulesOrNull } from './rules-before.ts';
import { weakenings } from './weaker.ts';

/** The policy under which a target was last applied, as the archive or the shop's mark names it. */
export interface FormerPolicy {
  /** SHA-256 of its file. */
  readonly digest: string;
  /** Its content, from a copy that has this digest; null: no copy is found. */
  readonly policy: Policy | null;
}

/** A policy now and what is known of how it came. */
export interface PolicyNow {
  readonly policy: Policy;
  readonly before: RulesBefore | null;
  readonly target: Target;
  readonly isTerminal: boolean;
}

/**
 * Refuses a policy that is weaker than the one of the last apply, unless git shows that it existed before the plan. On a
 * terminal a person may accept a policy that cannot be compared. null: it is the same policy.
 */
export function formerPolicyFinding(former: FormerPolicy | null, now: PolicyNow): Finding | null {
  const { policy, before, target, isTerminal } = now;
  if (former === null || former.digest === policy.digest) return null;
  const note = infoFinding(
    'policy',
    `The policy is not the one of the last apply to this target (sha256 ${former.digest}): check what changed in it.`,
  );
  if (before !== null && before.policyDigest === policy.digest) return note;
  if (former.policy === null && isTerminal) return note;
  const less =
    former.policy === null
      ? ['no copy of that policy exists, so they cannot be compared']
      : weakenings(rulesOrNull(former.policy, target), rulesOrNull(policy, target));
  return less.length === 0
    ? note
    : refused(
        'policy',
        'policy_refused',
        `the policy is weaker than the one of the last apply to this target (sha256 ${former.digest}): ${less.join('; ')}`,
        'Keep plans and policy in one git repository and merge the change of the policy before the plan, or restore the policy.',
      );
}
