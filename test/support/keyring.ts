import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signature } from '../../src/approval/signing/dsse-envelope.ts';
import { signatureOf } from '../../src/approval/signing/sshsig.ts';
import { sshSigner } from '../../src/platform/ssh-keygen.ts';

/** Real SSH keys in a folder of their own. */
export interface Keyring {
  readonly folder: string;
  /** Makes a key pair; returns the path of the private key. */
  make(name: string, ...options: readonly string[]): string;
  /** `ssh-ed25519 AAAA…` */
  publicKey(name: string): string;
  sign(name: string): (bytes: Uint8Array) => Promise<Signature>;
  /** Signs for another namespace, as `git commit -S` or another tool does. */
  signFor(name: string, namespace: string): (bytes: Uint8Array) => string;
  remove(): void;
}

export function createKeyring(): Keyring {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    make(name, ...options) {
      const type = options.length > 0 ? options : ['-t', 'ed25519'];
      execFileSync('ssh-keygen', ['-q', ...type, '-N', '', '-C', name, '-f', path(name)]);
      return path(name);
    },
    publicKey: (name) =>
      readFileSync(`${path(name)}.pub`, 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' '),
    sign: (name) => async (bytes) => signatureOf(await sshSigner(path(name)).sign(bytes)),
    signFor: (name, namespace) => (bytes) => {
      writeFileSync(path('message'), bytes);
      rmSync(path('message.sig'), { force: true });
      execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', path(name), '-n', namespace, path('message')], {
        stdio: 'pipe',
      });
      return readFileSync(path('message.sig'), 'utf8');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
