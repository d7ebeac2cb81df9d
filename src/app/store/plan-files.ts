import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { alike } from '../../core/text/similar-names.ts';
import { reasonOf } from '../../platform/files.ts';

const FOLDERS: readonly string[] = ['approvals', 'runs', 'refusals'];

/** Files that people add to a plan's folder. */
const BROUGHT = /^(?:(?:plan|provenance|author|accept)\.json|review\.md|approvals\/[^./][^/]*\.json)$/;

/** What only an apply writes there; nothing rests on refusals/. */
const WRITTEN = /^(?:runs\/|report\.json$)/;
const REFUSALS = /^refusals\/[1-9][0-9]{0,8}\/report\.json$/;

export type PlanFileKind = 'brought' | 'written' | 'refusal' | 'unknown';

/** What a file of a plan's folder is. `name`: below it, with slashes. */
export function planFileKind(name: string): PlanFileKind {
  if (BROUGHT.test(name)) return 'brought';
  if (WRITTEN.test(name)) return 'written';
  return REFUSALS.test(name) ? 'refusal' : 'unknown';
}

/** Names that mean something in a plan's folder. */
const KNOWN: readonly string[] = [
  ...['plan.json', 'provenance.json', 'review.md', 'author.json', 'accept.json', 'report.json'],
  ...FOLDERS,
];

/** As `approve` names them. A decision under another name would be overlooked, and it may be a rejection. */
const APPROVAL = /^[^.].*\.json$/;

/** What git, editors and file managers leave in a folder. */
const HARMLESS_NAMES: readonly string[] = ['.gitkeep', '.DS_Store', 'Thumbs.db'];

/** Refuses a link in the place of a plan's folder: it would show one plan under the id of another. Throws a Failure. */
export function assertFolder(path: string): void {
  const stat = statOf(path);
  if (stat !== null && !stat.isDirectory())
    throw notPlain(path, 'is a link or a file, not the folder of a plan');
}

/**
 * Refuses links and unexpected files, which a pull request can add, and names that some file systems treat as those of a plan.
 * `isOwn`: the folder contains only a plan. Throws a Failure (file_unreadable).
 */
export function assertPlain(folder: string, isOwn: boolean): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    const known = KNOWN.find((one) => one === alike(name));
    if (known !== undefined && known !== name) throw notPlain(path, `is not spelled ${known}`);
    if ((isOwn || known !== undefined) && !stat.isFile() && !stat.isDirectory())
      throw notPlain(path, 'is not a plain file');
    if (known !== undefined && stat.isDirectory() !== FOLDERS.includes(known))
      throw notPlain(path, stat.isDirectory() ? 'is a folder' : 'is not a folder');
  }
  const approvals = join(folder, 'approvals');
  for (const name of statOf(approvals) === null ? [] : namesIn(approvals)) {
    const path = join(approvals, name);
    if (!lstatSync(path).isFile()) throw notPlain(path, 'is not a plain file');
    if (!APPROVAL.test(name) && !HARMLESS_NAMES.includes(name))
      throw notPlain(path, 'is not named like an approval (NAME.json), and may be a rejection');
  }
}

function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

const notPlain = (path: string, what: string): Failure =>
  new Failure(
    'file_unreadable',
    `${path} ${what}`,
    'A plan is a folder of regular files: remove it, or plan again.',
  );

/** Names in a folder. Throws a Failure (file_unreadable), also where the path is a file. */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw new Failure('file_unreadable', `${path} cannot be read (${reasonOf(error)})`, 'Check the path.');
  }
}
