import { isApprovedByMerge } from '../../app/approve-plan.ts';
import type { Workspace } from '../../app/options.ts';
import type { Planned } from '../../app/plan-request.ts';
import { findFolder } from '../../app/store/find-folder.ts';
import { type Folder, filesIn } from '../../app/store/plan-folder.ts';
import { verifyPlan } from '../../app/verify-plan.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { hintOf, messageOf } from '../../plan/diagnostic-messages.ts';
import { planIdentity } from '../../plan/plan.ts';
import { buildReview } from '../../review/model/build-review.ts';
import type { Review } from '../../review/model/review.ts';
import { renderPlan } from '../../review/render.ts';
import { wordFor } from '../find-plan.ts';
import { type Args, flagArg, type Io } from '../io.ts';
import { applyOf, approveOf, nextSteps, printNext, showOf } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { workspaceOf } from '../typed-options.ts';

/** Notes of a read, one a line on stderr. */
export function printNotes(notes: readonly Diagnostic[], io: Io): void {
  for (const note of notes) io.err(`${note.severity === 'warning' ? 'warning' : 'note'}: ${messageOf(note)}`);
}

/** The plan for a terminal: two screens, one with --summary, everything through the pager with --full. */
export async function printPlanText(
  { plan, provenance, skippedByFlags }: Planned,
  isStored: boolean,
  args: Args,
  io: Io,
): Promise<void> {
  await printReview(buildReview(plan, provenance, { stored: isStored, skippedByFlags }), args, io);
}

export async function printReview(review: Review, args: Args, io: Io): Promise<void> {
  const isFull = flagArg(args, 'full') && !flagArg(args, 'summary');
  const options = {
    width: io.width,
    color: io.hasColor,
    summary: flagArg(args, 'summary'),
    brief: !isFull,
    showCommand: review.stored ? showOf(review.plan.id, args) : undefined,
  };
  const { text } = renderPlan(review, 'text', options);
  if (isFull) await io.page(text);
  else io.out(text);
}

/** The answer of `plan --json` and `revert --json`; scripts rely on its members. */
export function planAnswer({ plan }: Planned, path: string | null) {
  const { errored, summary, diagnostics } = plan;
  return {
    plan: path,
    ...planIdentity(plan),
    errored,
    summary,
    diagnostics: diagnostics.map((problem) => ({
      ...problem,
      message: messageOf(problem),
      hint: hintOf(problem),
    })),
  };
}

/** Diagnostics that a flag turns into changes, with what it would create or rename. `sync` has the step flags by default. */
const FLAGS_BY_CODE = [
  ['value_missing', 'value', '--create-missing'],
  ['attribute_missing', 'attribute', '--create-attributes --sync-attributes --sync-products'],
  ['assignment_missing', 'assignment', '--sync-attributes --sync-products'],
  ['value_adoptable', 'misspelt value', '--adopt'],
] as const;

/** `Not planned: 8 values (add --create-missing), 2 assignments (add …).`; empty where flags would add nothing. */
export function unplannedLine({ plan: { diagnostics, options } }: Pick<Planned, 'plan'>): string {
  if (options.strict) return '';
  const parts = FLAGS_BY_CODE.flatMap(([code, name, flags]) => {
    const count = new Set(diagnostics.filter((one) => one.code === code).map(({ ref }) => ref)).size;
    return count === 0 ? [] : [`${plural(count, name)} (add ${flags})`];
  });
  return parts.length === 0 ? '' : `Not planned: ${parts.join(', ')}.`;
}

/** Where a plan was written, and the next commands; an identical plan may have its approvals already. */
export async function printWritten({ plan }: Planned, path: string, args: Args, io: Io): Promise<void> {
  if (plan.errored) {
    io.out(visible(`Written to ${path}: it has errors under --strict, so it cannot be applied.`));
    return;
  }
  io.out(visible(`Written to ${path}.`));
  const settings = loadSettings(args, io);
  const folder = findFolder(path, settings.out);
  const word = wordFor(folder, settings);
  const workspace = workspaceOf(settings, args);
  if (isApprovedByMerge(workspace, plan.target)) {
    io.out('The policy has mode merge: commit the plan on a branch, and have that merged.');
    printNext(`After the merge: ${applyOf(word, args)}`, args, io);
    return;
  }
  if (!(await isApproved(folder, workspace))) {
    printNext(nextSteps(approveOf(word, args), applyOf(word, args)), args, io);
    return;
  }
  io.out('It is approved already.');
  printNext(nextSteps(applyOf(word, args)), args, io);
}

/** Verifies only a plan that has approvals: a plan of a large catalogue takes seconds. */
async function isApproved(folder: Folder, workspace: Workspace): Promise<boolean> {
  if (filesIn(folder, 'approvals', '.json').length === 0) return false;
  try {
    const { refusals } = await verifyPlan(folder, { workspace, target: null, isTerminal: true });
    return refusals.length === 0;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
