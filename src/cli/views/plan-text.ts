import type { Planned } from '../../app/make-plan.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { messageOf } from '../../plan/diagnostic-messages.ts';
import { planIdentity } from '../../plan/plan.ts';
import { notices } from '../../plan/report-lists.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import type { Args, Io } from '../io.ts';
import { applyOf, approveOf, nextSteps, printNext } from '../next-command.ts';

/** Notes of a read, one a line on stderr. */
export function printNotes(notes: readonly Diagnostic[], io: Io): void {
  for (const note of notes) io.err(`note: ${messageOf(note)}`);
}

/** The plan for a terminal. */
export function printPlanText({ plan, made }: Planned, isStored: boolean, io: Io): void {
  const shown = buildReview(plan, made, { stored: isStored });
  io.out(renderPlan(shown, 'text', { width: io.width, color: io.hasColor }).text);
}

/** The answer of `plan --json` and `revert --json`; scripts rely on its members. */
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

/** Where a plan was written, and the next commands. */
export function printWritten({ plan }: Planned, path: string, args: Args, io: Io): void {
  if (plan.errored) {
    io.out(`Written to ${path}, to be read only: it was made with --strict while something is wrong.`);
    return;
  }
  io.out(`Written to ${path}.`);
  const { id } = planIdentity(plan);
  printNext(nextSteps(approveOf(id, args), applyOf(id, args)), args, io);
}
