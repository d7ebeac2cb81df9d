import { type ApplyRequest, applyPlan, DEFAULT_WAIT_S } from '../../app/apply-plan.ts';
import {
  type AppliedOnce,
  applyMerged,
  decidingApplies,
  exitCodeOfJob,
  type MergedApply,
} from '../../app/ci/apply-merged.ts';
import { keepComment, markerOf } from '../../app/ci/keep-comment.ts';
import { type MergedPlan, mergedPlans } from '../../app/ci/merged-plans.ts';
import { openReportRequest, type ReportsPlace, waitingReports } from '../../app/ci/pending-reports.ts';
import { publishReports } from '../../app/ci/publish-reports.ts';
import { targetOf } from '../../app/open-shop.ts';
import { whoAmI } from '../../app/who-am-i.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { inside } from '../../platform/git-program.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { refusalFinding } from '../../review/ci/findings.ts';
import { link, prose } from '../../review/markdown/escape.ts';
import { renderReport } from '../../review/render.ts';
import { reportFindings } from '../ci-output.ts';
import { type Args, flagArg, type Io, notesOf, numberArg } from '../io.ts';
import { writeJobSummary } from '../job-summary.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';
import { createApplyEvents } from '../views/apply-events.ts';
import { type CiJob, checkOutBase } from './ci-job.ts';
import { fileUrl, writeOutputs } from './job-output.ts';
import { outcomeLine } from './outcome-line.ts';

interface ApplyJob {
  readonly job: CiJob;
  readonly place: ReportsPlace;
  readonly args: Args;
  readonly io: Io;
  readonly settings: Settings;
  readonly target: Target;
  readonly state: {
    /** The commit that is checked out, and then the last one with reports of ours. */
    from: string;
    /** Where the report of each plan is, by its id. */
    readonly reports: Map<string, string>;
  };
}

/** `ci apply`: applies every merged plan that is not applied, in order; exit 0, 1, 3, 4 or 5. */
export async function applyStep(job: CiJob, args: Args, io: Io): Promise<number> {
  // A missing token is found before anything is read.
  const forge = job.forge();
  const tip = await checkOutBase(job);
  const settings = loadSettings(args, io);
  const target = targetOf(saleorConnection(settings, args, io));
  const workspace = workspaceOf(settings, args);
  const plans = await mergedPlans({ git: job.git, tip, workspace, target });
  const place = { ...job, forge, out: settings.out };
  const state = { from: tip, reports: new Map<string, string>() };
  const call: ApplyJob = { job, place, args, io, settings, target, state };
  if (plans.some(({ state }) => state === 'waiting')) await assertPublished(call);
  const applies = await applyMerged(plans, {
    applyOne: (plan) => applyOne(call, plan),
    ended: (one) => tellRequest(call, one),
  });
  const exitCode = exitCodeOfJob(applies);
  await writeOutputs(io, {
    applied: applies
      .filter(({ outcome }) => outcome === 'applied')
      .map(({ plan }) => plan.id)
      .join(' '),
    result: String(exitCode),
  });
  if (flagArg(args, 'json'))
    io.out(printJson({ exit_code: exitCode, plans: applies.map(shortly) }).trimEnd());
  else {
    for (const one of applies) (one.exitCode === 0 ? io.out : io.err)(visible(outcomeLine(one)));
    if (applies.length === 0) io.out('No merged plan waits to be applied.');
  }
  const findings = decidingApplies(applies)
    .filter((one) => one.exitCode !== 0)
    .map((one) =>
      refusalFinding(`plan.${one.plan.id}`, {
        code: one.failure?.code ?? one.outcome,
        message: outcomeLine(one),
        hint: '',
      }),
    );
  const isLeft = findings.length > 0 || applies.some(isKnownStale);
  const verdict = isLeft ? 'A merged plan is not applied.' : 'Nothing is left to apply.';
  reportFindings({ name: 'apply', verdict, findings, file: null, listAll: 'sailplan ci apply' }, args, io);
  return exitCode;
}

/** Reports that wait for their own merge hold the newest lines of the archive. Throws a Failure (locked). */
async function assertPublished({ place, target }: ApplyJob): Promise<void> {
  const waiting = await waitingReports(place, target);
  if (waiting === null) return;
  throw new Failure(
    'locked',
    `reports of an earlier apply wait to be merged: ${waiting.url}`,
    'Merge that request: the archive in it is one chain, which the next apply continues.',
  );
}

