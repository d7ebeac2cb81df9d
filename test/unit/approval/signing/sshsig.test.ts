import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeBase64, readEnvelope } from '../../../../src/approval/signing/dsse-envelope.ts';
import { readSshsig, signatureOf } from '../../../../src/approval/signing/sshsig.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { keys, kim, makeSigners } from '../../../support/signed-approvals.ts';
import { armourOf } from '../../../support/ssh-armour.ts';

describe('an SSH signature', () => {
  test('is taken in the one form that ssh-keygen writes', () => {
    const signature = signatureOf(armourOf());
    expect(readSshsig(signature).fingerprint).toBe(signature.keyid);
  });

  test.each<[string, string, string]>([
    ['that is something else', 'nonsense', 'it is not an SSH signature'],
    ['that is empty', '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n', 'malformed'],
    ['with something in the reserved field', armourOf({ reserved: 'x' }), 'reserved field is not empty'],
    ['over an old hash', armourOf({ hash: 'sha1' }), 'hash algorithm'],
    [
      'by a certificate',
      armourOf({ type: 'ssh-ed25519-cert-v01@openssh.com' }),
      'a certificate, not a plain key',
    ],
  ])('%s is refused', (_, armour, because) => {
    expect(() => signatureOf(armour)).toThrow(because);
  });
});

describe('a signature by ssh-keygen', () => {
  beforeAll(makeSigners);
  afterAll(() => keys.remove());

  test('is kept in one form, however long the lines were', () => {
    const armour = Buffer.from(readEnvelope(kim.bytes).signature?.sig ?? '', 'base64').toString();
    const body = armour.split('\n').slice(1, -2).join('');
    const narrow = armour.replace(/\n[^-]+\n(?=-)/, `\n${body.match(/.{1,40}/g)?.join('\r\n')}\r\n`);
    expect(signatureOf(narrow)).toEqual(readEnvelope(kim.bytes).signature);
    expect(() => readSshsig({ keyid: '', sig: encodeBase64(Buffer.from(narrow)) })).toThrow(Failure);
  });
});
