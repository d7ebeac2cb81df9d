import { acceptForMerge, approvePlan } from '../../app/approve-plan.ts';
import { causesFor } from '../../app/drift-base.ts';
import type { Folder } from '../../app/store/plan-folder.ts';
import { readPlanProvenance } from '../../app/store/provenance-file.ts';
import { type ApprovablePlan, approvable, verifyPlan } from '../../app/verify-plan.ts';
import { DEFAULT_MAX_AGE_HOURS } from '../../approval/policy/rules.ts';
import { HOUR_MS } from '../../approval/timestamps.ts';
import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { HAZARDS } from '../../plan/hazards.ts';
import { buildReview } from '../../review/model/build-review.ts';
import type { Review } from '../../review/model/review.ts';
import { renderPlan } from '../../review/render.ts';
import { approverOf, isIdOrStart } from '../approver.ts';
import { findPlan, wordFor } from '../find-plan.ts';
import { type Args, flagArg, type Io, listArg, textArg } from '../io.ts';
import { applyOf, nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { workspaceOf } from '../typed-options.ts';

/** Writes a person's decision on exactly this plan into `approvals/`. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const folder = findPlan('approve', args, settings);
  const plan = approvable(folder);
  const { id } = plan;
  const approver = await approverOf(args, io);
  const isRejected = flagArg(args, 'reject');
  const action = `${isRejected ? 'reject' : 'approve'} it as ${approver}`;
  await confirm({ folder, plan, action }, args, io);
  const key = textArg(args, 'sign') ?? null;
  const acceptedHazards = hazards(listArg(args, 'accept'));
  const accepted = isRejected
    ? null
    : acceptForMerge(folder, plan, acceptedHazards, workspaceOf(settings, args));
  const path = await approvePlan(
    folder,
    plan,
    {
      approver,
      decision: isRejected ? 'reject' : 'approve',
      expiresAtMs: expiry(textArg(args, 'expires'), Date.now()),
      acceptedHazards,
      comment: textArg(args, 'comment') ?? null,
      key,
    },
    io,
  );
  io.out(
    `${approver} ${isRejected ? 'rejects' : 'approves'} plan ${id}${key === null ? ' (unsigned: anybody who can write the file could have written it)' : ' (signed)'}.\nWritten to ${path}.`,
  );
  if (accepted !== null)
    io.out(`Mode merge reads accepted hazards from ${accepted}: commit it on the branch of the plan.`);
  if (!isRejected) printNext(await nextAfterApproval(folder, args, io), args, io);
  return 0;
}

/** The next step: apply, or the first reason why `verify` would refuse. Assumes a terminal, because a person may apply it. */
async function nextAfterApproval(folder: Folder, args: Args, io: Io): Promise<string> {
  try {
    const settings = loadSettings(args, io);
    const workspace = workspaceOf(settings, args);
    const { refusals } = await verifyPlan(folder, { workspace, target: null, isTerminal: true });
    const [first] = refusals;
    if (first === undefined) return nextSteps(applyOf(wordFor(folder, settings), args));
    return visible(`The plan may not be applied yet: ${first.message}. ${first.hint}`.trim());
  } catch (error) {
    // The approval is written. A policy that cannot be read, for example, stops apply, not this command.
    if (error instanceof Failure)
      return visible(`The plan may not be applied yet: ${error.message}. ${error.hint}`.trim());
    throw error;
  }
}

interface ToConfirm {
  readonly folder: Folder;
  readonly plan: ApprovablePlan;
  /** `approve it as ada@example.com` */
  readonly action: string;
}

/** Makes sure that the plan shown is the plan approved: its id is typed on a terminal, or given with --plan-id in a script. */
async function confirm({ folder, plan, action }: ToConfirm, args: Args, io: Io): Promise<void> {
  const { id } = plan;
  const meant = textArg(args, 'plan-id');
  if (meant !== undefined && meant !== id)
    throw new Failure('confirmation_missing', `this is plan ${id}, not ${meant}`, 'Nothing was approved.');
  if (flagArg(args, 'yes') || meant !== undefined) return;
  if (!io.isTerminal)
    throw new Failure(
      'confirmation_missing',
      'approve asks for confirmation on a terminal, but there is no terminal',
      `Give --yes, or better --plan-id ${id}.`,
    );
  io.out(
    renderPlan(reviewIn(folder, plan), 'text', { width: io.width, color: io.hasColor, brief: true }).text,
  );
  io.err(visible(`To ${action}, type the plan's id or its first 4 digits.`));
  const answer = await io.ask(`${id}: `);
  if (!isIdOrStart(answer, id))
    throw new Failure('confirmation_missing', 'the id was not typed', 'Nothing was approved.');
}

/** Review with the data beside the plan: titles, links, and edits since the last converged plan. */
function reviewIn(folder: Folder, { plan, digest }: ApprovablePlan): Review {
  const { provenance, doubts } = readPlanProvenance(folder, digest);
  const causes = causesFor(plan, undefined, folder.plans);
  return buildReview(plan, provenance, { digest, doubts, ...(causes === null ? {} : { causes }) });
}

function hazards(given: readonly string[]): readonly string[] {
  for (const code of given) {
    if (!Object.hasOwn(HAZARDS, code))
      throw new Failure(
        'usage',
        `--accept: there is no hazard "${code}"`,
        didYouMean(code, Object.keys(HAZARDS)) || `Hazards are ${Object.keys(HAZARDS).join(', ')}.`,
      );
  }
  return given;
}

/** Milliseconds since the epoch. */
function expiry(given: string | undefined, nowMs: number): number {
  if (given === undefined) return nowMs + DEFAULT_MAX_AGE_HOURS * HOUR_MS;
  const found = /^([1-9][0-9]{0,4})([hd])$/.exec(given);
  if (found === null)
    throw new Failure('usage', `--expires ${given} is not a time span`, 'For example 72h or 7d.');
  return nowMs + Number(found[1]) * HOUR_MS * (found[2] === 'd' ? 24 : 1);
}
