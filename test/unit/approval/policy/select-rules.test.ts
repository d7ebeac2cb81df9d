import { describe, expect, test } from '@jest/globals';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { approvalFile, HOUR, inputWith, NOW, policy, refusalsOf } from '../../../support/approvals.ts';

describe('under a policy', () => {
  const approvals = [approvalFile('Kim')];

  test('--no-policy switches nothing off', async () => {
    expect(refusalsOf(await verifyApproval(inputWith({ approvals, noPolicy: true })))).toEqual([
      'policy_refused',
    ]);
  });

  test('a policy that is not the one of the last apply is named', async () => {
    const former = 'ab'.repeat(32);
    const verdict = await verifyApproval(inputWith({ approvals, formerPolicy: former }));
    expect([verdict.ok, verdict.notes.join()]).toEqual([true, expect.stringContaining(former)]);
    const same = await verifyApproval(inputWith({ approvals, formerPolicy: policy().digest }));
    expect(same.notes).toEqual([]);
  });
});

describe('without a policy', () => {
  const kim = approvalFile('Kim Doe', { comment: 'looks right' });

  test('on a terminal one unsigned approval is enough, and a note says so', async () => {
    const verdict = await verifyApproval(inputWith({ policy: null, approvals: [kim], isTerminal: true }));
    expect(verdict).toMatchObject({
      ok: true,
      approvals: [{ approver: 'Kim Doe', signed: false, comment: 'looks right' }],
      policy: null,
      notes: ['No policy file was found: one approval, signed or not, was enough.'],
    });
  });

  test('without a terminal --no-policy has to be spelled out, and the refusal names it', async () => {
    const refused = await verifyApproval(inputWith({ policy: null, approvals: [kim] }));
    expect(refusalsOf(refused)).toEqual(['policy_missing']);
    expect(refused.ok ? '' : refused.refusals[0].hint).toContain('--no-policy');
    const allowed = await verifyApproval(inputWith({ policy: null, approvals: [kim], noPolicy: true }));
    expect(allowed.ok).toBe(true);
  });

  test('a target that was applied under a policy before is refused, whatever is spelled out', async () => {
    const verdict = await verifyApproval(
      inputWith({
        policy: null,
        approvals: [kim],
        isTerminal: true,
        noPolicy: true,
        formerPolicy: 'ab'.repeat(32),
      }),
    );
    expect(refusalsOf(verdict)).toEqual(['policy_missing']);
  });

  test('an approval lasts 72 hours from its own time', async () => {
    const from = approvalFile('Kim Doe', { atMs: NOW - 72 * HOUR });
    const input = inputWith({ policy: null, approvals: [from], isTerminal: true });
    expect((await verifyApproval(input)).ok).toBe(true);
    expect(refusalsOf(await verifyApproval({ ...input, now: NOW + 1 }))).toEqual(['approval_expired']);
  });

  test('no approval at all is refused', async () => {
    const verdict = await verifyApproval(inputWith({ policy: null, isTerminal: true }));
    expect(refusalsOf(verdict)).toEqual(['plan_not_approved']);
  });
});
