import { expect, test } from '@jest/globals';
import { readEnvelope } from '../../../../src/approval/signing/dsse-envelope.ts';
import { readApproval, readAuthor } from '../../../../src/approval/signing/in-toto-statement.ts';
import { approvalEnvelope, authorEnvelope } from '../../../../src/approval/signing/make-envelope.ts';
import type { Signer } from '../../../../src/approval/signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../../../../src/approval/signing/sshsig.ts';
import { HOUR, iso, NOW, PLAN, payloadOf, TARGET } from '../../../support/approvals.ts';
import { armourOf } from '../../../support/ssh-armour.ts';

const SUBJECT = { digest: PLAN.digest, target: TARGET };
const APPROVAL = {
  approver: 'Kim Doe',
  decision: 'approve' as const,
  atMs: NOW,
  expiresAtMs: NOW + HOUR,
  acceptedHazards: ['renames_value', 'bulk_change'],
  comment: 'looks right',
};

test('an approval without a signer is an unsigned envelope of its statement', async () => {
  const { payload, signature } = readEnvelope(Buffer.from(await approvalEnvelope(SUBJECT, APPROVAL, null)));
  expect(signature).toBeNull();
  const said = { accept: ['bulk_change', 'renames_value'], expiresMs: NOW + HOUR, comment: 'looks right' };
  expect(Buffer.from(payload)).toEqual(Buffer.from(payloadOf('Kim Doe', said)));
  expect(readApproval(payload).predicate).toMatchObject({ at: iso(NOW), expires_at: iso(NOW + HOUR) });
});

test('an approval without an end does not expire', async () => {
  const envelope = await approvalEnvelope(SUBJECT, { ...APPROVAL, expiresAtMs: null }, null);
  expect(readApproval(readEnvelope(Buffer.from(envelope)).payload).predicate.expires_at).toBeNull();
});

test('a signer gets the bytes of the envelope to sign, and its signature is in the envelope', async () => {
  const asked: Uint8Array[] = [];
  const signer: Signer = {
    sign: async (bytes) => {
      asked.push(bytes);
      return armourOf();
    },
  };
  const approval = readEnvelope(Buffer.from(await approvalEnvelope(SUBJECT, APPROVAL, signer)));
  const author = { author: 'Lee', atMs: NOW };
  const envelope = readEnvelope(Buffer.from(await authorEnvelope(SUBJECT, author, signer)));
  expect(asked.map((bytes) => Buffer.from(bytes))).toEqual([
    Buffer.from(approval.pae),
    Buffer.from(envelope.pae),
  ]);
  expect(approval.signature).toEqual(signatureOf(armourOf()));
  expect(envelope.signature && readSshsig(envelope.signature).armour).toBe(armourOf());
  expect(readAuthor(envelope.payload).predicate).toMatchObject({
    author: 'Lee',
    at: iso(NOW),
    target: TARGET,
  });
});

test('an invalid name is a usage error, and nothing is signed', async () => {
  const signer: Signer = {
    sign: () => {
      throw new Error('nothing to sign');
    },
  };
  await expect(approvalEnvelope(SUBJECT, { ...APPROVAL, approver: ' Kim' }, signer)).rejects.toMatchObject({
    code: 'usage',
  });
});
