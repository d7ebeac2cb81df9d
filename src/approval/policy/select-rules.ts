import { type Finding, infoFinding, passed, refused, refusedBy } from '../finding.ts';
import type { VerifyInput } from '../verification.ts';
import { formerPolicyFinding } from './former-policy.ts';
import { type Policy, rulesFor } from './policy.ts';
import { NO_POLICY, type Rules } from './rules.ts';
import { rulesBeforeFindings, rulingOn } from './rules-before.ts';

/**
 * Selects the policy and the rules for the plan's target. `rules` null: none apply, and a finding refuses the plan. A policy
 * that comes in the same pull request as its plan is not used if it is weaker than the one before.
 */
export function selectRules(input: VerifyInput): {
  readonly policy: Policy | null;
  readonly rules: Rules | null;
  readonly findings: readonly Finding[];
} {
  const { plan, before } = input;
  const brought = rulesBeforeFindings(input.policy, before, plan.target);
  const { policy } = rulingOn(input.policy, before, plan.target);
  if (policy === null) {
    const finding = noPolicyFinding(input);
    return { policy, rules: finding.refusal === null ? NO_POLICY : null, findings: [finding, ...brought] };
  }
  const findings = [passed('policy', `sailplan.policy.json, sha256 ${policy.digest}`)];
  if (input.noPolicy) {
    findings.push(
      refused(
        'policy',
        'policy_refused',
        '--no-policy was given, but a policy exists',
        'Remove --no-policy.',
      ),
    );
  }
  const { isTerminal, formerPolicy } = input;
  const former = formerPolicyFinding(formerPolicy, { policy, before, target: plan.target, isTerminal });
  findings.push(...(former === null ? [] : [former]), ...brought);
  try {
    return { policy, rules: rulesFor(policy, plan.target), findings };
  } catch (error) {
    return { policy, rules: null, findings: [...findings, refusedBy('policy', error)] };
  }
}

function noPolicyFinding({ formerPolicy, isTerminal, noPolicy }: VerifyInput): Finding {
  if (formerPolicy !== null) {
    return refused(
      'policy',
      'policy_missing',
      `an earlier apply to this target used a policy (sha256 ${formerPolicy.digest}), but no sailplan.policy.json was found now`,
      'Run in the checkout with the policy, or restore it. --no-policy has no effect here.',
    );
  }
  if (isTerminal || noPolicy) {
    return infoFinding('policy', 'No policy file was found: one approval, signed or not, was enough.');
  }
  return refused(
    'policy',
    'policy_missing',
    'no sailplan.policy.json is found, and there is no terminal to confirm that',
    'Add a policy (docs/approval.md), or give --no-policy.',
  );
}