async function applyOne(call: ApplyJob, plan: MergedPlan): Promise<AppliedOnce> {
  const { io, args } = call;
  const events = createApplyEvents({ ...args, json: false }, io);
  let ended: AppliedOnce;
  try {
    const applied = await applyPlan(requestOf(call, plan), {
      notes: notesOf(io),
      secrets: io,
      stop: { arm: (release) => io.stopOnSignal(STOPPING, release) },
      observer: events,
    });
    events.finished(applied, applied.exitCode);
    ended = { exitCode: applied.exitCode, report: applied.report, failure: applied.failure };
    if (!flagArg(args, 'json')) {
      const { text } = renderReport(applied.report, 'text', {
        width: io.width,
        color: io.hasColor,
        summary: true,
      });
      io.out(text);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    ended = { exitCode: error.exitCode, report: null, failure: error };
  }
  return published(call, plan, ended);
}

const STOPPING =
  'Stopping: waits for the requests in flight, then publishes the report. The next sailplan ci apply resumes the plan.';

const requestOf = ({ settings, args, io }: ApplyJob, { folder }: MergedPlan): ApplyRequest => ({
  folder,
  call: { command: 'apply', flags: {} },
  workspace: workspaceOf(settings, args),
  saleor: saleorConnection(settings, args, io),
  isTerminal: false,
  onConflict: 'stop',
  isDryRun: false,
  showRequests: false,
  mark: true,
  waitMs: (numberArg(args, 'wait') ?? DEFAULT_WAIT_S) * 1000,
  forceUnlock: null,
  startedBy: whoAmI(io.env),
  archivesConfirmation: true,
  archiveKey: io.env['SAILPLAN_ARCHIVE_KEY'],
});

/** Pushes what the apply left, right away: the next plan's apply may be the one that is cancelled. */
async function published(call: ApplyJob, plan: MergedPlan, ended: AppliedOnce): Promise<AppliedOnce> {
  const { job, io, place, target, state } = call;
  // The branch has that report already.
  if (ended.exitCode === 4 && plan.wasStale) return ended;
  try {
    const result = await publishReports(
      {
        folder: plan.folder,
        target,
        base: job.base,
        from: state.from,
        message: `Report of plan ${plan.id}${io.env['GITLAB_CI'] === 'true' ? ' [skip ci]' : ''}`,
        archiveKey: io.env['SAILPLAN_ARCHIVE_KEY'],
      },
      { ...job, wait: systemClock.sleep },
    );
    if (result.kind === 'nothing') return ended;
    state.from = result.commit;
    const path = `${inside(job.git.top, plan.folder.path)}/report.json`;
    state.reports.set(plan.id, fileUrl(io, result.commit, path) ?? `${path}, commit ${result.commit}`);
    if (result.kind === 'branch') {
      const { url } = await openReportRequest(place, target);
      io.err(`note: ${job.base.branch} takes no push (${result.because}), so the report is proposed: ${url}`);
    }
    return ended;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...ended, exitCode: Math.max(ended.exitCode, error.exitCode), failure: ended.failure ?? error };
  }
}

/** The request and the branch have its report from an earlier job. */
const isKnownStale = ({ outcome, exitCode }: MergedApply): boolean => outcome === 'stale' && exitCode === 0;

/** Links the report in the request that brought the plan, or says there why it was not applied. */
async function tellRequest({ job, io, target, state }: ApplyJob, one: MergedApply): Promise<void> {
  const { plan, report, outcome } = one;
  if (outcome === 'not_reached' || outcome === 'superseded' || isKnownStale(one)) return;
  const url = state.reports.get(plan.id);
  const shown = report === null ? '' : `\n\n${renderReport(report, 'markdown').text}`;
  const where = url === undefined ? '' : `\n\n${link('Report', url)}`;
  const markdown = io.redact(`${prose(outcomeLine(one))}${where}${shown}`);
  writeJobSummary(io, () => markdown);
  try {
    const forge = job.forge();
    const marker = markerOf('report', fileNameOf(target));
    for (const request of await forge.requestsOf(plan.commit))
      if (request.state === 'merged')
        await keepComment(forge.comments, { kind: 'request', number: request.number }, marker, markdown);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // What was applied is applied: that the forge did not take a comment changes nothing about it.
    io.err(`note: no comment on the request of plan ${plan.id}: ${error.message}`);
  }
}

const shortly = (one: MergedApply) => ({
  id: one.plan.id,
  outcome: one.outcome,
  exit_code: one.exitCode,
  detail: outcomeLine(one),
});
