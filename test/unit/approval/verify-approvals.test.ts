import { describe, expect, test } from '@jest/globals';
import { printEnvelope } from '../../../src/approval/signing/dsse-envelope.ts';
import { authorStatement, printStatement } from '../../../src/approval/signing/in-toto-statement.ts';
import type { Verifier } from '../../../src/approval/signing/signature-ports.ts';
import { signatureOf } from '../../../src/approval/signing/sshsig.ts';
import { verifyApproval } from '../../../src/approval/verify-approvals.ts';
import {
  approvalFile,
  HOUR,
  inputWith,
  iso,
  NOW,
  PLAN,
  payloadOf,
  policy,
  refusalsOf,
  TARGET,
} from '../../support/approvals.ts';
import { file, RULES, verdictOfMerge } from '../../support/merge-facts.ts';
import { armourOf } from '../../support/ssh-armour.ts';

describe('an approval', () => {
  test.each([
    ['of another plan', { planDigest: 'cd'.repeat(32) }],
    ['of another target', { target: { name: 'staging', api_url: 'https://staging.example.com/graphql/' } }],
    ['of the same shop under another name', { target: { ...TARGET, name: 'staging' } }],
    ['from the future', { atMs: NOW + HOUR }],
  ])('%s is refused and not ignored, beside one that is right', async (_, change) => {
    const verdict = await verifyApproval(
      inputWith({ approvals: [approvalFile('Kim Doe'), approvalFile('Lee', change)] }),
    );
    expect(refusalsOf(verdict)).toEqual(['approval_invalid']);
  });

  test('ends earlier where it says so, and never later than the policy', async () => {
    const short = approvalFile('Kim Doe', { atMs: NOW - 2 * HOUR, expiresMs: NOW - HOUR });
    expect(refusalsOf(await verifyApproval(inputWith({ approvals: [short] })))).toEqual(['approval_expired']);
    const long = approvalFile('Kim Doe', { atMs: NOW - 25 * HOUR, expiresMs: NOW + 999 * HOUR });
    const verdict = await verifyApproval(
      inputWith({ approvals: [long], policy: policy({ max_age_hours: 24 }) }),
    );
    expect(refusalsOf(verdict)).toEqual(['approval_expired']);
  });

  test('that was rejected by anybody blocks, until that person approves', async () => {
    const [kim, lee] = [
      approvalFile('Kim Doe'),
      approvalFile('Lee', { decision: 'reject', comment: 'wrong roles' }),
    ];
    const blocked = await verifyApproval(inputWith({ approvals: [kim, lee] }));
    expect(refusalsOf(blocked)).toEqual(['plan_rejected']);
    expect(blocked.ok ? '' : blocked.refusals[0].message).toContain('wrong roles');
    const lifted = approvalFile('Lee');
    expect(lifted.file).toBe(lee.file);
    expect((await verifyApproval(inputWith({ approvals: [kim, lifted] }))).ok).toBe(true);
  });

  test('a rejection does not grow old', async () => {
    const old = approvalFile('Lee', { decision: 'reject', atMs: NOW - 9_999 * HOUR });
    expect(
      refusalsOf(await verifyApproval(inputWith({ approvals: [approvalFile('Kim Doe'), old] }))),
    ).toEqual(['plan_rejected']);
  });
});

describe('a decision of an earlier commit', () => {
  const at = (one: { readonly file: string; readonly bytes: Uint8Array }) => ({
    ...one,
    commit: 'ab'.repeat(20),
  });
  const kim = approvalFile('Kim Doe');
  const rejected = approvalFile('Lee', { decision: 'reject', atMs: NOW - 2 * HOUR });
  const refusedWith = async (approvals: readonly (typeof kim)[], earlier: readonly (typeof kim)[]) =>
    refusalsOf(await verifyApproval(inputWith({ approvals, earlierDecisions: earlier.map(at) })));

  test.each<[string, readonly (typeof kim)[]]>([
    ['deleted', [kim]],
    ['replaced by an older approval', [kim, approvalFile('Lee', { atMs: NOW - 3 * HOUR })]],
    ['replaced by an approval of the same time', [kim, approvalFile('Lee', { atMs: NOW - 2 * HOUR })]],
  ])('a rejection that was %s still blocks', async (_, approvals) => {
    expect(await refusedWith(approvals, [rejected])).toEqual(['plan_rejected']);
  });

  test('an approval that was replaced by an older one of the same person refuses the plan', async () => {
    const older = approvalFile('Kim Doe', { atMs: NOW - HOUR, accept: ['renames_value'] });
    expect(await refusedWith([older], [kim])).toEqual(['approval_invalid']);
  });

  test('has no effect if the person decided again, or if it is no valid decision about this plan', async () => {
    expect(await refusedWith([kim, approvalFile('Lee')], [rejected])).toEqual([]);
    expect(await refusedWith([kim], [kim, approvalFile('Kim Doe', { atMs: NOW - HOUR })])).toEqual([]);
    expect(await refusedWith([kim], [approvalFile('Lee')])).toEqual([]);
    const others = [
      { ...rejected, file: 'lee.json' },
      { ...rejected, bytes: Buffer.from('{}') },
      approvalFile('Lee', { decision: 'reject', planDigest: 'cd'.repeat(32) }),
    ];
    expect(await refusedWith([kim], others)).toEqual([]);
  });
});

