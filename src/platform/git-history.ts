import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { devNull } from 'node:os';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { Failure } from '../core/failure.ts';
import { keptVariables } from './child-environment.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** What to look up. The facts have the shape of approval's MergeFacts; the two folders do not import each other. */
interface HistoryLookup<Role extends string> {
  /** Any folder inside the work tree. */
  readonly folder: string;
  /** Folder of the plans, inside the work tree. */
  readonly plans: string;
  /** The protected branch, in full: refs/remotes/origin/main. */
  readonly ref: string;
  /** Paths in the file system; one has the role `plan`. That a file is missing is a fact too. */
  readonly files: readonly { readonly role: Role | 'plan'; readonly path: string }[];
  /** The program; given in tests. */
  readonly command?: string;
}

interface Git {
  /** stdout of a command that must succeed. */
  read(...args: string[]): Promise<Buffer>;
  /** The same, as one trimmed line; null when git answers that there is none. */
  find(...args: string[]): Promise<string | null>;
}

/**
 * Reads what git knows about these files on the protected branch, with plumbing commands only: no discovery of a repository,
 * no hooks, no replace refs, no grafts, no fetch, and of the environment only what git needs. Digests are SHA-256 of the content, null where a file is missing. Throws a Failure
 * (git_missing, history_incomplete).
 */
export async function readMerge<Role extends string>({
  folder,
  plans,
  ref,
  files,
  command = 'git',
}: HistoryLookup<Role>) {
  const top = workTreeOf(folder);
  const git = gitIn(command, top);
  const isShallow = (await git.find('rev-parse', '--is-shallow-repository')) === 'true';
  const tip = await git.find('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  const placed = files.map(({ role, path }) => ({ role, path: inside(top, path), checkout: digestOf(path) }));
  const plan = placed.find(({ role }) => role === 'plan');
  const id =
    tip === null || plan === undefined
      ? null
      : await git.find('rev-list', '--first-parent', '-n', '1', tip, '--', plan.path);
  const known = { git, placed, tip, plans: inside(top, plans), isShallow };
  const renewedBy = id === null || plan === undefined ? null : await renewalAfter(git, tip, plan.path, id);
  return {
    ref,
    tip,
    isShallow,
    ...(await factsAt(known, id)),
    renewal:
      renewedBy === null || plan === undefined ? null : await renewalAt(known, renewedBy, plan.path, top),
  };
}

const approvalsOf = (plan: string): string => posix.join(posix.dirname(plan), 'approvals');

/** The newest commit that changed the approvals of a plan, if that was after the commit `id` that brought the plan. */
async function renewalAfter(git: Git, tip: string | null, plan: string, id: string): Promise<string | null> {
  if (tip === null) return null;
  const paths = [plan, approvalsOf(plan)];
  const newest = await git.find('rev-list', '--first-parent', '-n', '1', tip, '--', ...paths);
  return newest === id ? null : newest;
}

interface Known<Role extends string> {
  readonly git: Git;
  readonly placed: readonly {
    readonly role: Role;
    readonly path: string;
    readonly checkout: string | null;
  }[];
  readonly tip: string | null;
  /** The folder of the plans, relative to the top of the work tree. */
  readonly plans: string;
  readonly isShallow: boolean;
}

/** What one commit of the branch did to these files. */
async function factsAt<Role extends string>(
  { git, placed, tip, plans, isShallow }: Known<Role>,
  id: string | null,
) {
  const commit = id === null ? null : await readCommit(git, id);
  const files = [];
  for (const { role, path, checkout } of placed) {
    const at = async (where: string | null | undefined) => (where ? blobDigest(git, where, path) : null);
    const [first, ...others] = commit?.parents ?? [];
    const merged = [];
    for (const parent of others) merged.push(await at(parent));
    const places = { branch: await at(tip), merge: await at(id), first_parent: await at(first), merged };
    files.push({ role, path, checkout, ...places });
  }
  const brought = commit === null || isShallow ? [] : await pathsBrought(git, commit, plans);
  return { commit, files, brought };
}

/** The same of a commit that brought approvals of the plan, and these approvals. */
async function renewalAt<Role extends string>(known: Known<Role>, id: string, plan: string, top: string) {
  const commit = await readCommit(known.git, id);
  const approvals = approvalsOf(plan);
  const paths = known.isShallow ? [] : await pathsBrought(known.git, commit, approvals);
  const placed = paths.map((name) => {
    const path = posix.join(approvals, name);
    return { role: 'approval' as const, path, checkout: digestOf(join(top, path)) };
  });
  return {
    ...(await factsAt(known, id)),
    commit,
    approvals: (await factsAt({ ...known, placed }, id)).files,
  };
}

/** Paths below a folder, relative to it, that a commit added or changed against its first parent. */
async function pathsBrought(
  git: Git,
  { id, parents: [first] }: { readonly id: string; readonly parents: readonly string[] },
  folder: string,
): Promise<readonly string[]> {
  const below = folder === '' ? '.' : folder;
  const answer =
    first === undefined
      ? await git.read('ls-tree', '-r', '--full-tree', '--name-only', '-z', id, '--', below)
      : await git.read(
          ...['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--diff-filter=d', '--name-only', '-z'],
          ...[first, id, '--', below],
        );
  const start = folder === '' ? 0 : folder.length + 1;
  return answer
    .toString('utf8')
    .split('\0')
    .flatMap((path) => (path === '' ? [] : [path.slice(start)]));
}

/**
 * The nearest folder above that has a `.git`. git itself would also take a folder that looks like a bare repository (HEAD,
 * refs, objects) and obey the config in it; a plan's folder comes with a pull request, which can bring such files, but never
 * one called `.git`. Throws a Failure (history_incomplete).
 */
function workTreeOf(folder: string): string {
  const start = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  for (let path = start; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (dirname(path) === path) break;
  }
  throw new Failure(
    'history_incomplete',
    `${folder} is in no git repository`,
    'Run inside a whole clone of the repository that holds the plan.',
  );
}

/** Reads the raw commit object: no mailmap, no replaced parents. */
async function readCommit(git: Git, id: string) {
  const [header = ''] = (await git.read('cat-file', 'commit', id)).toString('utf8').split('\n\n');
  const values = (name: string) =>
    header.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? line.slice(name.length + 1) : []));
  const person = /^(.*) (\d+) [+-]\d{4}$/;
  return {
    id,
    parents: values('parent'),
    author: person.exec(values('author')[0] ?? '')?.[1] ?? '',
    atMs: Number(person.exec(values('committer')[0] ?? '')?.[2] ?? Number.NaN) * 1000,
  };
}

