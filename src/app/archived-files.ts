import { join } from 'node:path';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { requireVerified } from '../plan/file/integrity.ts';
import { digestOf } from '../plan/plan.ts';
import type { Report } from '../plan/report.ts';
import { exists } from '../platform/files.ts';
import { parseReport } from '../review/parse-report.ts';
import { type Folder, filesIn, readPlan, runsOf, storedBytes, storedText } from './store/plan-folder.ts';

/** The first file (plan, approval, report) whose digest differs from the line that names it; null: none. */
export function firstWrongFile(out: string, lines: readonly ArchiveLine[]): string | null {
  // Start and end of an apply name the same plan.
  const plans = new Map<string, string | null>();
  for (const line of lines) {
    const folder = archivedFolder(out, line);
    const { digest } = line.plan;
    if (!plans.has(digest)) plans.set(digest, differenceInPlan(folder, line));
    const problem = plans.get(digest) ?? differenceBeside(folder, line);
    if (problem !== null) return `line ${line.sequence}: ${problem}`;
  }
  const last = new Map(lines.flatMap((line) => (line.report === null ? [] : [[line.plan.id, line]])));
  for (const [id, line] of last) {
    const report = join(archivedFolder(out, line).path, 'report.json');
    if (!exists(report)) return `line ${line.sequence}: the report of plan ${id} is missing`;
    if (sha256(storedBytes(out, report)) !== line.report)
      return `line ${line.sequence}: the report of plan ${id} was altered`;
  }
  return null;
}

function differenceInPlan(folder: Folder, { plan }: ArchiveLine): string | null {
  if (!exists(join(folder.path, 'plan.json'))) return `plan ${plan.id} is missing`;
  try {
    const parsed = readPlan(folder);
    if (digestOf(requireVerified(parsed, { rebuilds: false })) !== plan.digest)
      return `plan ${plan.id} was altered`;
  } catch (error) {
    if (error instanceof Failure) return `plan ${plan.id}: ${error.message}`;
    throw error;
  }
  return null;
}

/** The line is written right after the report; a slow disk or a suspended machine may be in between. */
const REPORT_TO_LINE_MS = 3_600_000;

function differenceBeside(
  folder: Folder,
  { at, plan, approvals, policy, report, result }: ArchiveLine,
): string | null {
  const kept = new Set(approvalsIn(folder).map((file) => sha256(storedBytes(folder.path, file))));
  const lost = approvals.find((digest) => !kept.has(digest));
  if (lost !== undefined) return `an approval of plan ${plan.id} is missing or was altered (sha256 ${lost})`;
  if (report === null) return null;
  const archived = archivedReport(folder, report);
  if (archived === null) return `the report of plan ${plan.id} is missing or was altered (sha256 ${report})`;
  // Only the next line protects a line, so the last line is compared with its report.
  const said = archived.report;
  if (said.policy !== policy) return `it names another policy than the report of plan ${plan.id}`;
  if (result !== (said.converged ? 'converged' : 'incomplete'))
    return `it names another result than the report of plan ${plan.id}`;
  const afterReportMs = Date.parse(at) - Date.parse(said.runs.at(-1)?.finished_at ?? at);
  return afterReportMs >= 0 && afterReportMs <= REPORT_TO_LINE_MS
    ? null
    : `its time ${at} is not the one at which the report of plan ${plan.id} ends`;
}

/** A plan that was copied elsewhere has its archive beside it, and not its id as the folder's name. */
export function archivedFolder(out: string, { plan }: ArchiveLine): Folder {
  const path = join(out, plan.id);
  return !exists(path) && exists(join(out, 'plan.json'))
    ? { path: out, id: null, plans: out }
    : { path, id: plan.id, plans: out };
}

/** The files in approvals/, and the copies that each run kept. */
export const approvalsIn = (folder: Folder): readonly string[] =>
  ['approvals', ...runsOf(folder).map((number) => join('runs', String(number), 'approvals'))].flatMap(
    (name) => filesIn(folder, name, '.json'),
  );

/** The report of that digest, with the folder of the run that keeps it; null: it is missing or was altered. */
export function archivedReport(
  folder: Folder,
  digest: string,
): { readonly report: Report; readonly run: string } | null {
  const runs = runsOf(folder).map((number) => join(folder.path, 'runs', String(number)));
  const run = runs.find((path) => {
    const file = join(path, 'report.json');
    return exists(file) && sha256(storedBytes(folder.path, file)) === digest;
  });
  if (run === undefined) return null;
  return {
    run,
    report: parseReport(storedText(folder.path, join(run, 'report.json')), join(run, 'report.json')),
  };
}
