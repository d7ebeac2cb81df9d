import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileNameFor } from '../../../../src/approval/approver-name.ts';
import {
  encodeBase64,
  printEnvelope,
  readEnvelope,
  signedBytes,
} from '../../../../src/approval/signing/dsse-envelope.ts';
import { authorStatement, printStatement } from '../../../../src/approval/signing/in-toto-statement.ts';
import type { Verifier } from '../../../../src/approval/signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../../../../src/approval/signing/sshsig.ts';
import type { Decision, VerifyInput } from '../../../../src/approval/verification.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { sha256 } from '../../../../src/core/json/canonical-json.ts';
import { sshSigner, sshVerifier } from '../../../../src/platform/ssh-keygen.ts';
import {
  type ApprovalFile,
  approvalFile,
  HOUR,
  inputWith,
  iso,
  NOW,
  PLAN,
  payloadOf,
  policy,
  refusalsOf,
  signedFile,
  TARGET,
} from '../../../support/approvals.ts';
import { stride } from '../../../support/draws.ts';
import { keyring, type Ring } from '../../../support/ssh-keys.ts';

const [KIM, LEE, MAX] = ['kim@example.com', 'lee@example.com', 'max@example.com'];
let keys: Ring;
let kim: ApprovalFile;
let lee: ApprovalFile;

beforeAll(async () => {
  keys = keyring();
  for (const name of ['kim', 'lee', 'max', 'stranger']) keys.make(name);
  kim = await signedFile(KIM, keys.sign('kim'));
  lee = await signedFile(LEE, keys.sign('lee'));
});
afterAll(() => keys.remove());

const line = (names: string, key: string, options = ''): string =>
  `${names} ${options === '' ? '' : `${options} `}${keys.publicKey(key)}\n`;

const everyone = (): string => line(KIM, 'kim') + line(LEE, 'lee') + line(MAX, 'max');

interface Case extends Partial<VerifyInput> {
  readonly signersText?: string;
  readonly rules?: object;
}

/** Verified with the real ssh-keygen, under a policy that pins this signers file. */
function verdictOf({ signersText = everyone(), rules = {}, ...given }: Case): Promise<Decision> {
  const signers = Buffer.from(signersText);
  const revoked = given.revoked ?? null;
  return verifyApproval(
    inputWith({
      policy: policy({
        signatures: 'required',
        allowed_signers: { path: 'allowed_signers', sha256: sha256(signers) },
        ...(revoked === null ? {} : { revoked_keys: { path: 'revoked', sha256: sha256(revoked) } }),
        ...rules,
      }),
      signers,
      verifier: sshVerifier(),
      ...given,
    }),
  );
}

const messageOf = (verdict: Decision): string => (verdict.ok ? 'ok' : verdict.refusals[0].message);

describe('k of n with real keys', () => {
  test('two of three hold, in any order, each with name, time and key', async () => {
    const verdict = await verdictOf({ approvals: [lee, kim], rules: { approvals: 2 } });
    expect(verdict).toMatchObject({
      ok: true,
      approvals: [
        { approver: KIM, at: iso(NOW), signed: true },
        { approver: LEE, at: iso(NOW), signed: true },
      ],
      approval_digests: [kim, lee].map(({ bytes }) => sha256(bytes)).sort(),
    });
  });

  test('one of two is refused with the figures', async () => {
    const verdict = await verdictOf({ approvals: [kim], rules: { approvals: 2 } });
    expect(refusalsOf(verdict)).toEqual(['plan_not_approved']);
    expect(messageOf(verdict)).toContain('1 of 2 approvals');
  });

  test('an unsigned approval does not count beside a signed one', async () => {
    const verdict = await verdictOf({ approvals: [kim, approvalFile(LEE)], rules: { approvals: 2 } });
    expect(messageOf(verdict)).toContain(`${LEE}: it is not signed`);
  });

  test('one key under two names counts once', async () => {
    const twice = line(`${KIM},${MAX}`, 'kim') + line(LEE, 'lee');
    const asMax = await signedFile(MAX, keys.sign('kim'));
    const verdict = await verdictOf({ approvals: [kim, asMax], rules: { approvals: 2 }, signersText: twice });
    expect(messageOf(verdict)).toContain(`its key is that of ${KIM}`);
  });

  test('two keys of one person count once, also where the name is spelled in capitals', async () => {
    const spelled = everyone() + line('KIM@example.com', 'stranger');
    const shouting = await signedFile('KIM@example.com', keys.sign('stranger'));
    expect(shouting.file).toBe(kim.file);
    const verdict = await verdictOf({
      approvals: [kim, shouting],
      rules: { approvals: 2 },
      signersText: spelled,
    });
    expect(messageOf(verdict)).toContain('this person is counted already');
  });

  test.each([
    ['RSA', ['-t', 'rsa', '-b', '2048']],
    ['ECDSA', ['-t', 'ecdsa', '-b', '256']],
  ])('%s keys count as well', async (type, options) => {
    keys.make(type, ...options);
    const file = await signedFile(KIM, keys.sign(type));
    expect(messageOf(await verdictOf({ approvals: [file], signersText: line(KIM, type) }))).toBe('ok');
  });
});

