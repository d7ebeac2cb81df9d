import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileNameFor } from '../../../src/approval/approver-name.ts';
import {
  encodeBase64,
  printEnvelope,
  readEnvelope,
  signedBytes,
} from '../../../src/approval/signing/dsse-envelope.ts';
import { authorStatement, printStatement } from '../../../src/approval/signing/in-toto-statement.ts';
import type { Verifier } from '../../../src/approval/signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../../../src/approval/signing/sshsig.ts';
import { sshSigner, sshVerifier } from '../../../src/platform/ssh-keygen.ts';
import {
  type ApprovalFile,
  HOUR,
  iso,
  NOW,
  PLAN,
  payloadOf,
  refusalsOf,
  signedFile,
  TARGET,
} from '../../support/approvals.ts';
import { stride } from '../../support/draws.ts';
import {
  type Case,
  KIM,
  keys,
  kim,
  LEE,
  lee,
  line,
  MAX,
  makeSigners,
  messageOf,
  verdictOf,
} from '../../support/signed-approvals.ts';

beforeAll(makeSigners);
afterAll(() => keys.remove());

describe('a key', () => {
  const refusedWith = async (given: Case, words: string) => {
    const verdict = await verdictOf({ approvals: [kim], ...given });
    expect(refusalsOf(verdict)[0]).toBe('approval_invalid');
    expect(messageOf(verdict)).toContain(words);
  };

  test('that nobody listed is refused, not ignored', () =>
    refusedWith({ signersText: line(LEE, 'lee') }, 'is not in the signers file'));

  test('of another person is refused', async () => {
    const forged = await signedFile(LEE, keys.sign('kim'));
    await refusedWith({ approvals: [lee, forged] }, `may not sign for ${LEE}`);
  });

  test('that is listed for git only is refused', () =>
    refusedWith({ signersText: line(KIM, 'kim', 'namespaces="git"') }, 'namespace'));

  test('that is listed for sailplan is taken', async () => {
    const text = line(KIM, 'kim', 'namespaces="git,sailplan",valid-after="20260101"');
    expect(messageOf(await verdictOf({ approvals: [kim], signersText: text }))).toBe('ok');
  });

  test('that has expired is refused', () =>
    refusedWith({ signersText: line(KIM, 'kim', 'valid-before="20261101"') }, 'expired'));

  test('that expired since the approval is refused', async () => {
    const early = await signedFile(KIM, keys.sign('kim'), { atMs: NOW - 24 * HOUR });
    const signersText = line(KIM, 'kim', 'valid-before="20261123000000"');
    await refusedWith({ approvals: [early], signersText }, 'expired');
  });

  test('that was not yet valid when it approved is refused', async () => {
    const early = await signedFile(KIM, keys.sign('kim'), { atMs: NOW - 24 * HOUR });
    const signersText = line(KIM, 'kim', 'valid-after="20261123000000"');
    await refusedWith({ approvals: [early], signersText }, 'not yet valid');
  });

  test('that is revoked is refused, and the refusal says so', () =>
    refusedWith({ revoked: Buffer.from(`${keys.publicKey('kim')}\n`) }, 'revoked'));

  test('beside a revoked one is taken', async () => {
    const revoked = Buffer.from(`${keys.publicKey('stranger')}\n`);
    expect(messageOf(await verdictOf({ approvals: [kim], revoked }))).toBe('ok');
  });

  test('with a revocation file that cannot be read counts for nothing', () =>
    refusedWith({ revoked: Buffer.from('what is this') }, 'revo'));
});

