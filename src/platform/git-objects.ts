import { Failure } from '../core/failure.ts';
import type { Git } from './git-program.ts';

/** A commit from its raw object: no mailmap, no replaced parents. */
export interface GitCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** `Kim Doe <kim@example.com>` */
  readonly author: string;
  /** Commit time, milliseconds since the epoch. */
  readonly atMs: number;
}

/** One entry of a commit's tree. */
export interface GitEntry {
  /** 100644 and 100755: a file; 120000: a link; 160000: another repository; 040000: a folder. */
  readonly mode: string;
  readonly id: string;
  /** From the top of the work tree. */
  readonly path: string;
}

/** A commit by its full id, or by `HEAD`; null if there is none. Other names: refCommit, namedCommit. */
export const commitId = (git: Git, id: string): Promise<string | null> =>
  git.find('rev-parse', '--verify', '--quiet', '--end-of-options', `${id}^{commit}`);

/**
 * The commit of a full ref name; null if the ref does not exist. Does not use rev-parse, which also accepts a tag or branch
 * with the ref's name (refs/tags/refs/remotes/origin/main): then anybody who can push a tag could replace the protected
 * branch.
 */
export async function refCommit(git: Git, ref: string): Promise<string | null> {
  const found = (await refsCalled(git, [ref])).get(ref);
  if (found === undefined) return null;
  return found.type === 'commit' ? found.id : commitId(git, found.id);
}

/**
 * A commit by a name that a person or script gave: an id, a ref, HEAD~2; null: there is none. Throws a Failure (usage) where more
 * than one ref has that short name, or a ref is called like an id: git would take the tag `origin/main` for `origin/main`.
 */
export async function namedCommit(git: Git, name: string): Promise<string | null> {
  const [start = ''] = /^[^~^:@]*/.exec(name) ?? [];
  // git treats a full id as an id, whatever the names of refs are.
  if (/^[0-9a-f]{40}$/.test(start)) return commitId(git, name);
  const refs = await refsCalled(
    git,
    ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'].map((folder) => `${folder}${start}`),
  );
  const isId = /^[0-9a-f]{4,64}$/.test(start);
  if (!refs.has(start) && refs.size > (isId ? 0 : 1))
    throw new Failure(
      'usage',
      `the name ${start} means ${isId ? 'a commit and also ' : ''}${[...refs.keys()].sort().join(' and ')}`,
      'Give the whole id of the commit, or the whole name of the ref (refs/remotes/origin/main).',
    );
  return commitId(git, name);
}

interface RefTarget {
  readonly id: string;
  /** A tag may be an object of its own. */
  readonly type: string;
}

/** The existing refs with these full names. */
async function refsCalled(git: Git, names: readonly string[]): Promise<ReadonlyMap<string, RefTarget>> {
  // A pattern that is not the name of a ref would match others.
  const asked = names.filter((name) => /^refs\/[^*?[\\]+$/.test(name));
  if (asked.length === 0) return new Map();
  const answer = await git.read('for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', ...asked);
  return new Map(
    linesOf(answer).flatMap((line) => {
      const [ref = '', id = '', type = ''] = line.split(' ');
      return asked.includes(ref) ? [[ref, { id, type }]] : [];
    }),
  );
}

export const isShallow = async (git: Git): Promise<boolean> =>
  (await git.find('rev-parse', '--is-shallow-repository')) === 'true';

export async function readCommit(git: Git, id: string): Promise<GitCommit> {
  const [header = ''] = (await git.read('cat-file', 'commit', id)).toString('utf8').split('\n\n');
  const lines = header.split('\n');
  // As git reads it: other lines are not parents, so that sailplan and git agree whether a commit is a merge.
  const isParent = (line: string) => line.startsWith('parent ');
  const afterTree = lines.slice(1);
  const end = afterTree.findIndex((line) => !isParent(line));
  const [author = '', committer = ''] = afterTree.slice(end);
  const person = (line: string, name: string) =>
    line.startsWith(`${name} `) ? /^(.*) (\d+) [+-]\d{4}$/.exec(line.slice(name.length + 1)) : null;
  return {
    id,
    parents: afterTree.slice(0, end).map((line) => line.slice('parent '.length)),
    author: person(author, 'author')?.[1] ?? '',
    atMs: Number(person(committer, 'committer')?.[2] ?? Number.NaN) * 1000,
  };
}

/** The entry at a path of a commit, which may be a link or a folder; null: there is none. */
export async function entryAt(git: Git, commit: string, path: string): Promise<GitEntry | null> {
  const [entry] = entriesIn(await git.read('ls-tree', '-z', '--full-tree', commit, '--', path));
  return entry?.path === path ? entry : null;
}

/** Everything below a folder of a commit, folders themselves excepted. */
export const entriesBelow = async (git: Git, commit: string, folder: string): Promise<readonly GitEntry[]> =>
  entriesIn(await git.read('ls-tree', '-r', '-z', '--full-tree', commit, '--', folder === '' ? '.' : folder));

function entriesIn(answer: Buffer): readonly GitEntry[] {
  const entries = answer
    .toString('utf8')
    .split('\0')
    .flatMap((row) => {
      const [, mode = '', id = '', path = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(row) ?? [];
      return path === '' ? [] : [{ mode, id, path }];
    });
  assertOnce(entries.map(({ path }) => path));
  return entries;
}

/**
 * Refuses a tree that has a name twice, which only a hand-made one has: a checkout takes one of the two, a reader may take the
 * other. Throws a Failure (history_incomplete).
 */
export function assertOnce(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path))
      throw new Failure(
        'history_incomplete',
        `a tree of git has ${path} twice`,
        'Commit these files again, with git itself.',
      );
    seen.add(path);
  }
}

