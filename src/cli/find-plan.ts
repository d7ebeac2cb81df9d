import { realpathSync } from 'node:fs';
import { type Folder, findFolder } from '../app/store/plan-folder.ts';
import { Failure } from '../core/failure.ts';
import { exists } from '../platform/files.ts';
import { type Args, textArg } from './io.ts';
import type { Settings } from './settings.ts';

/**
 * The plan that a word names: a path, a folder or an id. A path brings its own folder of plans, so that lock, archive and
 * runs are the same from wherever one calls. Throws a Failure (file_unreadable; usage where --out names another folder).
 */
export function findPlan(word: string | undefined, args: Args, { out }: Pick<Settings, 'out'>): Folder {
  const folder = findFolder(word ?? '', out);
  if (textArg(args, 'out') === undefined || isSamePlace(folder.plans, out)) return folder;
  throw new Failure(
    'usage',
    `--out ${out}, but the plan is in ${folder.plans}, where its lock and archive are too`,
    'Leave --out out: a path says where the plan is.',
  );
}

/** How a plan is named in the next command: by its id where that finds it. */
export const wordFor = (folder: Folder, { out }: Pick<Settings, 'out'>): string =>
  folder.id !== null && isSamePlace(folder.plans, out) ? folder.id : folder.path;

const isSamePlace = (a: string, b: string): boolean =>
  exists(a) && exists(b) && realpathSync(a) === realpathSync(b);
