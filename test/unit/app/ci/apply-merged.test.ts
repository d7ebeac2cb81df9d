import { describe, expect, test } from '@jest/globals';
import { type AppliedOnce, applyMerged, exitCodeOfJob } from '../../../../src/app/ci/apply-merged.ts';
import type { MergedPlan } from '../../../../src/app/ci/merged-plans.ts';
import { Failure, type FailureCode } from '../../../../src/core/failure.ts';

const plan = (
  id: string,
  state: MergedPlan['state'] = 'waiting',
  code: FailureCode = 'approval_expired',
): MergedPlan => ({
  folder: { path: `plans/${id}`, id, plans: 'plans' },
  id,
  state,
  refusal: state === 'refused' ? new Failure(code, 'no') : null,
  isInterrupted: false,
  wasStale: false,
  commit: id,
});

/** Runs the plans; each ends with the exit code that its id begins with. */
async function run(...plans: readonly MergedPlan[]) {
  const tried: string[] = [];
  const told: string[] = [];
  const applies = await applyMerged(plans, {
    applyOne: async ({ id }): Promise<AppliedOnce> => {
      tried.push(id);
      const exitCode = Number(id[0]);
      const isLocked = id.endsWith('locked');
      return { exitCode, report: null, failure: isLocked ? new Failure('locked', 'another one') : null };
    },
    ended: async ({ plan: { id } }) => void told.push(id),
  });
  return {
    tried,
    told,
    outcomes: applies.map(({ plan: { id }, outcome }) => `${id} ${outcome}`),
    exitCode: exitCodeOfJob(applies),
  };
}

describe('the merged plans of a target', () => {
  test('are applied in order; each is told of', async () => {
    expect(await run(plan('0a'), plan('0b', 'applied'), plan('0c'))).toEqual({
      tried: ['0c'],
      told: ['0a', '0c'],
      outcomes: ['0a superseded', '0c applied'],
      exitCode: 0,
    });
  });

  test.each([
    '3a',
    '4a',
  ])('one that is refused or stale at apply (%s) stops none, and is out of date then', async (id) => {
    expect(await run(plan(id), plan('0b'))).toMatchObject({ tried: [id, '0b'], exitCode: 0 });
    expect(await run(plan('0b'), plan(id))).toMatchObject({ tried: ['0b', id], exitCode: Number(id[0]) });
  });

  test.each([
    '5a',
    '1a',
    '3a locked',
  ])('one that ended half-way, or could not be tried (%s), stops all later ones', async (id) => {
    const ran = await run(plan(id), plan('0b'), plan('0c'));
    expect(ran).toMatchObject({ tried: [id], exitCode: Number(id[0]) });
    expect(ran.outcomes.slice(1)).toEqual(['0b not_reached', '0c not_reached']);
  });

  test('one that is not approved makes the job red until a later one is applied', async () => {
    expect(await run(plan('0a', 'refused'))).toMatchObject({ tried: [], exitCode: 3 });
    expect(await run(plan('0a', 'refused'), plan('0b'))).toMatchObject({ tried: ['0b'], exitCode: 0 });
    expect(await run(plan('0a', 'refused'), plan('0b', 'applied'))).toMatchObject({ tried: [], exitCode: 0 });
  });

  test('nothing merged: nothing to do', async () => {
    expect(await run()).toEqual({ tried: [], told: [], outcomes: [], exitCode: 0 });
  });
});
