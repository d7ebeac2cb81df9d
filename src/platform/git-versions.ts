import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { changesOf, lineOf } from './git-objects.ts';
import type { Git } from './git-program.ts';

/** A regular file as one commit has it. */
export interface FileVersion {
  readonly commit: string;
  /** From the top of the work tree. */
  readonly path: string;
  readonly blob: string;
  readonly bytes: number;
}

/** Every version of every regular file below a folder that a commit of a first-parent line added or changed, the newest first. */
export async function versionsBelow(git: Git, tip: string, folder: string): Promise<readonly FileVersion[]> {
  const found = (await lineChangesBelow(git, tip, folder)).flatMap(({ blob, ...one }) =>
    blob === null ? [] : [{ ...one, blob }],
  );
  if (found.length === 0) return [];
  const blobs = found.map(({ blob }) => blob);
  const sizes = (await git.ask(blobs, 'cat-file', '--batch-check=%(objectsize)')).toString().split('\n');
  return found.map((version, index) => ({ ...version, bytes: Number(sizes[index]) }));
}

/** What a commit did to a file. `blob`: null where it removed it. */
export interface FileChange {
  readonly commit: string;
  readonly path: string;
  readonly blob: string | null;
}

/** Every change below a folder on a first-parent line, the newest first; each commit is compared with its first parent. */
async function lineChangesBelow(git: Git, tip: string, folder: string): Promise<readonly FileChange[]> {
  const changed = new Set(await changesOf(git, tip, [folder]));
  const commits = (await lineOf(git, tip)).filter(({ id }) => changed.has(id)).reverse();
  if (commits.length === 0) return [];
  const answer = await git.ask(
    // diff-tree compares a commit with the parents that follow it on its line.
    commits.map(({ id, parents: [first] }) => (first === undefined ? id : `${id} ${first}`)),
    ...['diff-tree', '--stdin', '--root', '-m', '-r', '--no-renames', '--no-abbrev', '--raw', '-z'],
    ...['--', folder],
  );
  return changesIn(answer.toString('utf8').split('\0'));
}

/** The newest commit of a line that changed one of some files or folders; null: none did. */
export type LastChangeOf = (paths: readonly string[]) => string | null;

/** The answers of `lastChange` (git-history.ts) for any paths below a folder, from one walk of the line. */
export async function lastChangesBelow(git: Git, tip: string, folder: string): Promise<LastChangeOf> {
  const changes = await lineChangesBelow(git, tip, folder);
  const newest = new Map<string, number>();
  for (const [index, { path }] of changes.entries())
    for (let at = path; at !== '.' && !newest.has(at); at = posix.dirname(at)) newest.set(at, index);
  return (paths) => {
    const found = Math.min(...paths.map((path) => newest.get(path) ?? Infinity));
    return changes[found]?.commit ?? null;
  };
}

/** Every change below a folder, also in branches that were merged, the newest first. A merge is compared with each parent. */
export async function everyChangeBelow(
  git: Git,
  tip: string,
  folder: string,
): Promise<readonly FileChange[]> {
  const below = folder === '' ? '.' : folder;
  const commits = (await git.read('rev-list', '--full-history', tip, '--', below)).toString('utf8').trim();
  if (commits === '') return [];
  const answer = await git.ask(
    commits.split('\n'),
    ...['diff-tree', '--stdin', '--root', '-m', '-r', '--no-renames', '--no-abbrev', '--raw', '-z'],
    ...['--', below],
  );
  return changesIn(answer.toString('utf8').split('\0'));
}

/** Fields: the id of a commit, then for each file its modes and ids, and its path. A link counts as no file. */
function changesIn(fields: readonly string[]): readonly FileChange[] {
  const found: FileChange[] = [];
  let commit = '';
  for (const [index, field] of fields.entries()) {
    const [, mode = '', blob] = /^:\d+ (\d+) \w+ (\w+) [A-Z]\d*$/.exec(field) ?? [];
    if (blob !== undefined)
      found.push({
        commit,
        path: fields[index + 1] ?? '',
        blob: /^100(?:644|755)$/.test(mode) ? blob : null,
      });
    else if (/^[0-9a-f]{40,64}$/.test(field) && !fields[index - 1]?.startsWith(':')) commit = field;
  }
  return found;
}

/** Whether content begins with a version, by the id that git gives to those bytes: nothing is read. */
export function beginsWith(content: Uint8Array, { blob, bytes }: FileVersion): boolean {
  return content.length >= bytes && isBlob(content.subarray(0, bytes), blob);
}

/** Whether git gives this id to these bytes. */
export function isBlob(content: Uint8Array, id: string): boolean {
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1').update(`blob ${content.length}\0`);
  return hash.update(content).digest('hex') === id;
}
