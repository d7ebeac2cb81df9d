import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit, isRecord } from '../../core/json/records.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { plural } from '../../core/text/counting.ts';
import { exists } from '../../platform/files.ts';
import { assertFolder, assertPlain } from './plan-files.ts';
import { type Folder, folders, PLAN_ID, runsOf, storedText } from './plan-folder.ts';
import { madeAt } from './provenance-file.ts';

/** At least 4 digits, so that a short word is not taken for an id by chance. */
const ID_PREFIX = /^[0-9a-f]{4,16}$/;
/** Names the plan that was made last. */
const LATEST = 'latest';

/**
 * Finds a plan by its id or its first digits (at least 4, unique) or by `latest`, first in the plans folder, then by the path
 * of its plan.json or folder. Throws a Failure (file_unreadable), also if its folder contains anything but regular files.
 */
export function findFolder(given: string, out: string): Folder {
  if (PLAN_ID.test(given)) assertFolder(join(out, given));
  const all = given === LATEST || ID_PREFIX.test(given) ? folders(out) : [];
  if (given === LATEST && (all.length > 0 || !exists(given))) return latestOf(all, out);
  const found = all.filter(({ id }) => id?.startsWith(given));
  const [first, ...others] = found;
  // A folder of that name where one calls from could be anybody's.
  if (first === undefined && exists(given)) return folderAt(given);
  if (first === undefined)
    throw new Failure(
      'file_unreadable',
      `there is no plan ${given}${ID_PREFIX.test(given) ? ` in ${out}` : ''}`,
      'Give the id of a plan (its first 4 digits are enough), its folder, or the path of its plan.json; `sailplan status` lists the plans.',
    );
  if (others.length > 0)
    throw new Failure(
      'file_unreadable',
      `${plural(found.length, 'plan')} begin with ${given}: ${found.map(({ id }) => id).join(', ')}`,
      'Give more digits.',
    );
  return folderAt(first.path);
}

/**
 * The only possible plan if none is named: the only one that no run has finished, otherwise the only one. `command` is the
 * typed command, for the hint. Throws a Failure (usage) if there are several or none.
 */
export function onlyFolder(out: string, command: string): Folder {
  const all = folders(out);
  const waiting = all.filter((folder) => !isFinished(folder));
  const candidates = waiting.length === 0 ? all : waiting;
  const [only] = candidates;
  if (only === undefined)
    throw new Failure(
      'usage',
      `the folder ${out} contains no plan`,
      'Write one with `sailplan plan`, or give another plans folder with --out.',
    );
  if (candidates.length === 1) return folderAt(only.path);
  const newest = candidates.toSorted((a, b) => byCodeUnit(madeAt(b), madeAt(a)));
  const listed = newest.slice(0, SHOWN).map((folder) => ({ folder, isStale: isStale(folder) }));
  const shown = listed.map(
    ({ folder, isStale }) =>
      `${folder.id} (${madeAt(folder).slice(0, 16) || 'time unknown'}${isStale ? ', stale: its last apply found that the shop had changed' : ''})`,
  );
  // A report proves nothing, so it does not choose the plan; it only orders the advice.
  const example = listed.find((one) => !one.isStale)?.folder ?? newest[0];
  const more = newest.length > SHOWN ? ` and ${newest.length - SHOWN} more` : '';
  throw new Failure(
    'usage',
    `${plural(newest.length, 'plan')} are possible: ${shown.join(', ')}${more}`,
    `Name one by its first digits, e.g. ${command} ${example?.id?.slice(0, 4)}; \`latest\` is the newest.`,
  );
}

const SHOWN = 5;

function latestOf(all: readonly Folder[], out: string): Folder {
  const [newest] = all.toSorted((a, b) => byCodeUnit(madeAt(b), madeAt(a)));
  if (newest === undefined)
    throw new Failure(
      'file_unreadable',
      `the folder ${out} contains no plan`,
      'Write one with `sailplan plan`.',
    );
  return folderAt(newest.path);
}

/** Whether the folder has the report of a converged run. Only used to choose a plan; it has no other effect. */
function isFinished(folder: Folder): boolean {
  const report = unprovedReport(folder, 'report.json');
  return report?.['mode'] === 'apply' && report['converged'] === true;
}

/** Whether the last run met what somebody else had changed, by its own report. Only shown. */
function isStale(folder: Folder): boolean {
  const last = runsOf(folder).at(-1);
  const name = last === undefined ? 'report.json' : join('runs', String(last), 'report.json');
  const report = unprovedReport(folder, name);
  const errors = report?.['errors'];
  return (
    report?.['converged'] !== true &&
    Array.isArray(errors) &&
    errors.some((error) => isRecord(error) && error['code'] === 'conflict')
  );
}

function unprovedReport({ path }: Folder, name: string): Readonly<Record<string, unknown>> | null {
  const file = join(path, name);
  if (!exists(file)) return null;
  try {
    const report = parseJson(storedText(path, file));
    return isRecord(report) ? report : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

function folderAt(path: string): Folder {
  const isDirectory = statSync(path).isDirectory();
  const isPlan = isDirectory ? exists(join(path, 'plan.json')) : basename(path) === 'plan.json';
  if (!isPlan)
    throw new Failure(
      'file_unreadable',
      `${path} is not a plan: it has no plan.json`,
      'Give the path of a plan.json, its folder or its id.',
    );
  const folder = isDirectory ? path : dirname(path);
  assertPlain(folder, PLAN_ID.test(basename(folder)));
  return located(folder);
}

/** A plan that was copied elsewhere has its lock and archive beside it; a link leads to the folder that it names. */
function located(path: string): Folder {
  const real = realpathSync(path);
  const name = basename(real);
  if (!PLAN_ID.test(name)) return { path, id: null, plans: path };
  const parent = dirname(path);
  return { path, id: name, plans: realpathSync(parent) === dirname(real) ? parent : dirname(real) };
}
