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
      message: 'signatures are required, but no allowed_signers file says whose keys count',
      hint: 'Give allowed_signers {path, sha256}.',
    };
  }
  if (!isSigned && !rules.author_may_approve) {
    return {
      message: 'author_may_approve is false, but without signatures nobody can tell who approved',
      hint: 'Set signatures to required; plans then need an author statement (plan --sign KEY).',
    };
  }
  if (!isSigned && rules.approvals > 1) {
    return {
      message: `${rules.approvals} approvals are needed, but without signatures one person can write them all`,
      hint: 'Set signatures to required, or approvals to 1.',
    };
  }
  if (!isSigned && rules.revoked_keys !== null) {
    return {
      message:
        'revoked_keys does nothing while signatures are optional: an approval would just be left unsigned',
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
    return { message: 'merge does nothing in mode approvals', hint: 'Leave it out, or set mode to merge.' };
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
      message: 'signatures and author_may_approve speak of approval files, and mode merge needs none here',
      hint: 'Set approvals to how many signed files are needed beside the merge, or leave the two out.',
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
