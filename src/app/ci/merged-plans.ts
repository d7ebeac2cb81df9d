import { join } from 'node:path';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import { digestOf } from '../../plan/plan.ts';
import { lastRenewal } from '../../platform/git-history.ts';
import { entryAt, lineOf } from '../../platform/git-objects.ts';
import { type Git, inside } from '../../platform/git-program.ts';
import type { SharedHistory } from '../history-answers.ts';
import type { Workspace } from '../options.ts';
import { type OpenArchive, openArchive, openArchivesOnce } from '../store/archive-file.ts';
import { type Folder, folders, readPlan, runsOf } from '../store/plan-folder.ts';
import { harmlessReport } from '../store/run-records.ts';
import { refusalOf, verifyPlan } from '../verify-plan.ts';

/**
 * applied: nothing to do · waiting: may be applied now · refused: `refusal` says why not
 */
export interface MergedPlan {
  readonly folder: Folder;
  readonly id: string;
  readonly state: 'applied' | 'waiting' | 'refused';
  readonly refusal: Failure | null;
  /** Whether an apply of it started and did not converge. */
  readonly isInterrupted: boolean;
  /**
   * Whether its last run, since it was merged, found that the shop had changed. It needs no proof: the plan is compared with the
   * shop again all the same.
   */
  readonly wasStale: boolean;
  /** The last commit of the protected branch that added it, or approved or proposed it again. */
  readonly commit: string;
}

export interface MergedPlanSearch {
  readonly git: Git;
  /** The newest commit of the protected branch, which is checked out. */
  readonly tip: string;
  readonly workspace: Workspace;
  readonly target: Target;
}

/** The plans of a target on the protected branch, in the order in which they came there. */
export async function mergedPlans(search: MergedPlanSearch): Promise<readonly MergedPlan[]> {
  const { git, tip, workspace } = search;
  const order = new Map((await lineOf(git, tip)).map(({ id }, index) => [id, index]));
  const found: { readonly plan: MergedPlan; readonly at: number }[] = [];
  const reads = { open: openArchivesOnce(), history: new Map() };
  for (const folder of folders(workspace.out)) {
    const plan = await mergedPlan(folder, search, reads);
    if (plan !== null) found.push({ plan, at: order.get(plan.commit) ?? Number.MAX_SAFE_INTEGER });
  }
  return found.sort((a, b) => a.at - b.at).map(({ plan }) => plan);
}

/** Index of the last applied plan, which makes the plans before it out of date; -1: none. */
export const newestApplied = (plans: readonly Pick<MergedPlan, 'state'>[]): number =>
  plans.findLastIndex(({ state }) => state === 'applied');

/** The plans that the next `ci apply` is expected to apply. A plan that was stale is tried too, but the next plan takes its place. */
export async function waitingPlans(search: MergedPlanSearch): Promise<readonly MergedPlan[]> {
  const plans = await mergedPlans(search);
  return plans
    .slice(newestApplied(plans) + 1)
    .filter(({ state, wasStale }) => state === 'waiting' && !wasStale);
}

/** What is read once where many plans are judged. */
interface SharedReads {
  readonly open: OpenArchive;
  readonly history: SharedHistory | null;
}

/** null: the branch lacks this plan, or it has another target. */
export async function mergedPlan(
  folder: Folder,
  { git, tip, workspace, target }: MergedPlanSearch,
  { open, history }: SharedReads = { open: openArchive, history: null },
): Promise<MergedPlan | null> {
  const path = inside(git.top, join(folder.path, 'plan.json'));
  if ((await entryAt(git, tip, path)) === null) return null;
  const commit = await lastRenewal(git, tip, path);
  if (commit === null) return null;
  const known = { folder, id: folder.id ?? '', commit: commit.id, wasStale: false };
  let isInterrupted = false;
  try {
    const { plan } = readPlan(folder);
    if (!isSame(plan.target, target)) return null;
    const digest = digestOf(plan);
    const archive = open(folder.plans, target);
    const last = archive.lastLine(digest);
    isInterrupted = last !== null && last.result !== 'converged';
    const isConverged = archive.lastConverged(digest) !== null;
    const verified = await verifyPlan(folder, { workspace, target, isTerminal: false, open, history });
    const refusal = refusalOf(verified);
    const isApplied =
      isConverged && (refusal !== null || (verified.verdict.ok && verified.verdict.isApplied));
    if (isApplied) return { ...known, state: 'applied', refusal: null, isInterrupted: false };
    if (refusal !== null) return { ...known, state: 'refused', refusal, isInterrupted };
    return {
      ...known,
      state: 'waiting',
      refusal,
      isInterrupted,
      wasStale: isStaleSince(folder, digest, commit.atMs),
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'archive_altered') throw error;
    return { ...known, state: 'refused', refusal: error, isInterrupted };
  }
}

const STALE = 4;

/** Whether the last run of a plan ended as stale after a time. */
function isStaleSince(folder: Folder, digest: string, atMs: number): boolean {
  const run = runsOf(folder).at(-1);
  const report =
    run === undefined ? null : harmlessReport(folder, join(folder.path, 'runs', String(run), 'report.json'));
  const ended = Date.parse(report?.runs.at(-1)?.finished_at ?? '');
  return report?.plan?.digest === digest && report.exit_code === STALE && ended >= atMs;
}
