import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { withoutCredentials } from '../core/web-address.ts';
import { keptVariables } from './child-environment.ts';
import type { Git } from './git-program.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** A file for a commit, by its path from the top of the work tree; null: it is deleted. */
export type CommitFiles = ReadonlyMap<string, Uint8Array | null>;

export interface CommitRequest {
  /** The commit that it follows. */
  readonly parent: string;
  readonly files: CommitFiles;
  readonly message: string;
}

/** `moved`: the branch is another commit than expected · `refused`: by rules of the forge */
export type PushResult =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'moved' | 'refused'; readonly said: string };

/** The forge's repository, as git reaches it. Nothing of the work tree or its index is touched. */
export interface RemoteRepository {
  /** Fetches one ref or commit, into a ref of this clone where one is named; returns the commit. Throws a Failure (unreachable). */
  fetch(name: string, into?: string): Promise<string>;
  /** The commit of a branch; null if the branch does not exist. */
  branchTip(branch: string): Promise<string | null>;
  commit(request: CommitRequest): Promise<string>;
  /** Pushes a commit to a branch that is `expected` there; null: it must not exist. A commit null deletes the branch. */
  push(commit: string | null, branch: string, expected: string | null): Promise<PushResult>;
  /** Checks a commit out, detached. Throws a Failure (usage) where that would lose changes. */
  checkOut(commit: string): Promise<void>;
}

interface RemoteSettings {
  readonly git: Git;
  readonly remote: string;
  /** Only an address of this origin gets them; null: git's own settings decide. */
  readonly credentials: { readonly origin: string; readonly user: string; readonly token: string } | null;
  /** Author and committer where git has none. */
  readonly person: { readonly name: string; readonly email: string };
  readonly command?: string;
}

