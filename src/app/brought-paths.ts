import { Failure } from '../core/failure.ts';
import { assertOnce } from '../platform/git-objects.ts';
import type { Git } from '../platform/git-program.ts';

/** A path that a pull request adds, changes or deletes. */
export interface BroughtPath {
  readonly path: string;
  /** Git's file mode: 100644 is a regular file, 000000 a deleted one. */
  readonly mode: string;
  /** Whether it did not exist before. */
  readonly isNew: boolean;
}

const GONE = '000000';

/**
 * The paths that a commit adds or changes compared with its merge base with the branch. Renames are not detected: otherwise a
 * plan that resembles another one would be missed. Throws a Failure (history_incomplete) if there is no merge base.
 */
export const pathsBrought = async (git: Git, base: string, head: string): Promise<readonly BroughtPath[]> =>
  (await pathsTouched(git, base, head)).filter(({ mode }) => mode !== GONE);

/** Also with the deleted paths that still do not exist. */
export async function pathsRemoved(git: Git, base: string, head: string): Promise<readonly string[]> {
  const touched = await pathsTouched(git, base, head);
  return touched.flatMap(({ path, mode }) => (mode === GONE ? [path] : []));
}

async function pathsTouched(git: Git, base: string, head: string): Promise<readonly BroughtPath[]> {
  const parted = await git.find('merge-base', '--all', base, head);
  if (parted === null)
    throw new Failure(
      'history_incomplete',
      `${head.slice(0, 12)} has no history in common with ${base.slice(0, 12)}`,
      'Fetch the whole history, and branch off the protected branch.',
    );
  const found = new Map<string, BroughtPath>();
  for (const since of parted.split('\n'))
    for (const brought of await differing(git, since, head)) found.set(brought.path, brought);
  return [...found.values()];
}

async function differing(git: Git, from: string, to: string): Promise<readonly BroughtPath[]> {
  const answer = await git.read('diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-ext-diff', from, to);
  const parts = answer.toString('utf8').split('\0');
  const found: BroughtPath[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, before, mode = ''] = /^:(\d+) (\d+) \w+ \w+ [A-Z]$/.exec(parts[at] ?? '') ?? [];
    found.push({ path: parts[at + 1] ?? '', mode, isNew: before === GONE });
  }
  assertOnce(found.map(({ path }) => path));
  return found;
}
