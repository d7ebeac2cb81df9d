import { join } from 'node:path';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { requireVerified } from '../plan/file/integrity.ts';
import { digestOf } from '../plan/plan.ts';
import { exists } from '../platform/files.ts';
import type { ArchivedFiles, ArchivedFilesOf } from './store/archived-files.ts';
import { type Folder, readPlan, storedBytes } from './store/plan-folder.ts';

/** The first file (plan, approval, report) whose digest differs from the line that names it; null: none. */
export function firstWrongFile(lines: readonly ArchiveLine[], filesOf: ArchivedFilesOf): string | null {
  // Start and end of an apply name the same plan.
  const plans = new Map<string, string | null>();
  for (const line of lines) {
    const files = filesOf(line);
    const { digest } = line.plan;
    if (!plans.has(digest)) plans.set(digest, differenceInPlan(files.folder, line));
    const problem = plans.get(digest) ?? differenceBeside(files, line);
    if (problem !== null) return `line ${line.sequence}: ${problem}`;
  }
  const last = new Map(lines.flatMap((line) => (line.report === null ? [] : [[line.plan.id, line]])));
  for (const [id, line] of last) {
    const { path, plans: root } = filesOf(line).folder;
    const report = join(path, 'report.json');
    if (!exists(report)) return `line ${line.sequence}: the report of plan ${id} is missing`;
    if (sha256(storedBytes(root, report)) !== line.report)
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
  files: ArchivedFiles,
  { at, plan, approvals, policy, report, result }: ArchiveLine,
): string | null {
  const lost = approvals.find((digest) => !files.approvals.has(digest));
  if (lost !== undefined) return `an approval of plan ${plan.id} is missing or was altered (sha256 ${lost})`;
  if (report === null) return null;
  const said = files.reports.get(report);
  if (said === undefined) return `the report of plan ${plan.id} is missing or was altered (sha256 ${report})`;
  // Only the next line protects a line, so the last line is compared with its report.
  if (said.policy !== policy) return `it names another policy than the report of plan ${plan.id}`;
  if (result !== (said.converged ? 'converged' : 'incomplete'))
    return `it names another result than the report of plan ${plan.id}`;
  const afterReportMs = Date.parse(at) - Date.parse(said.finished_at ?? at);
  return afterReportMs >= 0 && afterReportMs <= REPORT_TO_LINE_MS
    ? null
    : `its time ${at} is not the one at which the report of plan ${plan.id} ends`;
}
