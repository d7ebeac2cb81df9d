import { describe, expect, test } from '@jest/globals';
import type { FileFacts, MergeFacts, Role } from '../../../../src/approval/merge/merge-facts.ts';
import { encodeBase64 } from '../../../../src/approval/signing/dsse-envelope.ts';
import type { Decision, VerifyInput } from '../../../../src/approval/verification.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { sha256 } from '../../../../src/core/json/canonical-json.ts';
import { HOUR, inputWith, NOW, policy, refusalsOf } from '../../../support/approvals.ts';

const messages = (verdict: Decision): string =>
  verdict.ok ? '' : verdict.refusals.map(({ message }) => message).join('\n');

describe('a merge', () => {
  const REF = 'refs/heads/main';

  const RULES = { mode: 'merge', merge: { ref: REF, squash: 'refuse' } };

  const file = (role: Role, digest: string | null): FileFacts => ({
    role,
    path: role,
    checkout: digest,
    branch: digest,
    merge: digest,
    first_parent: digest,
    merged: [digest],
  });

  const merged = (files: readonly FileFacts[]): MergeFacts => ({
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

  const verdictOf = (rules: object, files: readonly FileFacts[], given: Partial<VerifyInput> = {}) => {
    const held = policy(rules);
    const all = [...files, file('policy', held.digest)];
    return verifyApproval(inputWith({ policy: held, merge: merged(all), ...given }));
  };

  test('that took the plan away again approves nothing', async () => {
    const verdict = await verdictOf(RULES, [file('plan', null)]);
    expect(messages(verdict)).toContain(`plan is not on ${REF}`);
    expect(refusalsOf(verdict)).toEqual(['plan_altered']);
  });

  test('looks up the files that the policy pins, too', async () => {
    const signers = Buffer.from(`kim@example.com ssh-ed25519 ${encodeBase64(Buffer.alloc(51, 7))}\n`);
    const revoked = Buffer.from('');
    const rules = {
      ...RULES,
      approvals: 1,
      signatures: 'required',
      allowed_signers: { path: 'signers', sha256: sha256(signers) },
      revoked_keys: { path: 'revoked', sha256: sha256(revoked) },
    };
    const verdict = await verdictOf(rules, [file('plan', 'e'.repeat(64))], { signers, revoked });
    expect(messages(verdict)).toContain('the signers was not looked up in git');
    expect(messages(verdict)).toContain('the revoked was not looked up in git');
  });
});
