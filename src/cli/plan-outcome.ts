import type { Planned } from '../app/plan-request.ts';
import { signAuthor } from '../app/sign-author.ts';
import { savePlan } from '../app/store/write-plan.ts';
import { Failure } from '../core/failure.ts';
import { type FailConditions, metConditions } from '../plan/fail-conditions.ts';
import { printJson } from '../plan/file/print.ts';
import { comparedOfferings } from '../plan/snapshots/extent.ts';
import { approverOf } from './approver.ts';
import { type Args, flagArg, type Io, notesOf, textArg } from './io.ts';
import { doctorOf, FIX_LISTED, nextSteps, printNext } from './next-command.ts';
import { planAnswer, printNotes, printPlanText, printWritten, unplannedLine } from './views/plan-text.ts';

/** Writes a plan that was made, prints it, and returns the exit code. */
export async function concludePlan(
  planned: Planned,
  { conditions, out }: { readonly conditions: FailConditions; readonly out: string },
  args: Args,
  io: Io,
): Promise<number> {
  printNotes(planned.notes, io);
  io.phase('writing the plan');
  const path = await saveSigned(planned, out, args, io);
  if (flagArg(args, 'json')) io.out(printJson(planAnswer(planned, path)).trimEnd());
  else {
    io.phase('rendering the plan');
    await printPlanText(planned, path !== null, args, io);
    const unplanned = unplannedLine(planned);
    if (unplanned !== '') printNext(unplanned, args, io);
    if (path !== null) await printWritten(planned, path, args, io);
    else if (isNothingCompared(planned)) printNext(nextSteps(doctorOf(args)), args, io);
    else if (planned.plan.skipped.length > 0) printNext(FIX_LISTED, args, io);
  }
  const met = metConditions(planned.plan, conditions);
  if (met.length > 0) io.err(`Stopped by --fail-on: ${met.join(', ')}.`);
  if (planned.plan.errored) return 1;
  if (met.length > 0) return 6;
  return flagArg(args, 'detailed-exitcode') && planned.plan.changes.length > 0 ? 2 : 0;
}

/** Whether every page was skipped, for example because the shop is new; doctor then lists what to create. */
const isNothingCompared = ({ plan }: Planned): boolean =>
  plan.changes.length === 0 && plan.skipped.length > 0 && plan.skipped.length === comparedOfferings(plan);

/** Signs where --sign and --as are given, and writes the plan; null for one without changes. Throws a Failure (usage). */
export async function saveSigned(planned: Planned, out: string, args: Args, io: Io): Promise<string | null> {
  const key = textArg(args, 'sign');
  if (key === undefined && textArg(args, 'as') !== undefined)
    throw new Failure(
      'usage',
      '--as needs --sign KEY',
      '--as names who signs the plan. Give the key too: --as ada@example.com --sign ~/.ssh/id_ed25519.',
    );
  const statement =
    key === undefined
      ? null
      : await signAuthor(planned.plan, { author: await approverOf(args, io), key }, notesOf(io));
  return savePlan(planned, { out, keep: flagArg(args, 'keep'), author: statement }, io, notesOf(io));
}
