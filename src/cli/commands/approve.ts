import { join } from 'node:path';
import { type Folder, findFolder } from '../../app/store/plan-folder.ts';
import { approvable, verifyFolder } from '../../app/verify-plan.ts';
import { fileNameFor } from '../../approval/approver-name.ts';
import { DEFAULT_MAX_AGE_HOURS } from '../../approval/policy/rules.ts';
import { approvalEnvelope } from '../../approval/signing/make-envelope.ts';
import { HOUR_MS } from '../../approval/timestamps.ts';
import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { HAZARDS } from '../../plan/hazards.ts';
import type { Plan } from '../../plan/plan.ts';
import { writeText } from '../../platform/files.ts';
import { sshSigner } from '../../platform/ssh-keygen.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import { type Args, flagArg, type Io, listArg, textArg } from '../io.ts';
import { applyOf, nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';

/** Writes what a person says of this plan, and of no other, into `approvals/`. */
export async function run(args: Args, io: Io): Promise<number> {
  const folder = findFolder(textArg(args, 'path') ?? '', loadSettings(args, io).out);
  const { plan, digest, id } = approvable(folder);
  const who = textArg(args, 'as');
  if (who === undefined)
    throw new Failure(
      'usage',
      'approve needs --as WHO',
      'Who is it that approves? E.g. --as ada@example.com.',
    );
  await confirm(id, plan, args, io);
  const now = Date.now();
  const key = textArg(args, 'sign');
  const isSigned = key !== undefined;
  const envelope = await approvalEnvelope(
    { digest, target: plan.target },
    {
      approver: who,
      decision: flagArg(args, 'reject') ? 'reject' : 'approve',
      atMs: now,
      expiresAtMs: expiry(textArg(args, 'expires'), now),
      acceptedHazards: hazards(listArg(args, 'accept')),
      comment: textArg(args, 'comment') ?? null,
    },
    key === undefined ? null : sshSigner(key),
  );
  const path = record(folder, who, envelope, io);
  const verb = flagArg(args, 'reject') ? 'rejects' : 'approves';
  io.out(
    `${who} ${verb} plan ${id}${isSigned ? ' (signed)' : ' (unsigned: anybody who can write the file could have written it)'}.\nWritten to ${path}.`,
  );
  if (!flagArg(args, 'reject')) printNext(await whatNow(folder, args, io), args, io);
  return 0;
}

function record(folder: Folder, who: string, envelope: string, io: Io): string {
  const path = join(folder.path, 'approvals', fileNameFor(who));
  io.assertNoSecret(envelope, path);
  writeText(path, envelope);
  return path;
}

/** Whether that was the last one it needs, as verify would say it here and now; a person may apply it, so there is a terminal. */
async function whatNow(folder: Folder, args: Args, io: Io): Promise<string> {
  try {
    const { id, refusals } = await verifyFolder(folder, loadSettings(args, io), null, args, {
      ...io,
      isTerminal: true,
    });
    const [first] = refusals;
    if (first === undefined) return nextSteps(applyOf(id, args));
    return visible(`Not to be applied yet: ${first.message}. ${first.hint}`.trim());
  } catch (error) {
    // The approval is written; what is wrong around it (a policy that cannot be read) stops the apply, not this.
    if (error instanceof Failure)
      return visible(`Not to be applied yet: ${error.message}. ${error.hint}`.trim());
    throw error;
  }
}

/** The plan that is meant is the plan that is shown: on a terminal its id is typed, in a script it is named. */
async function confirm(id: string, plan: Plan, args: Args, io: Io): Promise<void> {
  const meant = textArg(args, 'plan-id');
  if (meant !== undefined && meant !== id)
    throw new Failure('confirmation_missing', `this is plan ${id}, not ${meant}`, 'Nothing was approved.');
  if (flagArg(args, 'yes') || meant !== undefined) return;
  if (!io.isTerminal)
    throw new Failure(
      'confirmation_missing',
      'approve asks on a terminal, and there is none',
      `Say --yes, or better --plan-id ${id}.`,
    );
  io.out(
    renderPlan(buildReview(plan, null), 'text', { width: io.width, color: io.hasColor, summary: true }).text,
  );
  const answer = await io.ask(`Type the plan's id to approve it (${id}): `);
  if (answer !== id)
    throw new Failure('confirmation_missing', 'the id was not typed', 'Nothing was approved.');
}

function hazards(given: readonly string[]): readonly string[] {
  for (const code of given) {
    if (!Object.hasOwn(HAZARDS, code))
      throw new Failure(
        'usage',
        `--accept: there is no hazard "${code}"`,
        didYouMean(code, Object.keys(HAZARDS)) || `There are ${Object.keys(HAZARDS).join(', ')}.`,
      );
  }
  return given;
}

/** Milliseconds since the epoch. */
function expiry(given: string | undefined, now: number): number {
  if (given === undefined) return now + DEFAULT_MAX_AGE_HOURS * HOUR_MS;
  const found = /^([1-9][0-9]{0,4})([hd])$/.exec(given);
  if (found === null) throw new Failure('usage', `--expires ${given} is no span`, 'E.g. 72h or 7d.');
  return now + Number(found[1]) * HOUR_MS * (found[2] === 'd' ? 24 : 1);
}
