import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ArchiveLine,
  appendLine,
  verifiedLines,
  verifyChain,
} from '../../../../src/approval/archive/hash-chain.ts';
import { appendSigned, verifyLineSignatures } from '../../../../src/approval/archive/signed-lines.ts';
import { readSigners } from '../../../../src/approval/signing/allowed-signers.ts';
import { encodeBase64 } from '../../../../src/approval/signing/dsse-envelope.ts';
import type { Verifier } from '../../../../src/approval/signing/signature-ports.ts';
import { signatureOf } from '../../../../src/approval/signing/sshsig.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { sha256 } from '../../../../src/core/json/canonical-json.ts';
import { sshSigner, sshVerifier } from '../../../../src/platform/ssh-keygen.ts';
import { archiveEntry } from '../../../support/approvals.ts';
import { createKeyring, type Keyring } from '../../../support/keyring.ts';
import { armourOf } from '../../../support/ssh-armour.ts';

describe('a signed line', () => {
  let keys: Keyring;
  let text = '';

  beforeAll(async () => {
    keys = createKeyring();
    for (const name of ['runner', 'stranger']) keys.make(name);
    text = await appendSigned('', archiveEntry(0), sshSigner(`${keys.folder}/runner`));
    text += appendLine(text, archiveEntry(1));
  });
  afterAll(() => keys.remove());

  const seals = async (from: string, key = 'runner') => {
    const signers = readSigners(Buffer.from(`ci@example.com ${keys.publicKey(key)}\n`));
    return verifyLineSignatures(verifiedLines(from), { verifier: sshVerifier(), signers });
  };

  test('holds, and those without a signature are counted', async () => {
    expect(await seals(text)).toEqual({ problem: null, signed: 1, unsigned: 1 });
  });

  test('does not hold over another content, though the chain was made anew', async () => {
    const [line] = verifiedLines(text);
    const forged = appendLine('', { ...archiveEntry(0), policy: sha256('another') }, line?.signature ?? null);
    expect(verifyChain(forged).ok).toBe(true);
    expect((await seals(forged)).problem).toContain('line 1: the signature is not valid');
  });

  test('of a key that is not listed does not hold', async () => {
    expect((await seals(text, 'stranger')).problem).toContain('is not in the signers file');
  });
});

describe('the signatures of an archive', () => {
  const verifier: Verifier = { verify: async () => ({ ok: true }) };

  const lines = (sig: string): readonly ArchiveLine[] =>
    verifiedLines(appendLine('', archiveEntry(0), { keyid: 'SHA256:none', sig }));

  test('a signature that is none is told with its line; whoever cannot check throws', async () => {
    const found = await verifyLineSignatures(lines(encodeBase64(Buffer.from('nonsense'))), {
      verifier,
      signers: null,
    });
    expect(found).toMatchObject({ problem: expect.stringMatching(/^line 1: the signature is not valid/) });
    const missing = new Failure('ssh_keygen_missing', 'no ssh-keygen');
    const blind: Verifier = {
      verify: async () => {
        throw missing;
      },
    };
    const { sig, keyid } = signatureOf(armourOf());
    const sealed = verifiedLines(appendLine('', archiveEntry(0), { keyid, sig }));
    await expect(verifyLineSignatures(sealed, { verifier: blind, signers: null })).rejects.toBe(missing);
    const bug: Verifier = {
      verify: async () => {
        throw new TypeError('a bug');
      },
    };
    await expect(verifyLineSignatures(sealed, { verifier: bug, signers: null })).rejects.toThrow('a bug');
  });
});
