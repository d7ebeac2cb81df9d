import { type Finding, infoFinding, passed, refused, refusedBy } from '../finding.ts';
import type { VerifyInput } from '../verification.ts';
import { rulesFor } from './policy.ts';
import { NO_POLICY, type Rules } from './rules.ts';

/** Selects the rules for the plan's target. `rules` null: none apply, and a finding refuses the plan. */
export function selectRules(input: VerifyInput): {
  readonly rules: Rules | null;
  readonly findings: readonly Finding[];
} {
  const { policy, plan, formerPolicy } = input;
  if (policy === null) {
    const finding = noPolicyFinding(input);
    return { rules: finding.refusal === null ? NO_POLICY : null, findings: [finding] };
  }
  const findings = [passed('policy', `sailplan.policy.json, sha256 ${policy.digest}`)];
  if (input.noPolicy) {
    findings.push(
      refused(
        'policy',
        'policy_refused',
        '--no-policy was given, but there is a policy',
        'Leave --no-policy out.',
      ),
    );
  }
  if (formerPolicy !== null && formerPolicy !== policy.digest) {
    findings.push(
      infoFinding(
        'policy',
        `The policy is not the one of the last apply to this target (sha256 ${formerPolicy}): see what was changed in it.`,
      ),
    );
  }
  try {
    return { rules: rulesFor(policy, plan.target), findings };
  } catch (error) {
    return { rules: null, findings: [...findings, refusedBy('policy', error)] };
  }
}

function noPolicyFinding({ formerPolicy, isTerminal, noPolicy }: VerifyInput): Finding {
  if (formerPolicy !== null) {
    return refused(
      'policy',
      'policy_missing',
      `this target was applied under a policy before (sha256 ${formerPolicy}), and no sailplan.policy.json is found now`,
      'Run from the checkout that holds the policy, or restore it; --no-policy does not help here.',
    );
  }
  if (isTerminal || noPolicy) {
    return infoFinding('policy', 'No policy file was found: one approval, signed or not, was enough.');
  }
  return refused(
    'policy',
    'policy_missing',
    'no sailplan.policy.json is found, and there is no terminal where a person could answer for that',
    'Add a policy (docs/approval.md), or spell out --no-policy.',
  );
}
