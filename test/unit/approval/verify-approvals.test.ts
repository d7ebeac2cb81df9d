import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileNameFor, nameError } from '../../../src/approval/approver-name.ts';
import { pae, printEnvelope, readEnvelope } from '../../../src/approval/signing/dsse-envelope.ts';
import {
  approvalStatement,
  printStatement,
  readApproval,
} from '../../../src/approval/signing/in-toto-statement.ts';
import { planFactsOf, refusePending } from '../../../src/approval/verification.ts';
import { verifyApproval } from '../../../src/approval/verify-approvals.ts';
import { Failure } from '../../../src/core/failure.ts';
import {
  approvalFile,
  HOUR,
  inputWith,
  NOW,
  PLAN,
  policy,
  refusalsOf,
  samplePlan,
  TARGET,
} from '../../support/approvals.ts';

describe('the envelope', () => {
  test('its encoding is that of the vector of DSSE', () => {
    const encoded = pae('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('its lengths count bytes and not characters', () => {
    expect(Buffer.from(pae('t', Buffer.from('é'))).toString()).toBe('DSSEv1 1 t 2 é');
  });

  test('any payload comes back as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (payload) => {
        const { payload: back, signature } = readEnvelope(Buffer.from(printEnvelope(payload, null)));
        expect([Buffer.from(back), signature]).toEqual([Buffer.from(payload), null]);
      }),
      { seed: 7 },
    );
  });

  test('every single-bit flip of an unsigned approval is refused', async () => {
    const { file, bytes } = approvalFile('Kim Doe');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = await verifyApproval(inputWith({ approvals: [{ file, bytes: flipped }] }));
      expect([bit, verdict.ok]).toEqual([bit, false]);
    }
  });

  const text = Buffer.from(approvalFile('Kim Doe').bytes).toString();
  test.each([
    ['a member twice', text.replace('"signatures"', '"payload": "AAAA",\n  "signatures"')],
    ['an unknown member', text.replace('"signatures"', '"note": "",\n  "signatures"')],
    ['another order', JSON.stringify(JSON.parse(text))],
    ['something behind the end', `${text}\n`],
    ['a byte-order mark', `\ufeff${text}`],
    ['another payload type', text.replace('vnd.in-toto+json', 'json')],
    ['base64 for addresses', text.replace(/"payload": "./, '"payload": "_')],
    ['a checksum of something else', text.replace(/"checksum": "[0-9a-f]{8}/, '"checksum": "00000000')],
    ['two signatures', text.replace('[]', '[{}, {}]')],
    ['no JSON', 'approved'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('%s is refused', (_, damaged) => {
    expect(() => readEnvelope(Buffer.from(damaged))).toThrow(Failure);
  });
});

describe('the statement', () => {
  const said = {
    approver: 'Kim Doe',
    decision: 'approve' as const,
    at: new Date(NOW).toISOString(),
    expires_at: null,
    target: TARGET,
    accepted_hazards: ['renames_value', 'bulk_change'],
    comment: null,
  };

  test('names the plan by digest and id, and reads back as it was written', () => {
    const statement = approvalStatement(PLAN.digest, said);
    expect(readApproval(printStatement(statement))).toEqual(statement);
    expect(statement.subject[0].digest.sha256.startsWith(statement.predicate.plan_id)).toBe(true);
    expect(statement.predicate.accepted_hazards).toEqual(['bulk_change', 'renames_value']);
  });

  test.each([
    ['an empty name', { approver: '' }],
    ['a name with blanks around it', { approver: ' Kim' }],
    ['a name with an invisible character', { approver: 'Kim\u200b' }],
    ['a name that turns the line around', { approver: 'Kim\u202e' }],
    ['a name over two lines', { approver: 'Kim\nDoe' }],
    ['a time that does not exist', { at: '2026-02-30T00:00:00.000Z' }],
    ['a time of another zone', { at: '2026-11-23T09:00:00+02:00' }],
    ['an expiry before the approval', { expires_at: new Date(NOW - 1).toISOString() }],
  ])('%s is refused', (_, change) => {
    expect(() => approvalStatement(PLAN.digest, { ...said, ...change })).toThrow(Failure);
  });
});

describe('the file of an approval', () => {
  test('is named after the person, safely and always the same', () => {
    expect(fileNameFor('Kim Doe')).toMatch(/^kim-doe-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('../../etc/passwd')).toMatch(/^etc-passwd-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('金')).toMatch(/^approver-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('KIM doe')).toBe(fileNameFor('Kim Doe'));
  });

  test('keeps apart names that look alike once they are made safe', () => {
    const names = ['a.b', 'a-b', 'a b', 'a_b', 'ä-b', 'á b'];
    expect(new Set(names.map(fileNameFor)).size).toBe(names.length);
  });

  test('is a plain file name for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (who) => {
        expect(fileNameFor(who)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.json$/);
        nameError(who);
      }),
      { seed: 7 },
    );
  });

  test('holds only what its own name says', async () => {
    const { bytes } = approvalFile('Kim Doe');
    const verdict = await verifyApproval(inputWith({ approvals: [{ file: 'lee.json', bytes }] }));
    expect(refusalsOf(verdict)).toContain('approval_invalid');
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

describe('a plan that converged', () => {
  test('may only confirm next month, even with an approval that is still good', async () => {
    const verdict = await verifyApproval(
      inputWith({
        approvals: [approvalFile('Kim Doe')],
        spent: { by: '2026-10-23, by Kim', atMs: NOW + 1, approvals: [] },
      }),
    );
    expect(verdict).toMatchObject({ ok: true, isSpent: true });
    expect(refusePending(PLAN.id, '2026-10-23, by Kim', 2)).toMatchObject({
      code: 'plan_already_applied',
      exitCode: 3,
    });
  });
});

test('hazards come from the changes, not from what a hand-written plan says of itself', async () => {
  const plan = samplePlan();
  const facts = planFactsOf(plan);
  expect(facts.hazards.map(({ code }) => code)).toContain('renames_value');
  expect(planFactsOf({ ...plan, hazards: [] }).hazards).toEqual(facts.hazards);
});
