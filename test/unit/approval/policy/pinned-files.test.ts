import { expect, test } from '@jest/globals';
import type { Decision } from '../../../../src/approval/verification.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { sha256 } from '../../../../src/core/json/canonical-json.ts';
import { approvalFile, inputWith, policy, refusalsOf } from '../../../support/approvals.ts';

const SIGNED = {
  signatures: 'required',
  allowed_signers: { path: 'allowed_signers', sha256: 'ab'.repeat(32) },
};

const messages = (verdict: Decision): string =>
  verdict.ok ? '' : verdict.refusals.map(({ message }) => message).join('\n');

test('a signers file that is gone is refused', async () => {
  const verdict = await verifyApproval(
    inputWith({ approvals: [approvalFile('Kim')], policy: policy(SIGNED) }),
  );
  expect(refusalsOf(verdict)).toEqual(['policy_refused']);
  expect(verdict.ok ? '' : verdict.refusals[0].message).toContain('is not there');
});

test('a verdict is a refusal where the signers file that the policy pins cannot be read', async () => {
  const signers = Buffer.from('cert-authority\n');
  const rules = {
    signatures: 'required',
    allowed_signers: { path: 'signers', sha256: sha256(signers) },
  };
  const verdict = await verifyApproval(
    inputWith({ approvals: [approvalFile('Kim Doe')], policy: policy(rules), signers }),
  );
  expect(messages(verdict)).toContain('allowed_signers, line 1: not understood');
});
