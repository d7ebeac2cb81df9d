import { describe, expect, test } from '@jest/globals';
import { encodeBase64 } from '../../../../src/approval/signing/dsse-envelope.ts';
import type { Decision } from '../../../../src/approval/verification.ts';
import { sha256 } from '../../../../src/core/json/canonical-json.ts';
import { refusalsOf } from '../../../support/approvals.ts';
import { file, REF, RULES, verdictOfMerge } from '../../../support/merge-facts.ts';

const messages = (verdict: Decision): string =>
  verdict.ok ? '' : verdict.refusals.map(({ message }) => message).join('\n');

describe('a merge', () => {
  test('that took the plan away again approves nothing', async () => {
    const verdict = await verdictOfMerge(RULES, [file('plan', null)]);
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
    const verdict = await verdictOfMerge(rules, [file('plan', 'e'.repeat(64))], { signers, revoked });
    expect(messages(verdict)).toContain('the signers was not looked up in git');
    expect(messages(verdict)).toContain('the revoked was not looked up in git');
  });
});
