import { realpathSync } from 'node:fs';
import { findFolder, onlyFolder } from '../app/store/find-folder.ts';
import type { Folder } from '../app/store/plan-folder.ts';
import { Failure } from '../core/failure.ts';
import { exists } from '../platform/files.ts';
import { type Args, textArg } from './io.ts';
import type { Settings } from './settings.ts';

/**
 * The plan that the command's argument names: a path, a folder, an id or its first digits, `latest`; without an argument, the
 * only possible plan. A path determines its plans folder, so that lock, archive and runs do not depend on the working folder.
 * Throws a Failure (file_unreadable; usage if several are possible, or --out names another folder).
 */
export function findPlan(command: string, args: Args, { out }: Pick<Settings, 'out'>): Folder {
  const word = textArg(args, WORD_OF[command] ?? 'path');
  if (word === undefined) return onlyFolder(out, `sailplan ${command}`);
  const folder = findFolder(word, out);
  if (textArg(args, 'out') === undefined || isSamePlace(folder.plans, out)) return folder;
  throw new Failure(
    'usage',
    `--out ${out}, but the plan is in ${folder.plans}, where its lock and archive are too`,
    'Remove --out: the path of the plan already names its folder.',
  );
}

/** Commands that name the plan by an option. */
const WORD_OF: Readonly<Record<string, string>> = { sync: 'plan' };

/** How a plan is named in the next command: by its id where that finds it. */
export const wordFor = (folder: Folder, { out }: Pick<Settings, 'out'>): string =>
  folder.id !== null && isSamePlace(folder.plans, out) ? folder.id : folder.path;

const isSamePlace = (a: string, b: string): boolean =>
  exists(a) && exists(b) && realpathSync(a) === realpathSync(b);
