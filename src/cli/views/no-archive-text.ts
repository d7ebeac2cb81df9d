import { join } from 'node:path';
import { namedLikePlans, runsOf } from '../../app/store/plan-folder.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';

/** For a plans folder without an archive. A run that writes nothing adds no line, so files of runs alone prove no removal. */
export function noArchiveText(out: string): string {
  const withRuns = namedLikePlans(out).filter((folder) => runsOf(folder).length > 0).length;
  const why =
    withRuns === 0
      ? ': nothing has been applied yet.'
      : `, but ${plural(withRuns, 'plan has', 'plans have')} files of runs: it was removed, or those runs wrote nothing.`;
  return visible(`No archive in ${join(out, 'archive')}${why}`);
}
