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
 * applied: the shop matches the plan · refused, stale: nothing was written (exit code 0 if an earlier job reported it as
 * stale) · incomplete: part of it is applied · failed: a side could not be read or written · superseded: a later plan of the
 * target was applied · not_reached: an earlier plan ended incomplete or failed
 */
export interface MergedApply {
  readonly plan: MergedPlan;
  readonly outcome: 'applied' | 'refused' | 'stale' | 'incomplete' | 'failed' | 'superseded' | 'not_reached';
  readonly exitCode: number;
  readonly report: Report | null;
  readonly failure: Failure | null;
}

export interface ApplyMergedPorts {
  /** Applies one plan and publishes its report; throws only for bugs. */
  applyOne(plan: MergedPlan): Promise<AppliedOnce>;
  /** Called with the outcome of each plan that was not applied before. */
  ended(one: MergedApply): Promise<void>;
}

const OUTCOMES: Readonly<Record<number, MergedApply['outcome']>> = {
  0: 'applied',
  3: 'refused',
  4: 'stale',
  5: 'incomplete',
};

/**
 * Applies the waiting plans in the order of their merges. A refused or stale plan wrote nothing, so the next ones still run. A
 * plan that is incomplete or could not be tried stops all later ones; the next job resumes it first. A plan that was merged
 * before the last applied one is out of date and is never applied.
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
    const outcome = OUTCOMES[ended.exitCode] ?? 'failed';
    // The job failed when it found that for the first time; only the next plan can change it.
    const isKnown = outcome === 'stale' && plan.wasStale;
    return { plan, ...ended, outcome, exitCode: isKnown ? 0 : ended.exitCode };
  }
}

const outOf = (plan: MergedPlan, outcome: MergedApply['outcome']): MergedApply => ({
  plan,
  outcome,
  exitCode: 0,
  report: null,
  failure: plan.refusal,
});

/** The applies that decide about the job: a plan that ended badly does not count if a later one of the same job was applied. */
export function decidingApplies(applies: readonly MergedApply[]): readonly MergedApply[] {
  const last = applies.findLastIndex(({ outcome }) => outcome === 'applied');
  return applies.filter(({ outcome }, index) => index > last || outcome === 'applied');
}

export const exitCodeOfJob = (applies: readonly MergedApply[]): number =>
  Math.max(0, ...decidingApplies(applies).map(({ exitCode }) => exitCode));
