import { keepComment, markerOf } from '../../app/ci/keep-comment.ts';
import { type ReplannedPlan, replanProposal } from '../../app/ci/replan-proposal.ts';
import { makePlan } from '../../app/make-plan.ts';
import { openHttp, targetOf } from '../../app/open-shop.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { hasWholeSnapshots } from '../../plan/snapshots/extent.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { refusalFinding } from '../../review/ci/findings.ts';
import { reportFindings } from '../ci-output.ts';
import { comparisonText } from '../commands/plan-diff.ts';
import { type Args, flagArg, type Io, notesOf } from '../io.ts';
import { writeJobSummary } from '../job-summary.ts';
import { loadSettings } from '../settings.ts';
import { planRequest, workspaceOf } from '../typed-options.ts';
import { setStatus } from './ci-check.ts';
import { type CiJob, requestCommit, requestNumber } from './ci-job.ts';
import { planMarkdown } from './ci-plan.ts';

/** `ci replan`: whether both sides still say what the plans of a pull request say; exit 0, 3 or 4. */
export async function replanStep(job: CiJob, args: Args, io: Io): Promise<number> {
  const head = await requestCommit(job, args, io);
  const settings = loadSettings(args, io);
  const request = planRequest(settings, { ...args, 'create-missing': false }, io);
  const target = targetOf(request.saleor);
  const http = openHttp(io);
  const found = await replanProposal({
    workspace: workspaceOf(settings, args),
    base: job.base.ref,
    head,
    target,
    replan: (plan) =>
      makePlan(
        { ...request, options: plan.options, snapshots: hasWholeSnapshots(plan) ? 'full' : 'changed' },
        http,
        notesOf(io),
      ),
  });
  const exitCode = Math.max(0, ...found.map(({ result }) => CODES[result]));
  if (flagArg(args, 'json'))
    io.out(printJson({ ok: exitCode === 0, plans: found.map(({ now: _, ...one }) => one) }).trimEnd());
  else
    for (const one of found)
      for (const line of textOf(one).split('\n')) (CODES[one.result] === 0 ? io.out : io.err)(line);
  if (found.length === 0) io.out('It brings no plan.');
  for (const { result, now } of found)
    if (result === 'same' && now !== null) {
      const markdown = io.redact(planMarkdown(now, settings.out));
      writeJobSummary(io, () => markdown);
      await comment(job, { target: fileNameOf(target), markdown }, io);
    }
  const wrong = found.find(({ result }) => CODES[result] > 0);
  const findings = found
    .filter(({ result }) => CODES[result] > 0)
    .map((one) =>
      refusalFinding(`plan.${one.id}`, { code: one.result, message: firstLine(textOf(one)), hint: '' }),
    );
  const verdict = wrong === undefined ? 'Both sides match the plans.' : 'Both sides differ from a plan.';
  reportFindings({ name: 'replan', verdict, findings, file: null, listAll: 'sailplan ci replan' }, args, io);
  const words = wrong === undefined ? 'Both sides say what the plan says.' : firstLine(textOf(wrong));
  await setStatus(job, { commit: head, isOk: exitCode === 0, text: words }, args, io);
  return exitCode;
}

/** Without a token of the forge, as in some pipelines of merge requests, the comment of `ci plan` stays as it is. */
async function comment(
  job: CiJob,
  { target, markdown }: { readonly target: string; readonly markdown: string },
  io: Io,
): Promise<void> {
  const number = requestNumber(io);
  if (number === null) return;
  try {
    await keepComment(job.forge().comments, { kind: 'request', number }, markerOf('plan', target), markdown);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(`note: the comment was not updated: ${error.message}`);
  }
}

const CODES: Readonly<Record<ReplannedPlan['result'], number>> = {
  same: 0,
  other_target: 0,
  unreadable: 3,
  differs: 4,
};

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

function textOf({ id, result, detail, comparison }: ReplannedPlan): string {
  switch (result) {
    case 'same':
      return `Plan ${id} is what both sides say now.`;
    case 'other_target':
      return `Plan ${id} is for another target.`;
    case 'unreadable':
      return visible(`REFUSED plan ${id}: ${detail}`);
    case 'differs':
      return [
        `Plan ${id} is not what both sides say now. Close this request: the next sailplan ci plan proposes what differs then.`,
        comparison === null ? 'There is nothing to change any more.' : comparisonText(comparison),
      ].join('\n');
  }
}
