import type { FileFacts, MergeFacts, Role } from '../../src/approval/merge/merge-facts.ts';
import type { Decision, VerifyInput } from '../../src/approval/verification.ts';
import { verifyApproval } from '../../src/approval/verify-approvals.ts';
import { HOUR, inputWith, NOW, policy } from './approvals.ts';

export const REF = 'refs/heads/main';

/** The rules of a policy under which a merge approves. */
export const RULES = { mode: 'merge', merge: { ref: REF, squash: 'refuse' } };

/** A file that every version which counts has with this digest; null: none has it. */
export const file = (role: Role, digest: string | null): FileFacts => ({
  role,
  path: role,
  checkout: digest,
  branch: digest,
  merge: digest,
  first_parent: digest,
  merged: [digest],
});

/** What git says of a merge of one branch, an hour ago, that brought these files. */
export const merged = (files: readonly FileFacts[]): MergeFacts => ({
  ref: REF,
  tip: 'a'.repeat(40),
  isShallow: false,
  commit: {
    id: 'b'.repeat(40),
    parents: ['c', 'd'],
    author: 'Kim Doe <kim@example.com>',
    atMs: NOW - HOUR,
  },
  files,
  brought: [],
  renewal: null,
});

/** What is decided of a plan that was merged with these files, under these rules of the policy. */
export const verdictOfMerge = (
  rules: object,
  files: readonly FileFacts[],
  given: Partial<VerifyInput> = {},
): Promise<Decision> => {
  const held = policy(rules);
  const all = [...files, file('policy', held.digest)];
  return verifyApproval(inputWith({ policy: held, merge: merged(all), ...given }));
};
