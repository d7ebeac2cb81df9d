import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { waitingPlans } from '../../app/ci/merged-plans.ts';
import { type ProposedPlan, proposePlan } from '../../app/ci/propose-plan.ts';
import { causesFor } from '../../app/drift-base.ts';
import { makePlan } from '../../app/make-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import type { Planned } from '../../app/plan-request.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import { readBytes } from '../../platform/files.ts';
import { problemFindings } from '../../review/ci/findings.ts';
import { link, prose } from '../../review/markdown/escape.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import { verdictLine } from '../../review/wording.ts';
import { reportFindings, sourceFile } from '../ci-output.ts';
import { type Args, flagArg, type Io, notesOf } from '../io.ts';
import { writeJobSummary } from '../job-summary.ts';
import { saveSigned } from '../plan-outcome.ts';
import { loadSettings } from '../settings.ts';
import { planRequest, workspaceOf } from '../typed-options.ts';
import { printNotes } from '../views/plan-text.ts';
import { type CiJob, checkOutBase } from './ci-job.ts';
import { writeOutputs } from './job-output.ts';

/** `ci plan`: plans, and proposes what differs as a pull request; exit 0, also where nothing differs. */
export async function planStep(job: CiJob, args: Args, io: Io): Promise<number> {
  // A missing token is found before anything is read.
  const forge = job.forge();
  const tip = await checkOutBase(job);
  const settings = loadSettings(args, io);
  // What a site has and the shop lacks is created, unless nothing that is wrong may pass.
  const wanted = { ...args, 'create-missing': !flagArg(args, 'strict') };
  const planned = await makePlan(planRequest(settings, wanted, io), openHttp(io), notesOf(io));
  printNotes(planned.notes, io);
  if (planned.plan.errored)
    throw new Failure(
      'plan_errored',
      'the plan has errors under --strict, so it is not proposed',
      'Fix the errors (sailplan lint lists them by page), or plan without --strict.',
    );
  const markdown = planMarkdown(planned, settings.out);
  const proposed = await proposePlan(
    {
      plan: planned.plan,
      files: planned.plan.changes.length === 0 ? new Map() : await filesOf(planned, args, io),
      markdown: io.redact(markdown),
      workspace: workspaceOf(settings, args),
      base: { branch: job.base.branch, tip },
    },
    { git: job.git, remote: job.remote, forge },
  );
  const target = planned.plan.target;
  const search = { git: job.git, tip, workspace: workspaceOf(settings, args), target };
  const waiting = (await waitingPlans(search)).map(({ id }) => id);
  await answer(planned, { ...proposed, waiting }, args, io);
  const review = buildReview(planned.plan, planned.provenance);
  // The plan is made without these pages, so the step passes.
  const findings = problemFindings(review).map((one) => ({
    ...one,
    severity: one.severity === 'error' ? ('warning' as const) : one.severity,
  }));
  const report = { name: 'plan', verdict: verdictLine(review), findings, file: sourceFile(settings) };
  reportFindings({ ...report, listAll: 'sailplan lint' }, args, io);
  writeJobSummary(io, () => summaryOf(planned, proposed, markdown));
  return 0;
}

/** What became of the plan, with a link to its request, and then the plan. */
function summaryOf(planned: Planned, proposed: ProposedPlan, markdown: string): string {
  const { request, state } = proposed;
  const words = textOf(planned, proposed).replace(`: ${request?.url}`, '');
  const where = request === null ? '' : `: ${link(`request ${request.number}`, request.url)}`;
  return `${prose(words)}${where}\n${state === 'none' ? '' : `\n${markdown}`}`;
}

/** The plan as a comment of at most the forge's length. */
export function planMarkdown({ plan, provenance }: Planned, out: string): string {
  const causes = causesFor(plan, undefined, out);
  const review = buildReview(plan, provenance, causes === null ? {} : { causes });
  return renderPlan(review, 'markdown', { allowCut: true }).text;
}

async function filesOf(planned: Planned, args: Args, io: Io): Promise<ReadonlyMap<string, Uint8Array>> {
  const temporary = mkdtempSync(join(tmpdir(), 'sailplan-plan-'));
  try {
    const path = await saveSigned(planned, temporary, args, io);
    if (path === null) return new Map();
    const folder = dirname(path);
    return new Map(
      readdirSync(folder)
        .sort()
        .map((name) => [name, readBytes(join(folder, name))]),
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface Answer extends ProposedPlan {
  /** Ids of merged plans that are not applied yet. */
  readonly waiting: readonly string[];
}

async function answer(planned: Planned, proposed: Answer, args: Args, io: Io): Promise<void> {
  const { id } = planIdentity(planned.plan);
  const { state, request, commit, superseded, waiting } = proposed;
  const changes = planned.plan.changes.length;
  await writeOutputs(io, {
    state,
    id: state === 'none' ? '' : id,
    commit: commit ?? '',
    request: request === null ? '' : String(request.number),
    url: request?.url ?? '',
    waiting: waiting.join(' '),
  });
  const closed = superseded.map(({ number, url }) => ({ number, url }));
  if (flagArg(args, 'json')) {
    const document = {
      state,
      plan: state === 'none' ? null : id,
      changes,
      request: request === null ? null : { number: request.number, url: request.url },
      commit,
      again: proposed.again,
      superseded: closed,
      waiting,
    };
    io.out(printJson(document).trimEnd());
    return;
  }
  io.out(visible(textOf(planned, proposed)));
  if (state !== 'waiting')
    for (const one of waiting) io.out(`Plan ${one} is merged and not applied yet: ${APPLY_NEXT}`);
  for (const { url } of closed) io.out(visible(`Closed, superseded: ${url}`));
}

const APPLY_NEXT = 'the next sailplan ci apply applies it, or says why not.';

function textOf({ plan }: Planned, { state, request, again }: ProposedPlan): string {
  const { id } = planIdentity(plan);
  const changes = plan.changes.length;
  switch (state) {
    case 'none':
      return `No changes, so no plan is proposed.${skippedWords(plan)}`;
    case 'opened':
      return `Plan ${id} (${plural(changes, 'change')}) is proposed${again === null ? '' : ` again, because ${again}`}: ${request?.url}`;
    case 'proposed':
      return `Plan ${id} is proposed already: ${request?.url}`;
    case 'waiting':
      return `Plan ${id} is merged and not applied yet: ${APPLY_NEXT}`;
    case 'declined':
      return `Plan ${id} was proposed, and its request was closed without a merge, so it is not proposed again. Reopen that request, or exclude the differences (ignore in the config).`;
  }
}

/** ` 1 error; 2 pages skipped: sailplan lint lists them.`, or an empty string. Without it, nothing that differs reads as a match. */
export function skippedWords({ diagnostics, skipped }: Pick<Plan, 'diagnostics' | 'skipped'>): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const parts = [
    ...(errors === 0 ? [] : [plural(errors, 'error')]),
    ...(skipped.length === 0 ? [] : [`${plural(skipped.length, 'page')} skipped`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join('; ')}: sailplan lint lists them.`;
}
