import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sshSigner, sshVerifier } from '../../../src/platform/ssh-keygen.ts';
import { refusalsOf } from '../../support/approvals.ts';
import { keys, kim, makeSigners, messageOf, verdictOf } from '../../support/signed-approvals.ts';

beforeAll(makeSigners);
afterAll(() => keys.remove());

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
