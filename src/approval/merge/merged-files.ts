import type { FailureCode } from '../../core/failure.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { type Finding, passed, refused } from '../finding.ts';
import type { VerifyInput } from '../verification.ts';
import type { FileFacts, MergeFacts, Role } from './merge-facts.ts';

const NAME = 'merge';

const CODES: Readonly<Record<Role, FailureCode>> = {
  plan: 'plan_altered',
  accept: 'hazard_not_accepted',
  policy: 'policy_refused',
  signers: 'policy_refused',
  revoked: 'policy_refused',
  contract: 'contract_differs',
  config: 'policy_refused',
};

/** Files that set the rules. Their version before the merge decides, so that no pull request loosens its own rules. */
const RULE_ROLES: readonly Role[] = ['policy', 'signers', 'revoked', 'contract'];

/** Whether checkout, branch and merge have the same version of a file that decides. `ref`: the protected branch. */
export function fileFindings(
  file: FileFacts,
  ref: string,
  { policy, accept }: VerifyInput,
): readonly Finding[] {
  const { role, path, checkout, branch } = file;
  const refusal = (message: string, hint: string) => [refused(NAME, CODES[role], `${path} ${message}`, hint)];
  const decisive =
    role === 'policy' ? policy?.digest : role === 'accept' && accept !== null ? sha256(accept) : checkout;
  const isStale = () => refusal(`differs from ${ref}`, 'Apply from a clean checkout of that branch.');
  if (checkout !== branch || (decisive !== checkout && role !== 'policy')) return isStale();
  if ((role === 'plan' || role === 'accept') && branch !== file.merge) {
    return refusal(
      `differs from the merged version: it changed on ${ref} since`,
      'Plan again and have that merged.',
    );
  }
  if (role === 'plan' && branch === null) return refusal(`is not on ${ref}`, 'Merge its pull request.');
  if (RULE_ROLES.includes(role) && file.first_parent !== checkout) {
    return refusal(
      file.first_parent === null
        ? 'did not exist before the plan was merged: a pull request cannot add its own rules'
        : 'changed with the merge of the plan: a pull request cannot change its own rules',
      'Merge the change of the rules first, then plan again.',
    );
  }
  if (decisive !== checkout) return isStale();
  return checkout === null ? [] : [passed(NAME, `${path} is the version of ${ref}`)];
}

/** Refuses when the caller did not look up a file that decides: an unchecked file must never pass. */
export function missingFileFindings(
  { files }: MergeFacts,
  { accept, signers, revoked }: VerifyInput,
): readonly Finding[] {
  const needed: readonly (Role | null)[] = [
    'plan',
    'policy',
    accept && 'accept',
    signers && 'signers',
    revoked && 'revoked',
  ];
  return needed.flatMap((role) =>
    role === null || files.some((file) => file.role === role)
      ? []
      : [
          refused(
            NAME,
            'history_incomplete',
            `the ${role} was not looked up in git`,
            'This is a bug in sailplan: report it.',
          ),
        ],
  );
}
