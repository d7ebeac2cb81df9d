import { type ApplyRequest, applyPlan, DEFAULT_WAIT_S } from '../../app/apply-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import { type Folder, readPlan } from '../../app/store/plan-folder.ts';
import { assertProvable, verifyPlanStorefront } from '../../app/verify-storefront.ts';
import { whoAmI } from '../../app/who-am-i.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import type { PlanReport } from '../../plan/report.ts';
import { renderReport } from '../../review/render.ts';
import { renderStorefront, storefrontDocument } from '../../review/storefront/render-storefront.ts';
import { findPlan, wordFor } from '../find-plan.ts';
import { type Args, flagArg, type Io, notesOf, numberArg, textArg } from '../io.ts';
import { applyOf, approveOf } from '../next-command.ts';
import { type ReportCopy, reporting, type Stopped } from '../report-copy.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';
import { type ApplyEvents, createApplyEvents } from '../views/apply-events.ts';
import { staleText } from '../views/conflicts-text.ts';
import { requestsText } from '../views/requests-text.ts';

/** Executes an approved plan, or resumes it; exit 0, 3 refused, 4 stale, 5 incomplete. */
export async function run(args: Args, io: Io): Promise<number> {
  if (flagArg(args, 'show-requests') && !flagArg(args, 'dry-run'))
    throw new Failure(
      'usage',
      '--show-requests needs --dry-run',
      'Give --dry-run --show-requests. For a run that wrote, see runs/<n>/journal.jsonl in the plan’s folder.',
    );
  const events = createApplyEvents(args, io);
  return reporting({ name: 'apply', tell: events.failed }, args, io, (copy) => {
    const settings = loadSettings(args, io);
    const folder = findPlan('apply', args, settings);
    const given = { folder, settings, events, copy };
    return flagArg(args, 'verify-storefront') ? applyAndProve(given, args, io) : applyFolder(given, args, io);
  });
}

export interface FolderToApply {
  readonly folder: Folder;
  readonly settings: Settings;
  readonly events: ApplyEvents;
  readonly copy: ReportCopy;
}

/** Applies, then checks what shoppers see; exit 2 where that differs. Lists first what cannot be checked. */
async function applyAndProve(given: FolderToApply, args: Args, io: Io): Promise<number> {
  const { folder, settings } = given;
  if (flagArg(args, 'dry-run'))
    throw new Failure(
      'usage',
      '--verify-storefront needs an apply that writes, and a dry run writes nothing',
      'Run sailplan storefront instead.',
    );
  const { plan } = readPlan(folder);
  const connection = saleorConnection(settings, args, io);
  // The plan is bound to the target's channel, if any; the storefront check may use another one.
  const saleor = { ...connection, channel: textArg(args, 'channel') ?? connection.channel };
  assertProvable(plan, saleor);
  const exitCode = await applyFolder(given, args, io);
  if (exitCode !== 0) return exitCode;
  const proof = await verifyPlanStorefront(plan, saleor, openHttp(io));
  const errors = proof.findings.filter(({ severity }) => severity === 'error').length;
  if (flagArg(args, 'json')) given.events.storefront(storefrontDocument(proof));
  else {
    io.out(renderStorefront(proof, 'text', { width: io.width, color: io.hasColor, isFull: false }));
    if (errors > 0) io.out(APPLIED_ONLY);
  }
  return errors > 0 ? 2 : 0;
}

/** The last line where only the check failed. */
const APPLIED_ONLY =
  'The apply itself is complete. Exit code 2: fix what the storefront check lists, then run sailplan storefront.';

/** Applies and prints; also the end of `sync`. */
export async function applyFolder(given: FolderToApply, args: Args, io: Io): Promise<number> {
  const { folder, settings, events, copy } = given;
  const applied = await applyPlan(requestOf(given, args, io), {
    notes: notesOf(io),
    secrets: io,
    stop: {
      arm: (release) =>
        io.stopOnSignal(STOPPING, (exitCode) => {
          release();
          copy.abort(exitCode);
        }),
    },
    observer: {
      ...events,
      refused: (failure, report, path) => {
        events.refused(failure, report, path);
        if (report !== null) copy.onFailure(() => report);
      },
    },
  });
  const { report, result, path, requests, failure, exitCode } = applied;
  copy.onFailure((stopped) => withStop(report, stopped));
  if (result.ending === 'done') copy.writeLate(report);
  else copy.write(report);
  events.finished(applied, exitCode);
  if (flagArg(args, 'json')) return endedWith(failure, exitCode);
  const isStale = result.ending === 'stale' || (result.ending === 'dry_run' && result.conflicts.length > 0);
  const canSkip = result.pending.length > 0 && textArg(args, 'on-conflict') !== 'skip';
  const word = wordFor(folder, settings);
  const approve = approveOf(word, args);
  const commands = { apply: () => applyOf(word, args), approve: () => approve };
  io.out(
    isStale
      ? staleText(report.plan.id, result.conflicts, canSkip)
      : renderReport(report, 'text', { width: io.width, color: io.hasColor, summary: true, commands }).text,
  );
  if (requests !== null) io.out(requestsText(requests));
  if (path !== null) io.out(visible(`Report: ${path}`));
  return endedWith(failure, exitCode);
}

/** After the result, which it does not replace. Throws the failure. */
function endedWith(failure: Failure | null, exitCode: number): number {
  if (failure !== null) throw failure;
  return exitCode;
}

/** A report with what stopped the command; once only. */
function withStop(report: PlanReport, { code, message, hint, exitCode }: Stopped): PlanReport {
  const isTold = report.errors.some((error) => error.code === code && error.message === message);
  const errors = isTold ? report.errors : [{ code, ref: 'run', message, hint }, ...report.errors];
  return { ...report, exit_code: exitCode, errors };
}

const STOPPING =
  'Stopping: waits for the requests in flight, then reads the shop for the report. Ctrl-C again exits at once. In both cases the same apply resumes the run.';

const requestOf = ({ folder, settings, copy }: FolderToApply, args: Args, io: Io): ApplyRequest => ({
  folder,
  call: copy.call,
  workspace: workspaceOf(settings, args),
  saleor: saleorConnection(settings, args, io),
  isTerminal: io.isTerminal,
  onConflict: textArg(args, 'on-conflict') === 'skip' ? 'skip' : 'stop',
  isDryRun: flagArg(args, 'dry-run'),
  showRequests: flagArg(args, 'show-requests'),
  mark: flagArg(args, 'mark'),
  waitMs: (numberArg(args, 'wait') ?? DEFAULT_WAIT_S) * 1000,
  forceUnlock: textArg(args, 'force-unlock') ?? null,
  startedBy: whoAmI(io.env),
  archiveKey: io.env['SAILPLAN_ARCHIVE_KEY'],
});
