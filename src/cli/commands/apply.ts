import { type ApplyRequest, applyPlan } from '../../app/apply-plan.ts';
import { whoAmI } from '../../app/describe-plan.ts';
import type { Folder } from '../../app/store/plan-folder.ts';
import type { EngineResult } from '../../apply/apply.ts';
import { Failure } from '../../core/failure.ts';
import { renderReport } from '../../review/render.ts';
import { findPlan } from '../find-plan.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from '../io.ts';
import { assertReportPath, writeLateReport } from '../report-copy.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';
import { createApplyEvents } from '../views/apply-events.ts';
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
  return applyFolder(findPlan(textArg(args, 'path'), args, settings), settings, args, io);
}

/** Applies and prints; also the end of `sync`. */
export async function applyFolder(folder: Folder, settings: Settings, args: Args, io: Io): Promise<number> {
  const events = createApplyEvents(args, io);
  const applied = await applyPlan(requestOf(folder, settings, args, io), {
    notes: notesOf(io),
    secrets: io,
    stop: { arm: (release) => io.stopOnSignal(STOPPING, release) },
    observer: events,
  });
  const { report, result, path, requests } = applied;
  const exitCode = exitCodeOf(result);
  try {
    writeLateReport(report, result.ending === 'done', args, io);
  } catch (error) {
    if (error instanceof Failure) events.refused(error, report, path);
    throw error;
  }
  events.finished(applied, exitCode);
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

const STOPPING =
  'Stopping: the requests in flight end, then the shop is read for the report. Ctrl-C again ends at once; the same apply resumes either way.';

const requestOf = (folder: Folder, settings: Settings, args: Args, io: Io): ApplyRequest => ({
  folder,
  workspace: workspaceOf(settings, args),
  saleor: saleorConnection(settings, args, io),
  isTerminal: io.isTerminal,
  onConflict: textArg(args, 'on-conflict') === 'skip' ? 'skip' : 'stop',
  isDryRun: flagArg(args, 'dry-run'),
  showRequests: flagArg(args, 'show-requests'),
  mark: flagArg(args, 'mark'),
  forceUnlock: textArg(args, 'force-unlock') ?? null,
  startedBy: whoAmI(io.env),
  archiveKey: io.env['SAILPLAN_ARCHIVE_KEY'],
  assertReady: () => assertReportPath(args),
});

function exitCodeOf({ ending, conflicts, converged, interruption }: EngineResult): number {
  if (ending === 'stale') return 4;
  if (ending === 'dry_run') return conflicts.length > 0 ? 4 : 0;
  return converged && interruption === null ? 0 : 5;
}