describe('wildcards', () => {
  const anyone = () => line('*@example.com', 'kim') + line('*@example.com', 'lee');

  test('*@example.com makes nobody two people: the policy is refused as unenforceable', async () => {
    const verdict = await verdictOf({
      approvals: [kim, lee],
      rules: { approvals: 2 },
      signersText: anyone(),
    });
    expect(refusalsOf(verdict)).toEqual(['policy_refused']);
    expect(messageOf(verdict)).toContain('names only 0 persons');
  });

  test('a key behind a wildcard does not count where more than one is needed', async () => {
    const mixed = line('*@example.com', 'stranger') + everyone();
    const borrowed = await signedFile(LEE, keys.sign('stranger'));
    const verdict = await verdictOf({
      approvals: [kim, borrowed],
      rules: { approvals: 2 },
      signersText: mixed,
    });
    expect(messageOf(verdict)).toContain(`${LEE}: only a wildcard`);
  });

  test('where one is needed, it counts', async () => {
    expect(messageOf(await verdictOf({ approvals: [kim], signersText: anyone() }))).toBe('ok');
  });

  test('a name that is itself a pattern speaks for nobody in full', async () => {
    const star = await signedFile('*@example.com', keys.sign('kim'));
    const text = anyone() + everyone();
    const verdict = await verdictOf({ approvals: [star, lee], rules: { approvals: 2 }, signersText: text });
    expect(verdict.ok).toBe(false);
  });
});

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
    await refusedWith({ approvals: [lee, forged] }, `may not speak for ${LEE}`);
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
    expect(messageOf(await verdictOf({ approvals: [resigned(armour)] }))).toContain('does not hold');
  });

  test('of another statement by the same person is refused', async () => {
    const other = readEnvelope((await signedFile(KIM, keys.sign('kim'), { comment: 'another' })).bytes);
    const bytes = Buffer.from(printEnvelope(payloadOf(KIM), other.signature));
    expect(messageOf(await verdictOf({ approvals: [{ file: kim.file, bytes }] }))).toContain('does not hold');
  });

  test('is kept in one form, however long the lines were', () => {
    const armour = Buffer.from(readEnvelope(kim.bytes).signature?.sig ?? '', 'base64').toString();
    const body = armour.split('\n').slice(1, -2).join('');
    const narrow = armour.replace(/\n[^-]+\n(?=-)/, `\n${body.match(/.{1,40}/g)?.join('\r\n')}\r\n`);
    expect(signatureOf(narrow)).toEqual(readEnvelope(kim.bytes).signature);
    expect(() => readSshsig({ keyid: '', sig: encodeBase64(Buffer.from(narrow)) })).toThrow(Failure);
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

describe('ssh-keygen', () => {
  test('that is not installed is told, and nothing counts', async () => {
    const verifier = sshVerifier({ command: 'no-such-ssh-keygen' });
    const verdict = await verdictOf({ approvals: [kim], verifier });
    expect(refusalsOf(verdict)).toContain('ssh_keygen_missing');
    expect(messageOf(verdict)).toContain('no-such-ssh-keygen is not installed');
    await expect(
      sshSigner('key', { command: 'no-such-ssh-keygen' }).sign(Buffer.from('x')),
    ).rejects.toMatchObject({ code: 'ssh_keygen_missing' });
  });

  test('that cannot sign says why', async () => {
    await expect(sshSigner(`${keys.folder}/none`).sign(Buffer.from('x'))).rejects.toMatchObject({
      code: 'signing_failed',
      exitCode: 1,
    });
  });

  test('leaves nothing behind in the temporary folder', async () => {
    const before = process.env['TMPDIR'];
    const folder = mkdtempSync(join(keys.folder, 'tmp-'));
    process.env['TMPDIR'] = folder;
    const verdict = await verdictOf({ approvals: [kim] });
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    expect([verdict.ok, readdirSync(folder)]).toEqual([true, []]);
  });
});
