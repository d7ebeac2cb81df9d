import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import type { IntegrityWarning } from '../../plan/file/integrity.ts';
import { type PlanMetadata, parsePlanMetadata } from '../../plan/plan-metadata.ts';
import { exists, readText } from '../../platform/files.ts';
import type { Folder } from './plan-folder.ts';

/** made.json of a plan's folder. It decides nothing: a file that cannot be read, or is another plan's, is a warning and ignored. */
export function readPlanMetadata(
  { path }: Folder,
  digest: string,
): { readonly made: PlanMetadata | null; readonly doubts: readonly IntegrityWarning[] } {
  const file = join(path, 'made.json');
  if (!exists(file)) return { made: null, doubts: [] };
  const made = read(file);
  if (made === null)
    return without('made_unreadable', 'made.json beside the plan cannot be read, so nothing of it is shown.');
  if (made.digest !== digest)
    return without(
      'made_of_another',
      'made.json beside the plan is that of another plan, so nothing of it is shown.',
    );
  return { made, doubts: [] };
}

const without = (code: IntegrityWarning['code'], message: string) => ({
  made: null,
  doubts: [{ code, message }],
});

function read(file: string): PlanMetadata | null {
  try {
    return parsePlanMetadata(parseJson(readText(file)));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
