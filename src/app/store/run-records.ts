import { basename, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { VERSION } from '../../core/version.ts';
import { printJson } from '../../plan/file/print.ts';
import type { Report, Run } from '../../plan/report.ts';
import { exists, readText } from '../../platform/files.ts';
import { writeText } from '../../platform/write-files.ts';
import { parseReport } from '../../review/parse-report.ts';
import type { SecretGuard } from '../ports.ts';
import { type Folder, filesIn } from './plan-folder.ts';

/**
 * Copies what a run relies on before its first write: the approvals (a later statement of the same person replaces the file in
 * approvals/), and who started it, which decides nothing.
 */
export function keepEvidence(folder: Folder, run: string, startedBy: string): void {
  for (const file of filesIn(folder, 'approvals', '.json'))
    writeText(join(run, 'approvals', basename(file)), readText(file));
  const made = { format_version: '1.0', made_by: startedBy, tool: `sailplan ${VERSION}` };
  writeText(join(run, 'made.json'), printJson(made));
}

export function runsBefore(folder: Folder): readonly Run[] {
  const path = join(folder.path, 'report.json');
  return exists(path) ? parseReport(readText(path), path).runs : [];
}

export interface ReportPlace {
  readonly folder: Folder;
  /** Path of the run's folder. */
  readonly run: string;
  /** The shop was written to in this run. */
  readonly hasWritten: boolean;
  readonly isWhole: boolean;
}

/**
 * The run's own report and, where `isWhole`, the plan's, which is the union over its runs. A run that wrote nothing after
 * one that the archive tells of leaves the latter alone: the archive holds its digest.
 */
export function writeReports(
  report: Report,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
  { folder, run, hasWritten, isWhole }: ReportPlace,
): string {
  const content = printJson(report);
  const whole = join(folder.path, 'report.json');
  const own = join(run, 'report.json');
  const write = () => {
    secrets.assertNoSecret(content, whole);
    writeText(own, content);
    if (!isWhole && exists(whole)) return own;
    writeText(whole, content);
    return whole;
  };
  return hasWritten ? after('the report', write) : write();
}

/** After writes to the shop a record that fails is `report_unwritten`, so that nobody believes that nothing happened. */
export async function afterWrites(what: string, record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    throw unwritten(what, error);
  }
}

function after<T>(what: string, record: () => T): T {
  try {
    return record();
  } catch (error) {
    throw unwritten(what, error);
  }
}

const unwritten = (what: string, error: unknown): unknown =>
  error instanceof Failure
    ? new Failure(
        'report_unwritten',
        `the shop was written to, but ${what} was not: ${error.message}`,
        'Mend the cause and apply the same plan again: it confirms and reports.',
      )
    : error;