async function blobDigest(git: Git, commit: string, path: string): Promise<string | null> {
  const blob = await git.find('rev-parse', '--verify', '--quiet', `${commit}:${path}`);
  return blob === null ? null : sha256(await git.read('cat-file', 'blob', blob));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const digestOf = (path: string): string | null => (existsSync(path) ? sha256(readFileSync(path)) : null);

/** A path relative to the top of the work tree, with slashes. Throws a Failure (history_incomplete) for one outside. */
function inside(top: string, path: string): string {
  const folder = dirname(resolve(path));
  const real = join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
  const found = relative(realpathSync(top), real).split(sep).join('/');
  if (!found.startsWith('../') && found !== '..') return found;
  throw new Failure(
    'history_incomplete',
    `${path} is outside the repository ${top}, so git says nothing about it`,
    'Keep plan, policy, signers, contract and config in one repository.',
  );
}

function gitIn(command: string, folder: string): Git {
  const start = (args: readonly string[]): Promise<ProgramResult> =>
    runProgram({
      command,
      args: ['-C', folder, `--git-dir=${join(folder, '.git')}`, `--work-tree=${folder}`, ...BARE, ...args],
      env: environment(),
      timeoutMs: 60_000,
      maxBytes: 256 * 1024 * 1024,
      missing: { code: 'git_missing', hint: 'Mode merge reads the history with git: install it.' },
    });
  const failed = (args: readonly string[], { status, stderr }: ProgramResult): Failure =>
    new Failure(
      'history_incomplete',
      `git ${args[0]} failed (${status ?? 'stopped'}): ${stderr.trim().split('\n')[0] ?? ''}`,
      'Run inside a whole clone of the repository that holds the plan.',
    );
  return {
    async read(...args) {
      const ended = await start(args);
      if (ended.status !== 0) throw failed(args, ended);
      return Buffer.from(ended.stdout);
    },
    async find(...args) {
      const ended = await start(args);
      // With --quiet, exit code 1 without output means that there is none; anything else is an error.
      if (ended.status !== 0 && !(ended.status === 1 && ended.stderr.trim() === ''))
        throw failed(args, ended);
      return Buffer.from(ended.stdout).toString().trim() || null;
    },
  };
}

/** Nothing that the repository's content or config could make git run or fetch. */
const BARE = [
  'safe.bareRepository=explicit',
  'protocol.allow=never',
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  `core.attributesFile=${devNull}`,
].flatMap((setting) => ['-c', setting]);

/** HOME is kept for safe.directory, which a person or CI sets in the global config. */
const environment = (): NodeJS.ProcessEnv => ({
  ...keptVariables(['XDG_CONFIG_HOME']),
  LC_ALL: 'C',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: devNull,
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
});
