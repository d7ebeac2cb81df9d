import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { archiveEvidence } from '../../../src/app/archive-evidence.ts';
import { readArchives } from '../../../src/app/audit-archives.ts';
import { archiveFinished, archiveStarted } from '../../../src/app/store/archive-file.ts';
import { printJson, printPlan } from '../../../src/plan/file/print.ts';
import { digestOf, idOf } from '../../../src/plan/plan.ts';
import type { Report } from '../../../src/plan/report.ts';
import { callsOf } from '../../support/count-calls.ts';
import { recordedPlan } from '../../support/recorded-plan.ts';

jest.setTimeout(120_000);
const RECORDED = recordedPlan();
const [ARCHIVED = ''] = readdirSync('plans').filter((name) => /^[0-9a-f]{16}$/.test(name));
const REPORT: Report = JSON.parse(readFileSync(join('plans', ARCHIVED, 'report.json'), 'utf8'));

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'sailplan-archives-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** Some plans in the folder; the archive lists the applies of each, of which every one kept its report. */
async function write(plans: number, appliesEach: number): Promise<void> {
  for (let index = 0; index < plans; index += 1) {
    const plan = { ...RECORDED, source: { ...RECORDED.source, page_type: `catalog.Page${index}` } };
    const digest = digestOf(plan);
    const apply = { plan, id: idOf(digest), digest, approvals: [], policy: null };
    const folder = join(out, apply.id);
    mkdirSync(folder);
    writeFileSync(join(folder, 'plan.json'), printPlan(plan));
    for (let number = 1; number <= appliesEach; number += 1) {
      const now = new Date().toISOString();
      const runs = [{ number, started_at: now, finished_at: now, requests: 8, applied: 10 }];
      const report: Report = {
        ...REPORT,
        plan: { id: apply.id, digest },
        target: plan.target,
        policy: null,
        runs,
      };
      await archiveStarted(out, apply, undefined);
      await archiveFinished(out, apply, report, undefined);
      const run = join(folder, 'runs', String(number));
      mkdirSync(run, { recursive: true });
      for (const path of [join(run, 'report.json'), join(folder, 'report.json')])
        writeFileSync(path, printJson(report));
      writeFileSync(join(run, 'journal.jsonl'), '{}\n');
    }
  }
}

/** Calls of all functions while the archives of the folder are checked, and of one. */
async function workOf(plans: number, appliesEach: number): Promise<{ all: number; reads: number }> {
  rmSync(out, { recursive: true });
  mkdirSync(out);
  await write(plans, appliesEach);
  const calls = await callsOf(async () => {
    const archives = await readArchives(out, null);
    expect(archives).toMatchObject([{ problem: null, lines: { length: plans * appliesEach * 2 } }]);
    const known = { head: undefined, hasSigners: false };
    expect((await archiveEvidence(out, archives, known)).missing).toEqual([]);
  });
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  return { all, reads: calls.get('files.ts readBytes') ?? 0 };
}

test('checking an archive costs as much for each line however many lines, applies of a plan and plans it has', async () => {
  await workOf(1, 1);
  const [one, two, four] = [await workOf(2, 8), await workOf(2, 16), await workOf(2, 32)];
  // One more apply costs the same from 8 to 16 as from 16 to 32.
  expect((four.all - two.all) / (2 * (two.all - one.all))).toBeLessThan(1.05);
  expect(four.reads - two.reads).toBe(2 * (two.reads - one.reads));
  const [some, more, most] = [await workOf(2, 4), await workOf(4, 4), await workOf(8, 4)];
  expect((most.all - more.all) / (2 * (more.all - some.all))).toBeLessThan(1.05);
  expect(most.reads - more.reads).toBe(2 * (more.reads - some.reads));
});
