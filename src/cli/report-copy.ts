import { Failure } from '../core/failure.ts';
import { printJson } from '../plan/file/print.ts';
import type { Report } from '../plan/report.ts';
import { assertWritable, writeText } from '../platform/write-files.ts';
import { type Args, type Io, textArg } from './io.ts';

/** Throws a Failure (file_unwritable) where --report-path cannot be written: before anything is written to the shop. */
export function assertReportPath(args: Args): void {
  const copy = textArg(args, 'report-path');
  if (copy !== undefined) assertWritable(copy);
}

/** The copy of a report that --report-path asks for. Throws a Failure (file_unwritable, secret_found). */
export function writeReportCopy(report: Report, args: Args, io: Io): void {
  const copy = textArg(args, 'report-path');
  if (copy === undefined) return;
  const content = printJson(report);
  io.assertNoSecret(content, copy);
  writeText(copy, content);
}

/** After writes to the shop, a copy that cannot be written is an incomplete end (report_unwritten), not a usage error. */
export function writeLateReport(report: Report, hasWritten: boolean, args: Args, io: Io): void {
  try {
    writeReportCopy(report, args, io);
  } catch (error) {
    if (!hasWritten || !(error instanceof Failure)) throw error;
    throw new Failure(
      'report_unwritten',
      `the shop was written to, but the copy of the report was not: ${error.message}`,
      `The report itself is in the plan's folder: sailplan show ${report.plan.id}`,
    );
  }
}
