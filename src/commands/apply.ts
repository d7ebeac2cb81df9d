import { printJson } from '../plan/print.ts';
import type { Report } from '../plan/report.ts';
import { renderReport } from '../report/render.ts';
import { Failure } from '../state/failure.ts';
import type { Json } from '../state/json.ts';
import { assertWritable, writeText } from '../system/files.ts';
import { findFolder } from '../system/folder.ts';
import { type Applied, applyVerified } from './applying.ts';
import { loadSettings } from './config.ts';
import { type Args, flag, type Io, text } from './io.ts';
import { targetOf } from './session.ts';
import { staleText } from './stale.ts';
import { refuse, verifyFolder } from './verifying.ts';

/** Executes an approved plan, or resumes it; exit 0, 3 refused, 4 stale, 5 incomplete. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const folder = findFolder(text(args, 'path') ?? '', settings.out);
  const verified = await verifyFolder(folder, settings, targetOf(settings), args, io);
  const refusal = refuse(verified);
  if (refusal !== null) throw refusal;
  checkCopy(args);
  return finish(await applyVerified(verified, folder, settings, args, io), args, io);
}

/** Tells what happened and gives the exit code. */
export function finish({ report, result, path }: Applied, args: Args, io: Io): number {
  if (flag(args, 'json')) io.out(printJson(report as unknown as Json));
  else {
    const isStale = result.ending === 'stale' || (result.ending === 'dry_run' && result.conflicts.length > 0);
    io.out(
      isStale
        ? staleText(report.plan.id, result.conflicts)
        : renderReport(report, 'text', { width: io.width, color: io.hasColor, summary: true }).text,
    );
    if (result.ending === 'nothing_to_do')
      io.out('Nothing had to be written in this run: the shop held all of it already.');
    if (path !== null) io.out(`Report: ${path}`);
  }
  writeLate(report, result.ending === 'done', args, io);
  if (result.ending === 'stale') return 4;
  if (result.ending === 'dry_run') return result.conflicts.length > 0 ? 4 : 0;
  return result.converged && result.interruption === null ? 0 : 5;
}

/** An unwritable --report-path is found before anything is written to the shop. */
export function checkCopy(args: Args): void {
  const copy = text(args, 'report-path');
  if (copy !== undefined) assertWritable(copy);
}

/** After writes, a copy that cannot be written is an incomplete end, not an error of the command line. */
function writeLate(report: Report, hasWritten: boolean, args: Args, io: Io): void {
  try {
    writeCopy(report, args, io);
  } catch (error) {
    if (!hasWritten || !(error instanceof Failure)) throw error;
    throw new Failure(
      'report_unwritten',
      `the shop was written to, but the copy of the report was not: ${error.message}`,
      `The report itself is in the plan's folder: sailplan show ${report.plan.id}`,
    );
  }
}

export function writeCopy(report: Report, args: Args, io: Io): void {
  const copy = text(args, 'report-path');
  if (copy === undefined) return;
  const content = printJson(report as unknown as Json);
  io.assertNoSecret(content, copy);
  writeText(copy, content);
}
