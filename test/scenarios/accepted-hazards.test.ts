import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { printPlan } from '../../src/plan/file/print.ts';
import { PLAN, policyBytes, samplePlan } from '../support/approvals.ts';
import { createRepository, type TestRepository } from '../support/git-repository.ts';
import { runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

/** Mode merge with a hazard that must be accepted by name: what `verify` suggests, typed as printed, is enough. */
const RULES = {
  mode: 'merge',
  merge: { ref: 'refs/heads/main', squash: 'refuse' },
  hazards: { must_be_accepted: ['renames_value'] },
};
const ACCEPT = `plans/${PLAN.id}/accept.json`;
let repo: TestRepository;

beforeEach(() => {
  repo = createRepository(Date.now() - 120_000);
  repo.write('sailplan.policy.json', policyBytes(RULES));
  repo.commit('Rules');
  repo.git('config', 'user.email', 'kim@example.com');
  repo.git('switch', '-q', '-c', 'plan');
  repo.write(`plans/${PLAN.id}/plan.json`, printPlan(samplePlan()));
  repo.commit('Plan');
});
afterEach(() => repo.remove());

const sailplan = (...words: readonly string[]) => runCommand(words, repo.folder, process.env);

interface Refusal {
  readonly code: string;
  readonly hint: string;
}

/** The sample plan has a contract of its own, which these tests do not give. */
async function refusals(): Promise<readonly Refusal[]> {
  const said: { refusals: readonly Refusal[] } = JSON.parse(
    (await sailplan('verify', PLAN.id, '--json')).out,
  );
  return said.refusals.filter(({ code }) => code !== 'contract_differs');
}

/** Types the command that a hint names. */
async function typed(hint: string): Promise<string> {
  const command = /sailplan (approve \S+ --accept \S+)$/.exec(hint)?.[1];
  if (command === undefined) throw new Error(`no command in: ${hint}`);
  const { code, out, err } = await sailplan(...command.split(' '), '--yes');
  expect([code, err]).toEqual([0, '']);
  return out;
}

function merged(branch: string): void {
  repo.git('switch', '-q', 'main');
  repo.merge(branch, Date.now());
}

test('accepted on the branch of the plan, before it is merged', async () => {
  const out = await typed(`sailplan approve ${PLAN.id} --accept renames_value`);
  expect(out).toContain(ACCEPT);
  repo.commit('Accept');
  merged('plan');
  expect(await refusals()).toEqual([]);
});

test('a plan that was merged without it: the suggested command, on a branch, and one more merge', async () => {
  merged('plan');
  const [refusal] = await refusals();
  expect(refusal?.code).toBe('hazard_not_accepted');
  repo.git('switch', '-q', '-c', 'accept');
  await typed(refusal?.hint ?? '');
  repo.commit('Accept after all', Date.now());
  expect(await refusals()).not.toEqual([]);
  merged('accept');
  expect(await refusals()).toEqual([]);
});

test('what was accepted before stays, once', async () => {
  await typed(`sailplan approve ${PLAN.id} --accept bulk_change`);
  await typed(`sailplan approve ${PLAN.id} --accept renames_value,bulk_change`);
  expect(JSON.parse(readFileSync(join(repo.folder, ACCEPT), 'utf8'))).toMatchObject({
    accepted_hazards: ['bulk_change', 'renames_value'],
  });
});

test('a file of another plan is refused, and neither it nor an approval is written', async () => {
  const other = JSON.stringify({
    format: 'sailplan-accept',
    format_version: '1.0',
    plan_digest: 'ab'.repeat(32),
    accepted_hazards: [],
  });
  repo.write(ACCEPT, other);
  const { code, err } = await sailplan('approve', PLAN.id, '--accept', 'renames_value', '--yes');
  expect([code, err]).toEqual([3, expect.stringContaining('it is for the plan with the digest abab')]);
  expect(readFileSync(join(repo.folder, ACCEPT), 'utf8')).toBe(other);
  expect(repo.git('status', '--porcelain')).toBe(`?? ${ACCEPT}`);
});

test('a rejection, and a policy of another mode, leave the file alone', async () => {
  await sailplan('approve', PLAN.id, '--accept', 'renames_value', '--reject', '--yes');
  repo.write('sailplan.policy.json', policyBytes({ approvals: 1 }));
  await sailplan('approve', PLAN.id, '--accept', 'renames_value', '--yes');
  expect(repo.git('status', '--porcelain', '-uall')).not.toContain('accept.json');
});
