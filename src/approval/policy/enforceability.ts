import type { RuleSet } from '../generated/policy.js';
import type { Rules } from './rules.ts';

export interface UnenforceableRule {
  readonly message: string;
  readonly hint: string;
}

/**
 * Why these rules cannot be enforced; null when they can be. A rule that sailplan cannot check only looks like
 * protection, so such a policy is refused before any plan is checked. `given`: the rules as written in the file.
 */
export function enforceabilityError(rules: Rules, given: RuleSet): UnenforceableRule | null {
  return signatureError(rules) ?? modeError(rules, given) ?? pathError(rules);
}

function signatureError(rules: Rules): UnenforceableRule | null {
  const isSigned = rules.signatures === 'required';
  if (isSigned && rules.allowed_signers === null) {
    return {
      message: 'signatures are required, but the policy names no allowed_signers file',
      hint: 'Give allowed_signers {path, sha256}.',
    };
  }
  if (!isSigned && !rules.author_may_approve) {
    return {
      message: 'author_may_approve is false, but without signatures it cannot be checked who approved',
      hint: 'Set signatures to required; plans then need an author statement (plan --sign KEY).',
    };
  }
  if (!isSigned && rules.approvals > 1) {
    return {
      message: `${rules.approvals} approvals are needed, but without signatures one person can write all of them`,
      hint: 'Set signatures to required, or approvals to 1.',
    };
  }
  if (!isSigned && rules.revoked_keys !== null) {
    return {
      message: 'revoked_keys has no effect while signatures are optional: an approval can simply be unsigned',
      hint: 'Set signatures to required.',
    };
  }
  return null;
}

function modeError(rules: Rules, given: RuleSet): UnenforceableRule | null {
  if (rules.mode === 'merge' && rules.merge === null) {
    return {
      message: 'mode merge does not name the protected branch',
      hint: 'Give merge {ref: "refs/remotes/origin/main", squash: "refuse"}.',
    };
  }
  if (given.mode === undefined && rules.merge !== null) {
    return { message: 'merge has no effect in mode approvals', hint: 'Remove it, or set mode to merge.' };
  }
  if (rules.mode === 'approvals' && rules.approvals === 0) {
    return { message: 'no approval at all is needed', hint: 'Set approvals to at least 1.' };
  }
  if (
    rules.mode === 'merge' &&
    rules.approvals === 0 &&
    (rules.signatures === 'required' || !rules.author_may_approve)
  ) {
    return {
      message: 'signatures and author_may_approve apply to approval files, but this mode merge requires none',
      hint: 'Set approvals to the number of signed files required in addition to the merge, or remove the two.',
    };
  }
  return null;
}

function pathError({ allowed_signers, revoked_keys }: Rules): UnenforceableRule | null {
  const outside = [allowed_signers, revoked_keys].find(
    (pin) => pin !== null && (/^([/\\]|[A-Za-z]:)/.test(pin.path) || pin.path.split(/[/\\]/).includes('..')),
  );
  return outside
    ? { message: `${outside.path} is outside the policy's folder`, hint: 'Keep the file beside the policy.' }
    : null;
}
