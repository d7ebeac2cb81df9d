import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { type Ended, runProgram } from './run-program.ts';

/** As approval's ports want it; the two folders do not know each other. */
interface Question {
  readonly bytes: Uint8Array;
  readonly signature: string;
  readonly claim: Claim | null;
}

interface Claim {
  readonly principal: string;
  readonly signers: string;
  readonly revoked: Uint8Array | null;
  readonly atMs: number;
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly because: string };

interface Options {
  /** The program; given in tests. */
  readonly command?: string;
}

const NAMESPACE = 'sailplan';
const MACHINE_MS = 20_000;
/** A passphrase may have to be typed, a key to be touched. */
const PERSON_MS = 300_000;
const REVOKED = 'the key is revoked (or the revocation file cannot be read)';

/**
 * Asks ssh-keygen (ssh-keygen(1), -Y verify and -Y check-novalidate). Whatever makes it say no is an answer with its own
 * words; that it is not there is a Failure (ssh_keygen_missing).
 */
export function sshVerifier({ command = 'ssh-keygen' }: Options = {}) {
  return {
    verify: ({ bytes, signature, claim }: Question): Promise<Answer> =>
      inFolder(async (folder) => {
        const ask = async (one: Claim | null) =>
          keygen(command, await argumentsOf(folder, signature, one), bytes);
        const ended = await ask(claim);
        if (ended.status === 0) return { ok: true };
        // ssh-keygen does not say that it was the revocation; the same question without it does.
        const isRevoked = claim?.revoked && (await ask({ ...claim, revoked: null })).status === 0;
        return { ok: false, because: isRevoked ? REVOKED : words(ended) };
      }),
  };
}

/**
 * Signs with a private key, or with a public key whose private one an agent or a security key holds.
 * `tell` gets what ssh-keygen asks for meanwhile ("Confirm user presence"); it asks for a passphrase on the terminal
 * itself. Throws a Failure (signing_failed, ssh_keygen_missing).
 */
export function sshSigner(
  key: string,
  { command = 'ssh-keygen', tell }: Options & { readonly tell?: (text: string) => void } = {},
) {
  return {
    async sign(bytes: Uint8Array): Promise<string> {
      const args = ['-Y', 'sign', '-n', NAMESPACE, '-f', key];
      const ended = await keygen(command, args, bytes, tell);
      const armour = Buffer.from(ended.stdout).toString('latin1');
      if (ended.status === 0 && armour.startsWith('-----BEGIN SSH SIGNATURE-----')) return armour;
      throw new Failure(
        'signing_failed',
        `ssh-keygen did not sign with ${key}: ${words(ended)}`,
        'Give the path of a private key, or of a public key whose private key is in ssh-agent.',
      );
    },
  };
}

async function argumentsOf(folder: string, signature: string, claim: Claim | null): Promise<string[]> {
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const common = ['-n', NAMESPACE, '-s', await put('signature', signature)];
  if (claim === null) return ['-Y', 'check-novalidate', ...common];
  const revoked = claim.revoked === null ? [] : ['-r', await put('revoked', claim.revoked)];
  const signers = await put('signers', claim.signers);
  const time = `verify-time=${stamp(claim.atMs)}`;
  return ['-Y', 'verify', ...common, '-f', signers, '-I', claim.principal, '-O', time, ...revoked];
}

/** YYYYMMDDHHMMSS, read as UTC since the program runs with TZ=UTC. */
const stamp = (atMs: number): string => new Date(atMs).toISOString().replace(/\D/g, '').slice(0, 14);

/** A time in an allowed_signers file that has no Z means UTC on every machine, not wherever this one stands. */
const keygen = (command: string, args: readonly string[], input: Uint8Array, tell?: (text: string) => void) =>
  runProgram({
    command,
    args,
    input,
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    timeoutMs: args.includes('sign') ? PERSON_MS : MACHINE_MS,
    maxBytes: 65_536,
    missing: {
      code: 'ssh_keygen_missing',
      hint: 'Install OpenSSH 8.9 or later (package openssh-client): signatures are made and checked with it.',
    },
    ...(tell === undefined ? {} : { tell }),
  });

/** What it said, on one line; paths of our own files say nothing to a reader. */
function words({ status, stdout, stderr }: Ended): string {
  const said = `${stderr}\n${Buffer.from(stdout).toString('latin1')}`
    .split('\n')
    .map((line) => line.replace(/\S*sailplan-\w{6}\/(\w+)(:\d+)?:?/g, '$1').trim())
    .filter((line) => line !== '' && !line.startsWith('Signing '));
  return [...new Set(said)].slice(0, 3).join('; ') || `it ended with ${status ?? 'a signal'}`;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sailplan-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