/** No hook, no prompt, no redirect, no program that the repository's files name. */
const QUIET = [
  'safe.bareRepository=explicit',
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  `core.attributesFile=${devNull}`,
  'http.followRedirects=false',
  'protocol.ext.allow=never',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

const NETWORK_VARIABLES = [
  ...['XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'SSH_AUTH_SOCK', 'GIT_SSH_COMMAND'],
  ...['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO'],
  ...['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'],
];

const TIMEOUT_MS = 300_000;
const MAX_BYTES = 256 * 1024 * 1024;

export function openRemote({
  git,
  remote,
  credentials,
  person,
  command = 'git',
}: RemoteSettings): RemoteRepository {
  const { top } = git;
  const base = {
    ...keptVariables(NETWORK_VARIABLES),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
  };
  // ssh asks for a passphrase or about a host on the terminal.
  let isOverSsh = false;
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, input: Uint8Array = new Uint8Array()) =>
    runProgram({
      command,
      args: ['-C', top, `--git-dir=${join(top, '.git')}`, `--work-tree=${top}`, ...QUIET, ...args],
      input,
      env: { ...base, ...env },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      mayAsk: isOverSsh,
      missing: { code: 'git_missing', hint: 'sailplan ci fetches and pushes with git: install git.' },
    });
  const must = async (args: readonly string[], env?: NodeJS.ProcessEnv, input?: Uint8Array) => {
    const ended = await run(args, env, input);
    if (ended.status === 0) return textOf(ended);
    throw gitFailed(args, ended);
  };

  /** Address and variables for a call that leaves this machine. The token is on no command line. */
  async function place(): Promise<{ readonly url: string; readonly env: NodeJS.ProcessEnv }> {
    const asked = await run(['remote', 'get-url', remote]);
    if (asked.status !== 0)
      throw new Failure(
        'usage',
        `this repository has no remote ${remote}`,
        'Run sailplan ci in a clone of the forge’s repository, or name another remote: --base REMOTE/BRANCH.',
      );
    const url = textOf(asked);
    const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    isOverSsh = !isWeb && url.includes(':') && !url.startsWith('file:');
    if (credentials === null || !isWeb || new URL(url).origin !== credentials.origin)
      return { url: remote, env: {} };
    const secret = Buffer.from(`${credentials.user}:${credentials.token}`).toString('base64');
    return {
      url: withoutCredentials(url),
      env: {
        GIT_CONFIG_COUNT: '2',
        // A header that the checkout left in the local settings would be sent beside ours.
        GIT_CONFIG_KEY_0: `http.${credentials.origin}/.extraHeader`,
        GIT_CONFIG_VALUE_0: '',
        GIT_CONFIG_KEY_1: `http.${credentials.origin}/.extraHeader`,
        GIT_CONFIG_VALUE_1: `Authorization: Basic ${secret}`,
      },
    };
  }

  return {
    async fetch(name, into) {
      const { url, env } = await place();
      const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', url];
      const kept =
        into ?? `refs/sailplan/fetched/${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
      await must([...args, `+${name}:${kept}`], env);
      return must(['rev-parse', '--verify', '--end-of-options', `${kept}^{commit}`]);
    },
    async branchTip(branch) {
      const { url, env } = await place();
      const ref = `refs/heads/${branch}`;
      // git lists each ref that ends like this, also refs/heads/refs/heads/main, which anybody who pushes branches can make.
      const rows = (await must(['ls-remote', '--heads', url, ref], env)).split('\n');
      return rows.map((row) => row.split('\t')).find(([, name]) => name === ref)?.[0] ?? null;
    },
    async checkOut(commit) {
      if ((await must(['rev-parse', '--verify', 'HEAD'])) === commit) return;
      if ((await must(['status', '--porcelain', '--untracked-files=no'])) !== '')
        throw new Failure(
          'usage',
          'this checkout is not the newest commit of the protected branch, and files in it are changed',
          'Run sailplan ci in a clean checkout: it works on the newest commit of the protected branch.',
        );
      await must(['checkout', '--quiet', '--detach', commit, '--']);
    },
    async commit({ parent, files, message }) {
      const folder = mkdtempSync(join(tmpdir(), 'sailplan-index-'));
      try {
        const env = { GIT_INDEX_FILE: join(folder, 'index') };
        await must(['read-tree', parent], env);
        const lines: string[] = [];
        for (const [path, bytes] of files) {
          const id =
            bytes === null ? null : await must(['hash-object', '-w', '--stdin', '--no-filters'], {}, bytes);
          lines.push(id === null ? `0 ${'0'.repeat(parent.length)}\t${path}\0` : `100644 ${id}\t${path}\0`);
        }
        await must(['update-index', '-z', '--index-info'], env, Buffer.from(lines.join('')));
        const tree = await must(['write-tree'], env);
        return await must(
          ['commit-tree', tree, '-p', parent, '-F', '-'],
          namesIn(base, person),
          Buffer.from(`${message}\n`),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    async push(commit, branch, expected) {
      const { url, env } = await place();
      const ref = `refs/heads/${branch}`;
      const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
      const args = ['push', '--porcelain', '--no-verify', lease, url, `${commit ?? ''}:${ref}`];
      const ended = await run(args, env);
      if (ended.status === 0) return { kind: 'pushed' };
      const said = lastWords(`${textOf(ended)}\n${ended.stderr}`);
      // Somebody was faster, also where the server noticed it only at its lock.
      const isRace = /stale info|non-fast-forward|fetch first|cannot lock ref|failed to update ref/.test(
        said,
      );
      if (isRace) return { kind: 'moved', said };
      if (/remote rejected|\[rejected\]|protected branch|pre-receive hook declined|GH00|403/.test(said))
        return { kind: 'refused', said };
      throw gitFailed(args, ended);
    },
  };
}

const textOf = ({ stdout }: ProgramResult): string => Buffer.from(stdout).toString('utf8').trim();

const lastWords = (text: string): string => text.trim().split('\n').slice(-12).join('; ').slice(0, 600);

/** Author and committer, where git has none. */
const namesIn = (kept: NodeJS.ProcessEnv, { name, email }: RemoteSettings['person']): NodeJS.ProcessEnv => ({
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: email,
  ...kept,
});

/** Commands that leave this machine. */
const NETWORK: readonly string[] = ['fetch', 'ls-remote', 'push'];

const gitFailed = (args: readonly string[], { status, stderr }: ProgramResult): Failure =>
  new Failure(
    NETWORK.includes(args[0] ?? '') ? 'unreachable' : 'history_incomplete',
    `git ${args[0]} failed (${status ?? 'stopped'}): ${lastWords(stderr)}`,
    'Check that the job may reach the repository, then run the same command again.',
  );
