import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { devNull } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Failure } from '../core/failure.ts';
import { keptVariables } from './child-environment.ts';
import { isFile } from './files.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** One repository, read with plumbing commands only. */
export interface Git {
  /** The top of the work tree. */
  readonly top: string;
  /** stdout of a command that must succeed; not to be changed. */
  read(...args: string[]): Promise<Buffer>;
  /** The same, as one trimmed line; null when git answers that there is none. */
  find(...args: string[]): Promise<string | null>;
  /** The same as `read`, for a command that reads lines. */
  ask(lines: readonly string[], ...args: string[]): Promise<Buffer>;
}

/**
 * The nearest parent folder with a `.git`; null if there is none. git itself would also accept a folder that looks like a bare
 * repository (HEAD, refs, objects) and use its config. A plan's folder comes with a pull request, which can contain such
 * files, but never one named `.git`.
 */
export function workTreeOf(folder: string): string | null {
  const start = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  for (let path = start; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (dirname(path) === path) return null;
  }
}

/** Whether the `.git` of a folder is one: a file that leads to it, or a folder with a HEAD. An empty folder has no history. */
export const isRepository = (top: string): boolean =>
  isFile(join(top, '.git')) || existsSync(join(top, '.git', 'HEAD'));

/** Opens the repository that a folder is in. Throws a Failure (history_incomplete). */
export function openGit(folder: string, command = 'git'): Git {
  const top = workTreeOf(folder);
  if (top !== null) return gitIn(command, top);
  throw new Failure(
    'history_incomplete',
    `${folder} is not in a git repository`,
    'Run inside a full clone of the repository with the plan.',
  );
}

/** A path relative to the top of the work tree, with slashes; null: it is outside. */
export function placeIn(top: string, path: string): string | null {
  const folder = dirname(resolve(path));
  const real = join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
  const found = relative(realpathSync(top), real).split(sep).join('/');
  return found.startsWith('../') || found === '..' ? null : found;
}

/** The same. Throws a Failure (history_incomplete) for a path outside. */
export function inside(top: string, path: string): string {
  const found = placeIn(top, path);
  if (found !== null) return found;
  throw new Failure(
    'history_incomplete',
    `${path} is outside the repository ${top}, so git does not know it`,
    'Keep plan, policy, signers, contract and config in one repository.',
  );
}

/**
 * The first link inside a work tree on the way to a path, relative to its top; null: there is none. On the way to the work tree
 * itself there may be links, which nobody can commit.
 */
export function linkOnTheWay(top: string, path: string): string | null {
  const real = realpathSync(top);
  const way: string[] = [];
  for (let at = resolve(path); dirname(at) !== at; at = dirname(at)) way.unshift(at);
  const start = way.findIndex((at) => existsSync(at) && realpathSync(at) === real);
  const isLink = (at: string) => lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const link = start === -1 ? undefined : way.slice(start + 1).find(isLink);
  return link === undefined ? null : relative(way[start] ?? '', link);
}

/** A path of a commit below one of its folders; `folder` is empty for the top. */
export const pathBelow = (folder: string, ...names: readonly string[]): string =>
  [...(folder === '' ? [] : [folder]), ...names].join('/');

/**
 * Answers about objects by their full ids, which cannot change. Judging one plan asks for the same few many times, and each
 * question starts a program. Of a shallow clone that is deepened meanwhile, the former history. At most 25 MB.
 */
const answers = new Map<string, Buffer>();
const MAX_ANSWER = 256 * 1024;
const MAX_ANSWERS = 100;

function keep(key: string, answer: Buffer): void {
  if (answers.size >= MAX_ANSWERS) answers.clear();
  answers.set(key, answer);
}

/** `cat-file blob ID`, `cat-file commit ID`, `ls-tree … ID -- …`, `rev-list … ID`, `rev-list … ID -- …` */
function isFixed(args: readonly string[]): boolean {
  const [name, kind = '', object = ''] = args;
  if (name === 'cat-file')
    return ['blob', 'commit'].includes(kind) && args.length === 3 && FULL_ID.test(object);
  const end = args.indexOf('--');
  const last = args[(end === -1 ? args.length : end) - 1] ?? '';
  return (name === 'ls-tree' || name === 'rev-list') && FULL_ID.test(last);
}

const FULL_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function gitIn(command: string, top: string): Git {
  const start = (args: readonly string[], input = ''): Promise<ProgramResult> =>
    runProgram({
      command,
      args: ['-C', top, `--git-dir=${join(top, '.git')}`, `--work-tree=${top}`, ...BARE, ...args],
      input: Buffer.from(input),
      env: environment(),
      timeoutMs: 60_000,
      maxBytes: 256 * 1024 * 1024,
      missing: {
        code: 'git_missing',
        hint: 'sailplan reads the history of the rules with git: install git.',
      },
    });
  const failed = (args: readonly string[], { status, stderr }: ProgramResult): Failure =>
    new Failure(
      'history_incomplete',
      `git ${args[0]} failed (${status ?? 'stopped'}): ${stderr.trim().split('\n')[0] ?? ''}`,
      'Run inside a full clone of the repository with the plan.',
    );
  const read = async (args: readonly string[], input?: string) => {
    const ended = await start(args, input);
    if (ended.status !== 0) throw failed(args, ended);
    return Buffer.from(ended.stdout);
  };
  return {
    top,
    async read(...args) {
      const key = isFixed(args) ? [command, top, ...args].join('\0') : null;
      const answer = (key === null ? undefined : answers.get(key)) ?? (await read(args));
      if (key !== null && answer.length <= MAX_ANSWER) keep(key, answer);
      return answer;
    },
    async find(...args) {
      const ended = await start(args);
      // With --quiet, exit code 1 without output means that there is none; anything else is an error.
      if (ended.status !== 0 && !(ended.status === 1 && ended.stderr.trim() === ''))
        throw failed(args, ended);
      return Buffer.from(ended.stdout).toString().trim() || null;
    },
    ask: (lines, ...args) => read(args, lines.map((line) => `${line}\n`).join('')),
  };
}

/** Nothing that the repository's content or config could make git run or fetch. */
const BARE = [
  'safe.bareRepository=explicit',
  'protocol.allow=never',
  `core.hooksPath=${devNull}`,
  'core.fsmonitor=false',
  `core.attributesFile=${devNull}`,
  // GIT_GRAFT_FILE makes git advise against grafts, in the place of the cause of an error.
  'advice.graftFileDeprecated=false',
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
