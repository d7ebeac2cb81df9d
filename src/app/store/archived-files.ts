import { join } from 'node:path';
import type { ArchiveLine } from '../../approval/archive/hash-chain.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import type { Report } from '../../plan/report.ts';
import { decodeText, exists } from '../../platform/files.ts';
import { parseReport } from '../../review/parse-report.ts';
import { type Folder, filesIn, runsOf, storedBytes } from './plan-folder.ts';

/** A report that a line names, without its outcomes. */
export interface ArchivedReport extends Pick<Report, 'policy' | 'converged' | 'approvals' | 'totals'> {
  /** End of its last run; null: it lists no run. */
  readonly finished_at: string | null;
  /** Index of the run that kept it. */
  readonly run: number;
}

/** The files of a plan that archive lines name by their SHA-256. A file that is missing here was removed or altered. */
export interface ArchivedFiles {
  readonly folder: Folder;
  /** Folders of the runs, the oldest first. */
  readonly runs: readonly string[];
  /** Paths of the files in approvals/, and of the copies that each run kept. */
  readonly approvals: ReadonlyMap<string, string>;
  readonly reports: ReadonlyMap<string, ArchivedReport>;
}

/** Throws a Failure (document_malformed, format_unknown, file_unreadable). */
export type ArchivedFilesOf = (line: ArchiveLine) => ArchivedFiles;

/** Reads the files of each plan once, not for each line that names the plan: one plan may have been applied many times. */
export function openArchivedFiles(out: string, lines: readonly ArchiveLine[]): ArchivedFilesOf {
  const named = new Set(lines.flatMap(({ report }) => report ?? []));
  const opened = new Map<string, ArchivedFiles>();
  return ({ plan: { id } }) => {
    const files = opened.get(id) ?? filesOf(archivedFolder(out, id), named);
    opened.set(id, files);
    return files;
  };
}

/** A plan that was copied elsewhere has its archive beside it, and not its id as the folder's name. */
function archivedFolder(out: string, id: string): Folder {
  const path = join(out, id);
  return !exists(path) && exists(join(out, 'plan.json'))
    ? { path: out, id: null, plans: out }
    : { path, id, plans: out };
}

function filesOf(folder: Folder, named: ReadonlySet<string>): ArchivedFiles {
  const names = runsOf(folder).map((number) => join('runs', String(number)));
  const runs = names.map((name) => join(folder.path, name));
  const approvals = new Map<string, string>();
  for (const name of ['approvals', ...names.map((name) => join(name, 'approvals'))])
    for (const path of filesIn(folder, name, '.json')) {
      const digest = sha256(storedBytes(folder.path, path));
      if (!approvals.has(digest)) approvals.set(digest, path);
    }
  const reports = new Map<string, ArchivedReport>();
  for (const [run, path] of runs.map((name) => join(name, 'report.json')).entries()) {
    if (!exists(path)) continue;
    const bytes = storedBytes(folder.path, path);
    const digest = sha256(bytes);
    if (named.has(digest) && !reports.has(digest))
      reports.set(digest, withoutOutcomes(parseReport(decodeText(bytes, path), path), run));
  }
  return { folder, runs, approvals, reports };
}

const withoutOutcomes = (report: Report, run: number): ArchivedReport => ({
  policy: report.policy,
  converged: report.converged,
  approvals: report.approvals,
  totals: report.totals,
  finished_at: report.runs.at(-1)?.finished_at ?? null,
  run,
});
