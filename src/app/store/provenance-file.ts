import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import type { IntegrityWarning } from '../../plan/file/integrity.ts';
import { type PlanProvenance, parsePlanProvenance } from '../../plan/plan-provenance.ts';
import { exists, SMALL_FILE } from '../../platform/files.ts';
import { type Folder, storedText } from './plan-folder.ts';

/** provenance.json of a plan's folder. It decides nothing: a file that cannot be read, or is another plan's, is a warning and ignored. */
export function readPlanProvenance(
  { path }: Folder,
  digest: string,
): { readonly provenance: PlanProvenance | null; readonly doubts: readonly IntegrityWarning[] } {
  const file = join(path, 'provenance.json');
  if (!exists(file)) return { provenance: null, doubts: [] };
  const provenance = read(path, file);
  if (provenance === null)
    return without(
      'provenance_unreadable',
      'provenance.json of the plan cannot be read, so its content is not shown.',
    );
  if (provenance.digest !== digest)
    return without(
      'provenance_of_another',
      'provenance.json belongs to another plan, so its content is not shown.',
    );
  return { provenance, doubts: [] };
}

const without = (code: IntegrityWarning['code'], message: string) => ({
  provenance: null,
  doubts: [{ code, message }],
});

function read(folder: string, file: string): PlanProvenance | null {
  try {
    return parsePlanProvenance(parseJson(storedText(folder, file, SMALL_FILE)));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** When the plan was made, as ISO time in UTC; '' where that is not known. Unproved: it orders plans and decides nothing. */
export function madeAt({ path }: Folder): string {
  const file = join(path, 'provenance.json');
  const time = exists(file) ? (read(path, file)?.made_at ?? '') : '';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time) ? time : '';
}
