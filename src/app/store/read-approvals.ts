import { basename, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { WRITTEN_FILE } from '../../platform/files.ts';
import { type Folder, filesIn, storedBytes } from './plan-folder.ts';

/** Each file takes a run of ssh-keygen, and anybody who proposes a plan may add files. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** The files in approvals/. Throws a Failure (approval_invalid, file_unreadable) for more than people could write. */
export function readApprovals(
  folder: Folder,
): readonly { readonly file: string; readonly bytes: Uint8Array }[] {
  const paths = filesIn(folder, 'approvals', '.json');
  if (paths.length > MOST_FILES)
    throw tooMany(folder, `${paths.length} files: at most ${MOST_FILES} are read`);
  let total = 0;
  return paths.map((path) => {
    const bytes = storedBytes(folder.path, path, WRITTEN_FILE);
    total += bytes.length;
    if (total > MOST_BYTES) throw tooMany(folder, `more than ${MOST_BYTES / 1024 / 1024} MiB in its files`);
    return { file: basename(path), bytes };
  });
}

const tooMany = ({ path }: Folder, what: string): Failure =>
  new Failure(
    'approval_invalid',
    `${join(path, 'approvals')} has ${what}`,
    'Remove the files that are not approvals.',
  );