const isPlainFile = ({ mode }: Pick<GitEntry, 'mode'>): boolean => mode === '100644' || mode === '100755';

export const readBlob = (git: Git, id: string): Promise<Buffer> => git.read('cat-file', 'blob', id);

export const blobSize = async (git: Git, id: string): Promise<number> =>
  Number((await git.read('cat-file', '-s', id)).toString('utf8'));

/** A path has at most 4,096 bytes, and a command line at least 2 MB. */
const PATHS_OF_A_CALL = 400;

/** Those of these paths that are regular files of a commit. */
export async function filesAt(
  git: Git,
  commit: string,
  paths: readonly string[],
): Promise<readonly GitEntry[]> {
  const found: GitEntry[] = [];
  for (let start = 0; start < paths.length; start += PATHS_OF_A_CALL) {
    const asked = paths.slice(start, start + PATHS_OF_A_CALL);
    const entries = entriesIn(await git.read('ls-tree', '-z', '--full-tree', commit, '--', ...asked));
    found.push(...entries.filter((entry) => isPlainFile(entry) && asked.includes(entry.path)));
  }
  return found;
}

/** A file of a commit; null if it does not exist or is not a regular file. */
export async function fileAt(git: Git, commit: string, path: string): Promise<Buffer | null> {
  const entry = await entryAt(git, commit, path);
  return entry === null || !isPlainFile(entry) ? null : readBlob(git, entry.id);
}

/** The commits of a first-parent line that changed one of these paths, the oldest first. */
export const changesOf = async (
  git: Git,
  tip: string,
  paths: readonly string[],
): Promise<readonly string[]> =>
  linesOf(await git.read('rev-list', '--first-parent', '--reverse', tip, '--', ...paths));

/** A first-parent line, the oldest first, each commit with all its parents. */
export async function lineOf(
  git: Git,
  tip: string,
): Promise<readonly { readonly id: string; readonly parents: readonly string[] }[]> {
  const answer = await git.read('rev-list', '--first-parent', '--parents', '--reverse', tip);
  return linesOf(answer).map((line) => {
    const [id = '', ...parents] = line.split(' ');
    return { id, parents };
  });
}

/** The ids of the objects at `commit:path`, in this order; null if there is none. Paths contain no line break. */
export async function idsOf(
  git: Git,
  places: readonly { readonly commit: string; readonly path: string }[],
): Promise<readonly (string | null)[]> {
  const lines = places.map(({ commit, path }) => `${commit}:${path}`);
  const answer = await git.ask(lines, 'cat-file', '--batch-check=%(objectname)');
  return linesOf(answer).map((line) => (/^[0-9a-f]+$/.test(line) ? line : null));
}

const linesOf = (answer: Buffer): readonly string[] =>
  answer
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
