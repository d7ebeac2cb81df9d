import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { replanProposal } from '../../../../src/app/ci/replan-proposal.ts';
import type { Planned } from '../../../../src/app/plan-request.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import { type Plan, planIdentity } from '../../../../src/plan/plan.ts';
import { samplePlan, TARGET } from '../../../support/approvals.ts';
import { createRepository, type TestRepository } from '../../../support/git-repository.ts';
import { MADE } from '../../../support/sample-plan.ts';

let repo: TestRepository;
beforeEach(() => {
  repo = createRepository(Date.now());
  repo.commit('First');
  repo.git('switch', '-q', '-c', 'pr');
});
afterEach(() => repo.remove());

const add = (plan: Plan): void =>
  void repo.write(`plans/${planIdentity(plan).id}/plan.json`, printPlan(plan));

/** Plans the branch again; `reads` counts how often both sides were read. */
async function replanned() {
  repo.commit('Plans');
  let reads = 0;
  const places = { config: null, folder: repo.folder, given: {}, targetName: null };
  const found = await replanProposal({
    workspace: {
      out: join(repo.folder, 'plans'),
      contract: samplePlan().contract,
      contractPath: null,
      configPath: null,
      policyPath: join(repo.folder, 'sailplan.policy.json'),
      policyUse: 'default',
      places: { ...places, given: { policy: undefined, contract: undefined, out: undefined } },
    },
    base: 'main',
    head: 'pr',
    target: TARGET,
    replan: async (plan): Promise<Planned> => {
      reads += 1;
      return { plan: samplePlan(TARGET, plan.options), provenance: MADE, notes: [], skippedByFlags: 0 };
    },
  });
  return { reads, results: found.map(({ result }) => result), found };
}

const excluding = (count: number): Plan[] =>
  Array.from({ length: count }, (_, index) =>
    samplePlan(TARGET, {
      adopt: index % 2 === 1,
      sync_attributes: index % 4 > 1,
      create_attributes: index > 3,
    }),
  );

test('plans with the same options are compared with one reading of both sides', async () => {
  add(samplePlan());
  add(samplePlan({ ...TARGET, name: 'other' }));
  add(samplePlan());
  const { reads, results } = await replanned();
  expect({ reads, results: results.sort() }).toEqual({ reads: 1, results: ['other_target', 'same'] });
});

test('a request with many kinds of options is not planned again without end', async () => {
  for (const plan of excluding(8)) add(plan);
  const { reads, found } = await replanned();
  expect(reads).toBe(5);
  const refused = found.filter(({ result }) => result === 'unreadable');
  expect(refused.map(({ detail }) => detail)).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining('more than 5 kinds of options')),
  );
});

test('a request with very many plans is looked at up to a number, and refused', async () => {
  for (let index = 0; index < 60; index += 1)
    repo.write(`plans/${index.toString(16).padStart(16, '0')}/plan.json`, '{}\n');
  const { reads, found } = await replanned();
  expect([reads, found.length]).toEqual([0, 51]);
  expect(found.at(-1)).toMatchObject({
    result: 'unreadable',
    detail: expect.stringContaining('more than 50 plans'),
  });
});
