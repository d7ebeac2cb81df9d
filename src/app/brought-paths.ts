import { Failure } from '../core/failure.ts';
import { assertOnce } from '../platform/git-objects.ts';
import type { Git } from '../platform/git-program.ts';

/** A path that a pull request adds, changes or takes away. */
export interface BroughtPath {
  readonly path: string;
  /** Of git: 100644 is a plain file, 000000 one that is taken away. */
  readonly mode: string;
}

const GONE = '000000';

/**
 * What a commit brings to a branch: all that differs from where the two parted. No rename is looked for: a plan that is like
 * another one would be missed. Throws a Failure (history_incomplete) where they have no history in common.
 */
export const pathsBrought = async (git: Git, base: string, head: string): Promise<readonly BroughtPath[]> =>
  (await pathsTouched(git, base, head)).filter(({ mode }) => mode !== GONE);

/** The same with what the commit takes away, as far as it is not there any more. */
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
    const [, mode = ''] = /^:\d+ (\d+) \w+ \w+ [A-Z]$/.exec(parts[at] ?? '') ?? [];
    found.push({ path: parts[at + 1] ?? '', mode });
  }
  assertOnce(found.map(({ path }) => path));
  return found;
}
