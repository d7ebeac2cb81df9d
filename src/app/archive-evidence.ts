import { join } from 'node:path';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import { groupBy } from '../core/collections.ts';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { plural } from '../core/text/counting.ts';
import { idOf } from '../plan/plan.ts';
import type { Report } from '../plan/report.ts';
import { decodeText, exists, sizeOf } from '../platform/files.ts';
import { parseReport } from '../review/parse-report.ts';
import { type ArchiveEvidence, committedEvidence, type KnownOfArchives } from './archive-history.ts';
import type { Archive } from './audit-archives.ts';
import { type Folder, namedLikePlans, runsOf, storedBytes } from './store/plan-folder.ts';

/**
 * Looks for lines that must have existed: of runs that wrote, and of commits. Runs and commits decide nothing about an archive
 * that ends with a recorded head.
 */
export async function archiveEvidence(
  out: string,
  archives: readonly Archive[],
  known: KnownOfArchives,
): Promise<ArchiveEvidence> {
  // Of an archive with a broken chain the lines are unknown, and it is refused anyway.
  const isKnown = archives.every(({ head }) => head !== null);
  const lines = archives.flatMap((archive) => archive.lines);
  const byPlan = groupBy(lines, ({ plan }) => plan.id);
  const linesOf = (id: string | null) => (id === null ? lines : (byPlan.get(id) ?? []));
  const runs = isKnown ? plansIn(out).flatMap((folder) => missingOf(folder, linesOf)) : [];
  const commits = await committedEvidence(out, archives, known);
  // Whoever recorded the hash of the last line knew what the archive lacked then.
  const isRecorded = archives.length === 1 && archives[0]?.head === known.head;
  const noRuns = isKnown && runs.length === 0 ? ['No run beside the plans lacks its lines.'] : [];
  return {
    missing: [...(isRecorded ? [] : runs), ...commits.missing],
    looked: [...(isRecorded ? runs : noRuns), ...commits.looked],
  };
}

/** A plan that was copied elsewhere is the folder itself. */
const plansIn = (out: string): readonly Folder[] => [
  ...namedLikePlans(out),
  ...(exists(join(out, 'plan.json')) ? [{ path: out, id: null, plans: out }] : []),
];

/** An apply adds its `started` line before its journal, and the `finished` one after its report. */
function missingOf(
  folder: Folder,
  linesOf: (id: string | null) => readonly ArchiveLine[],
): readonly string[] {
  const journals = runsOf(folder).filter((run) => sizeOf(join(folder.path, `runs/${run}/journal.jsonl`)) > 0);
  const last = journals.at(-1);
  const whole = reportOfWrites(folder, 'report.json');
  if (last === undefined && whole === null) return [];
  const id = folder.id ?? whole?.id ?? null;
  const lines = linesOf(id);
  const starts = lines.filter(({ event }) => event === 'started').length;
  const name = `plan ${id ?? folder.path}`;
  if (starts < journals.length)
    return [
      `${name}: ${plural(journals.length, 'run')} wrote a journal, and the archives have ${starts === 0 ? 'no start of it' : plural(starts, 'start')}`,
    ];
  const own = last === undefined ? null : reportOfWrites(folder, `runs/${last}/report.json`);
  if (own !== null && lines.at(-1)?.event === 'started')
    return [`${name}: the archives lack the end of run ${last}, which has a report`];
  const isNamed = whole === null || lines.some(({ report }) => report === whole.digest);
  return isNamed ? [] : [`${name}: no archive line names its report.json, which lists written changes`];
}

const writes = ({ outcomes }: Report): boolean =>
  outcomes.some(({ outcome }) => ['applied', 'failed', 'unknown'].includes(outcome));

/** A report of written changes: the id of its plan and its own SHA-256. null: there is none, or it cannot be read. */
function reportOfWrites(
  folder: Folder,
  name: string,
): { readonly id: string; readonly digest: string } | null {
  const path = join(folder.path, name);
  if (!exists(path)) return null;
  try {
    const bytes = storedBytes(folder.path, path);
    const report = parseReport(decodeText(bytes, path), path);
    return report.plan !== null && writes(report)
      ? { id: idOf(report.plan.digest), digest: sha256(bytes) }
      : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
