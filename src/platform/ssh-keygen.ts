import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { keptVariables } from './child-environment.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** A signature to verify. The port of approval has the same shape; the two folders do not import each other. */
interface SignatureQuestion {
  readonly bytes: Uint8Array;
  readonly signature: string;
  /** The claimed signer and time; null: any key may have signed. */
  readonly claim: SignerClaim | null;
}

interface SignerClaim {
  readonly principal: string;
  /** Content of an allowed_signers file. */
  readonly signers: string;
  /** Content of a revocation file. */
  readonly revoked: Uint8Array | null;
  readonly atMs: number;
}

type SignatureAnswer = { readonly ok: true } | { readonly ok: false; readonly because: string };

interface Options {
  /** The program; given in tests. */
  readonly command?: string;
}

const NAMESPACE = 'sailplan';
const VERIFY_MS = 20_000;
/** A person may have to type a passphrase or touch a key. */
const SIGN_MS = 300_000;
const REVOKED = 'the key is revoked (or the revocation file cannot be read)';

/**
 * Verifies with ssh-keygen (ssh-keygen(1), -Y verify and -Y check-novalidate). A refusal is a result with ssh-keygen's
 * message. Throws a Failure (ssh_keygen_missing).
 */
export function sshVerifier({ command = 'ssh-keygen' }: Options = {}) {
  return {
    verify: ({ bytes, signature, claim }: SignatureQuestion): Promise<SignatureAnswer> =>
      inFolder(async (folder) => {
        const ask = async (claimed: SignerClaim | null) =>
          keygen(command, await argumentsOf(folder, signature, claimed), bytes);
        const ended = await ask(claim);
        if (ended.status === 0) return { ok: true };
        // ssh-keygen does not report revocation as the reason; a second call without the revocation file shows it.
        const isRevoked = claim?.revoked && (await ask({ ...claim, revoked: null })).status === 0;
        return { ok: false, because: isRevoked ? REVOKED : outputLine(ended) };
      }),
  };
}

/**
 * Signs with a private key, or with a public key whose private key is in an agent or on a security key. `tell` is called with
 * ssh-keygen's prompts ("Confirm user presence"); it asks for a passphrase on the terminal itself. Throws a Failure
 * (signing_failed, ssh_keygen_missing).
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
        `ssh-keygen did not sign with ${key}: ${outputLine(ended)}`,
        'Give the path of a private key, or of a public key whose private key is in ssh-agent.',
      );
    },
  };
}

async function argumentsOf(folder: string, signature: string, claim: SignerClaim | null): Promise<string[]> {
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const common = ['-n', NAMESPACE, '-s', await put('signature', signature)];
  if (claim === null) return ['-Y', 'check-novalidate', ...common];
  const revoked = claim.revoked === null ? [] : ['-r', await put('revoked', claim.revoked)];
  const signers = await put('signers', claim.signers);
  const time = `verify-time=${timestamp(claim.atMs)}`;
  return ['-Y', 'verify', ...common, '-f', signers, '-I', claim.principal, '-O', time, ...revoked];
}

/** YYYYMMDDHHMMSS; ssh-keygen reads it as UTC because it runs with TZ=UTC. */
const timestamp = (atMs: number): string => new Date(atMs).toISOString().replace(/\D/g, '').slice(0, 14);

/** How ssh-keygen reaches an agent, a security key, and a person who has to type a passphrase. */
const AGENT = [
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'SSH_SK_PROVIDER',
  'SSH_SK_HELPER',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'TERM',
];

/** With TZ=UTC a time without Z in an allowed_signers file means the same on every machine. */
const keygen = (command: string, args: readonly string[], input: Uint8Array, tell?: (text: string) => void) =>
  runProgram({
    command,
    args,
    input,
    env: { ...keptVariables(AGENT), TZ: 'UTC', LC_ALL: 'C' },
    timeoutMs: args.includes('sign') ? SIGN_MS : VERIFY_MS,
    mayAsk: args.includes('sign'),
    maxBytes: 65_536,
    missing: {
      code: 'ssh_keygen_missing',
      hint: 'Install OpenSSH 8.9 or later (package openssh-client): sailplan signs and checks signatures with it.',
    },
    ...(tell === undefined ? {} : { onStderr: tell }),
  });

/** The output on one line, without the paths of our temporary files. */
function outputLine({ status, stdout, stderr }: ProgramResult): string {
  const lines = `${stderr}\n${Buffer.from(stdout).toString('latin1')}`
    .split('\n')
    .map((line) => line.replace(/\S*sailplan-\w{6}\/(\w+)(:\d+)?:?/g, '$1').trim())
    .filter((line) => line !== '' && !line.startsWith('Signing '));
  return [...new Set(lines)].slice(0, 3).join('; ') || `it ended with ${status ?? 'a signal'}`;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sailplan-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
