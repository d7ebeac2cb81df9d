import type { Failure } from '../../core/failure.ts';
import type { Report } from '../../plan/report.ts';
import { type MergedPlan, newestApplied } from './merged-plans.ts';

/** How the apply of one merged plan ended. `report` is null where none was written. */
export interface AppliedOnce {
  readonly exitCode: number;
  readonly report: Report | null;
  readonly failure: Failure | null;
}

/**
 * applied: now, and the shop matches · confirmed: was applied already · refused, stale: nothing was written · incomplete ·
 * failed: neither side answered as it should · superseded: a later plan of the target was applied · not_reached: a plan before
 * it ended incomplete or failed
 */
export interface MergedApply {
  readonly plan: MergedPlan;
  readonly outcome: 'applied' | 'refused' | 'stale' | 'incomplete' | 'failed' | 'superseded' | 'not_reached';
  readonly exitCode: number;
  readonly report: Report | null;
  readonly failure: Failure | null;
}

export interface ApplyMergedPorts {
  /** Applies one plan and keeps what it left; throws only for bugs. */
  applyOne(plan: MergedPlan): Promise<AppliedOnce>;
  /** Called with each plan that is not applied yet, when it is decided about. */
  ended(one: MergedApply): Promise<void>;
}

const OUTCOMES: Readonly<Record<number, MergedApply['outcome']>> = {
  0: 'applied',
  3: 'refused',
  4: 'stale',
  5: 'incomplete',
};

/**
 * Applies the merged plans that wait, in the order of their merges. A plan that is refused or stale wrote nothing, and the next
 * one is compared with the shop by itself, so it stops none. One that ended half-way, or could not be tried, stops all later
 * ones: the next job resumes it first. A plan from before the last one that was applied is out of date, and is never applied.
 */
export async function applyMerged(
  plans: readonly MergedPlan[],
  { applyOne, ended: tell }: ApplyMergedPorts,
): Promise<readonly MergedApply[]> {
  const newest = newestApplied(plans);
  const found: MergedApply[] = [];
  let isStopped = false;
  for (const [index, plan] of plans.entries()) {
    if (plan.state === 'applied') continue;
    const one: MergedApply =
      index < newest
        ? outOf(plan, 'superseded')
        : isStopped
          ? outOf(plan, 'not_reached')
          : await decided(plan);
    found.push(one);
    isStopped ||= one.outcome === 'incomplete' || one.outcome === 'failed' || one.failure?.code === 'locked';
    await tell(one);
  }
  return found;

  async function decided(plan: MergedPlan): Promise<MergedApply> {
    if (plan.state === 'refused') return { ...outOf(plan, 'refused'), exitCode: plan.refusal?.exitCode ?? 3 };
    const ended = await applyOne(plan);
    return { plan, ...ended, outcome: OUTCOMES[ended.exitCode] ?? 'failed' };
  }
}

const outOf = (plan: MergedPlan, outcome: MergedApply['outcome']): MergedApply => ({
  plan,
  outcome,
  exitCode: 0,
  report: null,
  failure: plan.refusal,
});

/** The exit code of the job: what a plan that was applied later in it took the place of does not count. */
export function exitCodeOfJob(applies: readonly MergedApply[]): number {
  const last = applies.findLastIndex(({ outcome }) => outcome === 'applied');
  const counting = applies.filter(({ outcome }, index) => index > last || outcome === 'applied');
  return Math.max(0, ...counting.map(({ exitCode }) => exitCode));
}
