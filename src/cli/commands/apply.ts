import { type AppliedPlan, applyVerified } from '../../app/apply-plan.ts';
import { targetOf } from '../../app/open-shop.ts';
import { type Folder, findFolder } from '../../app/store/plan-folder.ts';
import { recordFailure, startIn } from '../../app/store/run-start.ts';
import { refusalOf, verifyFolder } from '../../app/verify-plan.ts';
import type { Result } from '../../apply/apply.ts';
import { Failure } from '../../core/failure.ts';
import type { Json } from '../../core/json/canonical-json.ts';
import { printJson } from '../../plan/file/print.ts';
import type { Report } from '../../plan/report.ts';
import { assertWritable, writeText } from '../../platform/files.ts';
import { renderReport } from '../../review/render.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { type ApplyEvents, createTeller } from '../views/apply-events.ts';
import { staleText } from '../views/conflicts-text.ts';
import { requestsText } from '../views/requests-text.ts';

/** Executes an approved plan, or resumes it; exit 0, 3 refused, 4 stale, 5 incomplete. */
export async function run(args: Args, io: Io): Promise<number> {
  if (flagArg(args, 'show-requests') && !flagArg(args, 'dry-run'))
    throw new Failure(
      'usage',
      '--show-requests shows what would be sent, and goes with --dry-run',
      'Say --dry-run --show-requests; of a run that writes, runs/<n>/journal.jsonl tells.',
    );
  const settings = loadSettings(args, io);
  return execute(findFolder(textArg(args, 'path') ?? '', settings.out), settings, args, io);
}

/** Verifies, applies and tells. */
export async function execute(folder: Folder, settings: Settings, args: Args, io: Io): Promise<number> {
  const teller = createTeller(args, io);
  const applied = await applyPlan(folder, settings, args, io, teller);
  const { report, result, path, requests } = applied;
  const exitCode = exitCodeOf(result);
  try {
    writeLate(report, result.ending === 'done', args, io);
  } catch (error) {
    if (error instanceof Failure) teller.refused(error, report, path);
    throw error;
  }
  teller.finished(applied, exitCode);
  if (flagArg(args, 'json')) return exitCode;
  const isStale = result.ending === 'stale' || (result.ending === 'dry_run' && result.conflicts.length > 0);
  io.out(
    isStale
      ? staleText(report.plan.id, result.conflicts)
      : renderReport(report, 'text', { width: io.width, color: io.hasColor, summary: true }).text,
  );
  if (result.ending === 'nothing_to_do')
    io.out('Nothing had to be written in this run: the shop held all of it already.');
  if (requests !== null) io.out(requestsText(requests));
  if (path !== null) io.out(`Report: ${path}`);
  return exitCode;
}

/** One start of an apply. One that is refused, or fails before its end, leaves a report too. */
export async function applyPlan(
  folder: Folder,
  settings: Settings,
  args: Args,
  io: Io,
  teller: ApplyEvents,
): Promise<AppliedPlan> {
  const verified = await verifyFolder(folder, settings, targetOf(settings), args, io);
  const start = startIn(folder, args);
  teller.started(verified.plan, verified.id, verified.digest, start.run);
  try {
    const refusal = refusalOf(verified);
    if (refusal !== null) throw refusal;
    checkCopy(args);
    return await applyVerified({ verified, start, settings, args, io, teller });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { report, path } = recordFailure(start, verified, error, io);
    teller.refused(error, report, path);
    throw error;
  }
}

function exitCodeOf({ ending, conflicts, converged, interruption }: Result): number {
  if (ending === 'stale') return 4;
  if (ending === 'dry_run') return conflicts.length > 0 ? 4 : 0;
  return converged && interruption === null ? 0 : 5;
}

/** An unwritable --report-path is found before anything is written to the shop. */
export function checkCopy(args: Args): void {
  const copy = textArg(args, 'report-path');
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
  const copy = textArg(args, 'report-path');
  if (copy === undefined) return;
  const content = printJson(report as unknown as Json);
  io.assertNoSecret(content, copy);
  writeText(copy, content);
}