describe('a signature', () => {
  const resigned = (armour: string): ApprovalFile => {
    const { payload, signature } = readEnvelope(kim.bytes);
    const changed = { keyid: signature?.keyid ?? '', sig: encodeBase64(Buffer.from(armour)) };
    return { file: kim.file, bytes: Buffer.from(printEnvelope(payload, changed)) };
  };

  test('for another namespace is refused', async () => {
    const armour = keys.signFor('kim', 'git')(signedBytes(payloadOf(KIM)));
    expect(() => signatureOf(armour)).toThrow('namespace "git"');
    const verdict = await verdictOf({ approvals: [resigned(armour)] });
    expect(messageOf(verdict)).toContain('namespace "git"');
  });

  test('over the payload alone, without its type, is refused', async () => {
    const armour = await sshSigner(`${keys.folder}/kim`).sign(payloadOf(KIM));
    expect(messageOf(await verdictOf({ approvals: [resigned(armour)] }))).toContain('is not valid');
  });

  test('of another statement by the same person is refused', async () => {
    const other = readEnvelope((await signedFile(KIM, keys.sign('kim'), { comment: 'another' })).bytes);
    const bytes = Buffer.from(printEnvelope(payloadOf(KIM), other.signature));
    expect(messageOf(await verdictOf({ approvals: [{ file: kim.file, bytes }] }))).toContain('is not valid');
  });

  test('every single-bit flip of a signed approval is refused', async () => {
    const verifier: Verifier = sshVerifier();
    let asked = 0;
    const counting: Verifier = {
      verify: (question) => {
        asked += 1;
        return verifier.verify(question);
      },
    };
    for (let bit = 0; bit < kim.bytes.length * 8; bit += stride(23)) {
      const bytes = Uint8Array.from(kim.bytes);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = await verdictOf({ approvals: [{ file: kim.file, bytes }], verifier: counting });
      expect([bit, verdict.ok]).toEqual([bit, false]);
    }
    // The printed form and the checksum stop all but those inside the signature itself.
    expect(asked).toBeLessThan(1200);
  }, 300_000);

  test('every single-bit flip of the decoded signature is refused', async () => {
    const { payload, signature } = readEnvelope(kim.bytes);
    const { armour } = readSshsig(signature ?? { keyid: '', sig: '' });
    const blob = Buffer.from(armour.split('\n').slice(1, -2).join(''), 'base64');
    for (let bit = 0; bit < blob.length * 8; bit += stride(23)) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const lines = flipped.toString('base64').match(/.{1,70}/g) ?? [];
      const text = `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
      const sig = encodeBase64(Buffer.from(text));
      const bytes = Buffer.from(printEnvelope(payload, { keyid: signature?.keyid ?? '', sig }));
      const verdict = await verdictOf({ approvals: [{ file: kim.file, bytes }] });
      expect([bit, verdict.ok]).toEqual([bit, false]);
    }
  }, 300_000);

  test('every single-bit flip of the signers file is refused', async () => {
    const text = Buffer.from(line(KIM, 'kim'));
    for (let bit = 0; bit < text.length * 8; bit += stride(7)) {
      const signers = Uint8Array.from(text);
      signers[bit >> 3] = (signers[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = await verdictOf({ approvals: [kim], signersText: text.toString(), signers });
      expect([bit, refusalsOf(verdict)]).toEqual([bit, ['policy_refused']]);
    }
  });

  test('without a signers file is told as unsigned, but a wrong one is refused', async () => {
    const free = { policy: null, isTerminal: true };
    const verdict = await verdictOf({ ...free, approvals: [kim] });
    expect(verdict).toMatchObject({ ok: true, approvals: [{ approver: KIM, signed: false }] });
    expect(verdict.notes.join()).toContain('no signers file says whose key that is');
    const { signature } = readEnvelope(lee.bytes);
    const bytes = Buffer.from(printEnvelope(payloadOf(KIM), signature));
    expect((await verdictOf({ ...free, approvals: [{ file: kim.file, bytes }] })).ok).toBe(false);
  });
});

describe('the author', () => {
  const rules = { author_may_approve: false };
  const statement = async (author: string, key: string | null, planDigest = PLAN.digest) => {
    const payload = printStatement(authorStatement(planDigest, { author, at: iso(NOW), target: TARGET }));
    const signature = key === null ? null : await keys.sign(key)(signedBytes(payload));
    return Buffer.from(printEnvelope(payload, signature));
  };

  test('does not approve, under this name or with this key', async () => {
    const author = await statement(KIM, 'kim');
    expect(messageOf(await verdictOf({ rules, author, approvals: [kim] }))).toContain('may not approve');
    const other = line(`${KIM},${MAX}`, 'kim') + line(LEE, 'lee');
    const asMax = await signedFile(MAX, keys.sign('kim'));
    const verdict = await verdictOf({ rules, author, approvals: [asMax], signersText: other });
    expect(messageOf(verdict)).toContain('may not approve');
  });

  test('is answered by somebody else', async () => {
    const verdict = await verdictOf({ rules, author: await statement(KIM, 'kim'), approvals: [lee] });
    expect(verdict).toMatchObject({ ok: true, approvals: [{ approver: LEE }] });
  });

  test('has to be known by a signed statement', async () => {
    expect(messageOf(await verdictOf({ rules, approvals: [lee] }))).toContain('no signed statement');
    const unsigned = await statement(KIM, null);
    expect(messageOf(await verdictOf({ rules, author: unsigned, approvals: [lee] }))).toContain('unsigned');
  });

  test('is believed only with a key of the name, and for this plan', async () => {
    const forged = await statement(MAX, 'kim');
    expect(refusalsOf(await verdictOf({ rules, author: forged, approvals: [lee] }))).toContain(
      'approval_invalid',
    );
    const another = await statement(KIM, 'kim', 'cd'.repeat(32));
    expect(messageOf(await verdictOf({ rules, author: another, approvals: [lee] }))).toContain(
      'another plan',
    );
  });

  test('cannot hand in an approval as the statement of the author, or the other way round', async () => {
    expect((await verdictOf({ rules, author: kim.bytes, approvals: [lee] })).ok).toBe(false);
    const bytes = await statement(LEE, 'lee');
    expect((await verdictOf({ approvals: [{ file: fileNameFor(LEE), bytes }] })).ok).toBe(false);
  });
});
