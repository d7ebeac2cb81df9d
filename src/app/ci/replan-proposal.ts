import { dirname } from 'node:path';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { canonical, isSame } from '../../core/json/canonical-json.ts';
import { type Comparison, compare } from '../../plan/compare-plans.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import { hasWholeSnapshots } from '../../plan/snapshots/extent.ts';
import { inside, openGit } from '../../platform/git-program.ts';
import { pathsBrought } from '../brought-paths.ts';
import { commitNamed, type ProposalToCheck } from '../check-proposal.ts';
import { withPlanOf } from '../copy-plan.ts';
import type { Planned } from '../plan-request.ts';
import { wholeness } from '../verify-plan.ts';

export interface ProposalToReplan extends ProposalToCheck {
  readonly target: Target;
  /** Reads both sides and plans with the options of a plan. */
  replan(plan: Plan): Promise<Planned>;
}

/** Result of planning one plan of a request again. */
export interface ReplannedPlan {
  readonly id: string;
  /** same: planning again gives the same plan · differs · other_target: not planned · unreadable */
  readonly result: 'same' | 'differs' | 'other_target' | 'unreadable';
  /** Why it is unreadable; otherwise empty. */
  readonly detail: string;
  /** If it differs; null: both sides match now. */
  readonly comparison: Comparison | null;
  readonly now: Planned | null;
}

/**
 * Plans each plan of a request again with its own options. Only this proves that its desired state came from the site. Reads
 * named regular files from the commit's objects without a checkout. Throws a Failure.
 */
export async function replanProposal(given: ProposalToReplan): Promise<readonly ReplannedPlan[]> {
  const { workspace, base, head } = given;
  const git = openGit(dirname(workspace.out));
  const [from, to] = [await commitNamed(git, base), await commitNamed(git, head)];
  const folder = inside(git.top, workspace.out);
  const start = folder === '' ? '' : `${folder}/`;
  const ids = (await pathsBrought(git, from, to)).flatMap(({ path }) =>
    path.startsWith(start) ? (/^([0-9a-f]{16})\//.exec(path.slice(start.length))?.[1] ?? []) : [],
  );
  const found: ReplannedPlan[] = [];
  const replan = replanner(given);
  for (const id of [...new Set(ids)].sort()) {
    if (found.length === PLANS_MAX) {
      found.push(unreadable(id, `the request has more than ${PLANS_MAX} plans, so it was not looked at`));
      break;
    }
    try {
      const copied = await withPlanOf({ git, commit: to, folder, id }, (copy) => {
        const { plan, tests } = wholeness(copy, workspace.contract);
        const wrong = tests.find(({ ok }) => !ok);
        if (wrong !== undefined) throw new Failure(wrong.code, wrong.detail, wrong.hint);
        return compared(id, plan, { ...given, replan });
      });
      found.push(
        copied.odd === null ? copied.value : unreadable(id, `${copied.odd.path} is not a regular file`),
      );
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== 3) throw error;
      found.push(unreadable(id, error.message));
    }
  }
  return found;
}

/** A proposal of `ci plan` brings one plan. Reading a plan is cheap beside reading both sides, but not free. */
const PLANS_MAX = 50;
const READS_MAX = 5;

/**
 * Plans once for each set of options: plans of one target with the same options are all compared with the same plan. A pull
 * request cannot make a job read both sides as often as it likes. Throws a Failure (plan_altered).
 */
function replanner({ replan }: ProposalToReplan): ProposalToReplan['replan'] {
  const made = new Map<string, Promise<Planned>>();
  return (plan) => {
    const key = canonical([plan.options, hasWholeSnapshots(plan)]);
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size === READS_MAX)
      throw new Failure(
        'plan_altered',
        `the request has plans of more than ${READS_MAX} kinds of options for one target, so it was not planned again`,
        'Propose it in a pull request of its own.',
      );
    const planned = replan(plan);
    made.set(key, planned);
    return planned;
  };
}

const NOTHING = { detail: '', comparison: null, now: null };

const unreadable = (id: string, detail: string): ReplannedPlan => ({
  id,
  result: 'unreadable',
  ...NOTHING,
  detail,
});

async function compared(
  id: string,
  plan: Plan,
  { target, replan }: ProposalToReplan,
): Promise<ReplannedPlan> {
  if (!isSame(plan.target, target)) return { id, result: 'other_target', ...NOTHING };
  const now = await replan(plan);
  if (now.plan.changes.length > 0 && planIdentity(now.plan).id === id)
    return { id, result: 'same', ...NOTHING, now };
  const comparison = now.plan.changes.length === 0 ? null : compare(plan, now.plan);
  return { id, result: 'differs', detail: '', comparison, now };
}
