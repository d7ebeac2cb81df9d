import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { listPlans } from '../../../src/app/list-plans.ts';
import { archiveFinished, archiveStarted, openArchivesOnce } from '../../../src/app/store/archive-file.ts';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { printPlan } from '../../../src/plan/file/print.ts';
import { digestOf, idOf, type Plan } from '../../../src/plan/plan.ts';
import type { Report } from '../../../src/plan/report.ts';
import { callsOf } from '../../support/count-calls.ts';
import { createRepository } from '../../support/git-repository.ts';
import { recordedPlan } from '../../support/recorded-plan.ts';

jest.setTimeout(60_000);
const RECORDED = recordedPlan();
let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'sailplan-plans-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** With the policy of a folder. */
const workspaceIn = (folder: string) => ({
  ...workspace(),
  policyPath: join(folder, 'sailplan.policy.json'),
});

const workspace = () => ({
  out,
  contract: GTM_V1,
  contractPath: null,
  configPath: null,
  policyPath: join(out, 'sailplan.policy.json'),
  policyUse: 'default' as const,
  places: {
    config: null,
    folder: null,
    given: { policy: undefined, contract: undefined, out: undefined },
    targetName: null,
  },
});

/** A plan in the folder, another one for each number; `isApplied`: the archive lists its apply. */
async function write(number: number, isApplied: boolean): Promise<Plan> {
  const plan: Plan = { ...RECORDED, source: { ...RECORDED.source, page_type: `catalog.Page${number}` } };
  const digest = digestOf(plan);
  mkdirSync(join(out, idOf(digest)));
  writeFileSync(join(out, idOf(digest), 'plan.json'), printPlan(plan));
  if (!isApplied) return plan;
  const apply = { plan, id: idOf(digest), digest, approvals: [], policy: null };
  await archiveStarted(out, apply, undefined);
  await archiveFinished(out, apply, { converged: true } as Report, undefined);
  return plan;
}

test('each line of an archive is read once, however many plans there are', async () => {
  for (const number of [1, 2, 3, 4, 5, 6]) await write(number, true);
  const read = await callsOf(async () => {
    expect((await listPlans(workspace(), undefined)).map(({ state }) => state)).toEqual(
      Array(6).fill('applied'),
    );
  });
  expect(read.get('hash-chain.ts parseLine')).toBe(12);
});

test('a plan that was applied is not rebuilt, any other one is', async () => {
  for (const number of [1, 2, 3]) await write(number, true);
  await write(4, false);
  const rows: string[] = [];
  const calls = await callsOf(async () => {
    rows.push(...(await listPlans(workspace(), undefined)).map(({ state }) => state));
  });
  expect(rows.sort().slice(0, 3)).toEqual(['applied', 'applied', 'applied']);
  expect(calls.get('integrity.ts differingMembers')).toBe(1);
  // Without a policy hazards are needed only to rebuild.
  expect(calls.get('hazards.ts hazardsOf')).toBe(1);
});

test('a plan whose content was changed after its apply is not listed as applied', async () => {
  const plan = await write(2, true);
  const altered = { ...plan, changes: plan.changes.slice(1) };
  writeFileSync(join(out, idOf(digestOf(plan)), 'plan.json'), printPlan(altered));
  const [row] = await listPlans(workspace(), undefined);
  expect(row).toMatchObject({ state: 'broken', detail: expect.stringContaining('the plan was altered') });
});

test('a command reads an archive once, also one that is altered; the next command reads it again', async () => {
  const plan = await write(1, true);
  const { target } = plan;
  const [first, second] = [openArchivesOnce(), openArchivesOnce()];
  expect(first(out, target).lastLine(digestOf(plan))?.result).toBe('converged');
  const [file = ''] = readdirSync(join(out, 'archive'));
  const path = join(out, 'archive', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"sequence":2', '"sequence":3'));
  expect(first(out, target).lastLine(digestOf(plan))?.result).toBe('converged');
  expect(() => second(out, target)).toThrow('the archive was altered');
  rmSync(path);
  expect(() => second(out, target)).toThrow('the archive was altered');
});

test('a plan with more approval files than people could write is refused before they are read', async () => {
  const plan = await write(1, false);
  const approvals = join(out, idOf(digestOf(plan)), 'approvals');
  mkdirSync(approvals);
  const detailOf = async () => (await listPlans(workspace(), undefined))[0]?.detail ?? '';
  for (let number = 0; number < 33; number += 1)
    writeFileSync(join(approvals, `${number}.json`), Buffer.alloc(1024 * 1024, 32));
  expect(await detailOf()).toContain('approvals has more than 32 MiB in its files');
  for (let number = 0; number < 1_001; number += 1) writeFileSync(join(approvals, `${number}.json`), '{}');
  expect(await detailOf()).toContain('approvals has 1001 files: at most 1000 are read');
});

test('git runs as often for five plans as for two', async () => {
  const repo = createRepository(Date.parse('2026-05-04T10:00:00Z'));
  const bin = mkdtempSync(join(tmpdir(), 'sailplan-git-'));
  const log = join(bin, 'runs');
  const real = execFileSync('which', ['git']).toString().trim();
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho run >> ${log}\nexec ${real} "$@"\n`, { mode: 0o755 });
  const path = process.env['PATH'];
  try {
    repo.write(
      'sailplan.policy.json',
      '{"format":"sailplan-policy","format_version":"1.0","default":{"approvals":1}}',
    );
    repo.commit('policy');
    rmSync(out, { recursive: true });
    out = join(repo.folder, 'plans');
    const runs = async (): Promise<number> => {
      repo.commit('plans');
      process.env['PATH'] = `${bin}:${path}`;
      writeFileSync(log, '');
      const states = (await listPlans(workspaceIn(repo.folder), undefined)).map(({ state }) => state);
      process.env['PATH'] = path;
      expect(new Set(states)).toEqual(new Set(['open']));
      return readFileSync(log, 'utf8').split('\n').length - 1;
    };
    mkdirSync(out);
    for (const number of [1, 2]) await write(number, false);
    const few = await runs();
    for (const number of [3, 4, 5]) await write(number, false);
    expect(await runs()).toBe(few);
    expect(few).toBeGreaterThan(0);
  } finally {
    process.env['PATH'] = path;
    repo.remove();
    rmSync(bin, { recursive: true, force: true });
  }
});
