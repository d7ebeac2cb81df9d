import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { fileNameFor } from '../../src/approval/approver-name.ts';
import { printPlan } from '../../src/plan/file/print.ts';
import { approvalFile, PLAN, policyBytes, samplePlan } from '../support/approvals.ts';
import { createRepository, type TestRepository } from '../support/git-repository.ts';
import { runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

const MINUTE = 60_000;
const PLAN_FILE = `plans/${PLAN.id}/plan.json`;
const fileOf = (who: string) => `plans/${PLAN.id}/approvals/${fileNameFor(who)}`;

let repo: TestRepository;
beforeEach(() => {
  repo = createRepository(Date.now());
  repo.write('sailplan.policy.json', policyBytes({ approvals: 1 }));
  repo.write('.gitignore', 'x');
  repo.commit('Rules');
});
afterEach(() => repo.remove());

/** `ago`: minutes. */
const decide = (who: string, decision: 'approve' | 'reject', ago: number): void =>
  void repo.write(fileOf(who), approvalFile(who, { decision, atMs: Date.now() - ago * MINUTE }).bytes);
const remove = (path: string): void => unlinkSync(join(repo.folder, path));

/** On a branch: the plan with an approval by Kim. Then `more`, and a merge. */
function merged(more: () => void): void {
  repo.git('switch', '-q', '-c', `pr-${Math.random()}`);
  repo.write(PLAN_FILE, printPlan(samplePlan()));
  decide('Kim', 'approve', 5);
  repo.commit('Plan');
  more();
  const branch = repo.git('branch', '--show-current');
  repo.git('switch', '-q', 'main');
  repo.merge(branch);
}

async function rejections(): Promise<string> {
  const { out } = await runCommand(['verify', PLAN.id, '--json'], repo.folder, process.env);
  const { refusals }: { refusals: readonly { code: string; message: string }[] } = JSON.parse(out);
  return refusals.flatMap(({ code, message }) => (code === 'plan_rejected' ? [message] : [])).join('\n');
}

test.each<[string, () => void]>([
  ['the file is gone', () => remove(fileOf('Lee'))],
  ['an older one replaced it', () => decide('Lee', 'approve', 60)],
])('a rejection on the protected branch blocks although %s', async (words, act) => {
  merged(() => {
    decide('Lee', 'reject', 4);
    repo.commit('No');
  });
  expect(await rejections()).toContain('Lee rejected this plan');
  act();
  repo.commit('Away');
  expect(await rejections()).toContain(words);
  decide('Lee', 'approve', 0);
  repo.commit('Yes');
  expect(await rejections()).toBe('');
});

test('a rejection that a branch lost before its merge blocks too', async () => {
  merged(() => {
    decide('Lee', 'reject', 4);
    repo.commit('No');
    remove(fileOf('Lee'));
    repo.commit('Away');
  });
  expect(await rejections()).toContain('the file is gone');
});

test('a rejection is not hidden behind more versions than are read', async () => {
  merged(() => {
    decide('Lee', 'reject', 4);
    repo.commit('No');
    const many = Array.from({ length: 200 }, (_, index) => `plans/${PLAN.id}/approvals/${index}.json`);
    for (const file of many) repo.write(file, file);
    repo.commit('Many');
    for (const file of [...many, fileOf('Lee')]) remove(file);
    repo.commit('Away');
  });
  const { code, err } = await runCommand(['verify', PLAN.id], repo.folder, process.env);
  expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('at most 200 are read') });
});

test('a plan that was removed and merged again has no decisions from before', async () => {
  merged(() => {
    decide('Lee', 'reject', 4);
    repo.commit('No');
  });
  repo.git('rm', '-rq', `plans/${PLAN.id}`);
  repo.commit('Plan removed');
  merged(() => undefined);
  expect(await rejections()).toBe('');
});

test('a branch that removes the plan and adds it again without the rejection does not get rid of it', async () => {
  merged(() => {
    decide('Lee', 'reject', 4);
    repo.commit('No');
  });
  repo.git('switch', '-q', '-c', 'again');
  repo.git('rm', '-rq', `plans/${PLAN.id}`);
  repo.commit('Plan removed');
  repo.write(PLAN_FILE, printPlan(samplePlan()));
  decide('Kim', 'approve', 1);
  repo.commit('Plan');
  repo.git('switch', '-q', 'main');
  repo.merge('again');
  expect(await rejections()).toContain('the file is gone');
});
