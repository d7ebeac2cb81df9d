import { describe, expect, test } from '@jest/globals';
import type { RulesBefore } from '../../../../src/approval/policy/rules-before.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { approvalFile, HOUR, inputWith, NOW, policy, refusalsOf } from '../../../support/approvals.ts';

describe('under a policy', () => {
  const approvals = [approvalFile('Kim')];

  test('--no-policy switches nothing off', async () => {
    expect(refusalsOf(await verifyApproval(inputWith({ approvals, noPolicy: true })))).toEqual([
      'policy_refused',
    ]);
  });

  const strict = { max_age_hours: 24, hazards: { must_be_accepted: ['deletes_metadata'] } };
  const former = (rules: object | null) => ({
    digest: 'ab'.repeat(32),
    policy: rules === null ? null : policy(rules),
  });
  const rulesWith = (digest: string): RulesBefore => ({
    where: 'in commit 1',
    isCommitted: true,
    hadRules: true,
    policyPath: 'sailplan.policy.json',
    policyDigest: digest,
    policy: policy(),
    config: { path: '', before: 'x', now: 'x' },
    contract: null,
    isOnePush: false,
    refusedChange: null,
    othersBefore: null,
    link: null,
  });

  test('a policy that is not the one of the last apply, and asks for no less, is named', async () => {
    const verdict = await verifyApproval(inputWith({ approvals, formerPolicy: former({}) }));
    expect([verdict.ok, verdict.notes.join()]).toEqual([true, expect.stringContaining('ab'.repeat(32))]);
    const same = { digest: policy().digest, policy: null };
    expect((await verifyApproval(inputWith({ approvals, formerPolicy: same }))).notes).toEqual([]);
  });

  test('one that asks for less is refused, on a terminal too', async () => {
    for (const isTerminal of [true, false]) {
      const verdict = await verifyApproval(
        inputWith({ approvals, formerPolicy: former(strict), isTerminal }),
      );
      expect(refusalsOf(verdict)).toEqual(['policy_refused']);
      expect(verdict.ok ? '' : verdict.refusals[0].message).toContain(
        'deletes_metadata need not be accepted',
      );
      expect(verdict.ok ? '' : verdict.refusals[0].message).toContain('an approval lasts 72 h');
    }
  });

  test('one that cannot be compared is refused where no person answers for it', async () => {
    const given = { approvals, formerPolicy: former(null) };
    expect(refusalsOf(await verifyApproval(inputWith(given)))).toEqual(['policy_refused']);
    expect((await verifyApproval(inputWith({ ...given, isTerminal: true }))).ok).toBe(true);
  });

  test('git shows that it was there before the plan', async () => {
    const given = { approvals, formerPolicy: former(strict) };
    expect((await verifyApproval(inputWith({ ...given, before: rulesWith(policy().digest) }))).ok).toBe(true);
    const other = inputWith({ ...given, before: rulesWith('cd'.repeat(32)) });
    expect(refusalsOf(await verifyApproval(other))).toEqual(['policy_refused']);
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
        formerPolicy: { digest: 'ab'.repeat(32), policy: null },
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
