import { join } from 'node:path';
import { makePlan, type Planned } from '../../app/make-plan.ts';
import { openHttp } from '../../app/open-shop.ts';
import { signAuthor } from '../../app/sign-author.ts';
import { planText, removeFolder, untouchedFolders, writeFolder } from '../../app/store/plan-folder.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import { messageOf } from '../../plan/diagnostic-messages.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { printJson, printPieces } from '../../plan/file/print.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import { notices } from '../../plan/report-lists.ts';
import { exists, type Text, writeText } from '../../platform/files.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import { type Args, flagArg, type Io } from '../io.ts';
import { applyOf, approveOf, nextSteps, printNext } from '../next-command.ts';
import { loadSettings } from '../settings.ts';

/** Reads both sides and writes `plans/<id>/` when there is something to change. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const planned = await makePlan(settings, args, io, openHttp(io));
  for (const note of planned.notes) io.err(`note: ${messageOf(note)}`);
  const path = await writePlanned(planned, settings.out, args, io);
  if (flagArg(args, 'json')) io.out(printJson(planAnswer(planned, path) as never).trimEnd());
  else {
    const shown = buildReview(planned.plan, planned.made, { stored: path !== null });
    io.out(renderPlan(shown, 'text', { width: io.width, color: io.hasColor }).text);
    if (path !== null) sayWritten(planned, path, args, io);
  }
  if (planned.plan.errored) return 1;
  return flagArg(args, 'detailed-exitcode') && planned.plan.changes.length > 0 ? 2 : 0;
}

export async function writePlanned(
  planned: Planned,
  out: string,
  args: Args,
  io: Io,
): Promise<string | null> {
  const author = await signAuthor(planned.plan, args, io);
  return planned.plan.changes.length === 0 ? null : savePlan(planned, out, flagArg(args, 'keep'), io, author);
}

/** The document of `plan --json` (docs/reference/commands.md#plan). */
export function planAnswer({ plan }: Planned, path: string | null) {
  const { errored, summary, diagnostics } = plan;
  const words = [...notices(plan, 'error'), ...notices(plan, 'warning')];
  return {
    plan: path,
    ...planIdentity(plan),
    errored,
    summary,
    diagnostics: diagnostics.map((problem) => ({
      ...problem,
      ...pick(words.find((word) => word.code === problem.code && word.ref === problem.ref)),
    })),
  };
}

const pick = (word: { message: string; hint: string } | undefined) =>
  word === undefined ? {} : { message: word.message, hint: word.hint };

/**
 * Writes the folder and removes a plan of the same target that it supersedes, unless somebody approved or applied that
 * one. An identical plan keeps its folder, and the statement of its first author.
 */
export function savePlan(
  { plan, made }: Planned,
  out: string,
  keep: boolean,
  io: Io,
  author: string | null = null,
): string {
  const { id } = planIdentity(plan);
  const beside = {
    'made.json': printJson(made as never),
    'review.md': renderPlan(buildReview(plan, made), 'markdown', {}).text,
    ...(author === null ? {} : { 'author.json': author }),
  };
  for (const [name, content] of Object.entries(beside)) io.assertNoSecret(content, join(out, id, name));
  const files = { 'plan.json': guarded(plan, join(out, id, 'plan.json'), io), ...beside };
  const { folder, isOld } = writeFolder(out, id, files);
  const statement = join(folder.path, 'author.json');
  if (isOld && author !== null && !exists(statement)) writeText(statement, author);
  if (!keep)
    for (const old of untouchedFolders(out, id).filter((one) => isOfTarget(planText(one), plan))) {
      removeFolder(old);
      io.err(`note: plan ${old.id}, which nobody approved or applied, is superseded and removed`);
    }
  return join(folder.path, 'plan.json');
}

/** Longer than any secret in any of its forms. */
const OVERLAP = 32_768;

/**
 * A plan's file in pieces, each looked at together with the end of the one before, so that none hides a secret by where it
 * is cut; a file that is refused half-way is never renamed to its place.
 */
const guarded = (plan: Plan, path: string, io: Io): Text => ({
  *[Symbol.iterator]() {
    let before = '';
    for (const piece of printPieces(plan)) {
      io.assertNoSecret(before + piece, path);
      before = piece.slice(-OVERLAP);
      yield piece;
    }
  },
});

function isOfTarget(text: string, { target }: Plan): boolean {
  try {
    return isSame(parsePlan(text).plan.target as never, target as never);
  } catch {
    return false;
  }
}

/** Where a plan was written, and how it goes on. */
export function sayWritten({ plan }: Planned, path: string, args: Args, io: Io): void {
  if (plan.errored) {
    io.out(`Written to ${path}, to be read only: it was made with --strict while something is wrong.`);
    return;
  }
  io.out(`Written to ${path}.`);
  const { id } = planIdentity(plan);
  printNext(nextSteps(approveOf(id, args), applyOf(id, args)), args, io);
}