describe('hazards', () => {
  const named = policy({ hazards: { must_be_accepted: ['renames_value', 'clears_attribute'] } });

  test('that the policy lists and the plan has must be accepted by name', async () => {
    const silent = await verifyApproval(inputWith({ policy: named, approvals: [approvalFile('Kim')] }));
    expect(refusalsOf(silent)).toEqual(['hazard_not_accepted']);
    expect(silent.ok ? '' : silent.refusals[0].message).toContain('renames_value');
    expect(silent.ok ? '' : silent.refusals[0].message).not.toContain('clears_attribute');
    const approvals = [approvalFile('Kim', { accept: ['renames_value'] })];
    expect((await verifyApproval(inputWith({ policy: named, approvals }))).ok).toBe(true);
  });

  test('more products than the threshold have to be accepted as bulk_change', async () => {
    const strict = policy({ thresholds: { products: { share: 0.1, from: 5 } } });
    const plan = { ...PLAN, products: { changed: 5, compared: 40 } };
    const approvals = [approvalFile('Kim')];
    const verdict = await verifyApproval(inputWith({ policy: strict, plan, approvals }));
    expect(refusalsOf(verdict)).toEqual(['hazard_not_accepted']);
    const fewer = { ...plan, products: { changed: 4, compared: 40 } };
    expect((await verifyApproval(inputWith({ policy: strict, plan: fewer, approvals }))).ok).toBe(true);
    const accepted = [approvalFile('Kim', { accept: ['bulk_change'] })];
    expect((await verifyApproval(inputWith({ policy: strict, plan, approvals: accepted }))).ok).toBe(true);
  });
});

describe('under a policy', () => {
  const approvals = [approvalFile('Kim')];

  test('a plan with part of its snapshots is refused, unless the policy allows it', async () => {
    const plan = { ...PLAN, hasWholeSnapshots: false };
    expect(refusalsOf(await verifyApproval(inputWith({ approvals, plan })))).toEqual(['policy_refused']);
    const allowing = policy({ allow_partial_snapshots: true });
    expect((await verifyApproval(inputWith({ approvals, plan, policy: allowing }))).ok).toBe(true);
  });

  test('everything is looked at: each check is one line', async () => {
    const verdict = await verifyApproval(inputWith({ approvals }));
    expect(verdict.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['policy', true],
      ['approval by Kim', true],
      ['approvals', true],
    ]);
  });
});

describe('a verdict', () => {
  test('is not given where something is broken that is no answer: a bug goes on as it is', async () => {
    const { sig, keyid } = signatureOf(armourOf());
    const bytes = Buffer.from(printEnvelope(payloadOf('Kim Doe'), { keyid, sig }));
    const bug: Verifier = {
      verify: async () => {
        throw new TypeError('a bug');
      },
    };
    const { file } = approvalFile('Kim Doe');
    await expect(verifyApproval(inputWith({ approvals: [{ file, bytes }], verifier: bug }))).rejects.toThrow(
      'a bug',
    );
  });

  test('tells of an author whose statement nobody signed', async () => {
    const statement = authorStatement(PLAN.digest, { at: iso(NOW), author: 'Lee', target: TARGET });
    const author = Buffer.from(printEnvelope(printStatement(statement), null));
    const verdict = await verifyApproval(inputWith({ approvals: [approvalFile('Kim Doe')], author }));
    expect(verdict).toMatchObject({
      ok: true,
      notes: ['author: Lee, by a statement that proves nothing (unsigned)'],
    });
  });
});

describe('a merge', () => {
  test('is used up by an apply that came after it, and a later one is not', async () => {
    const files = [file('plan', 'e'.repeat(64))];
    const spentAt = (atMs: number) => ({ by: 'the archive', atMs, approvals: [] });
    const before = await verdictOfMerge(RULES, files, { earlierApply: spentAt(NOW - 2 * HOUR) });
    const after = await verdictOfMerge(RULES, files, { earlierApply: spentAt(NOW) });
    expect([before, after]).toMatchObject([
      { ok: true, isApplied: false },
      { ok: true, isApplied: true },
    ]);
  });
});
