import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { applyReport, dryReport } from '../../../src/apply/build-report.ts';
import { digestOf } from '../../../src/plan/plan.ts';
import { OPTIONS, startEngine } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

const CALL = { command: 'sync', flags: { strict: true } };

test('the report of a dry run has every change as planned, and says whether there is any', () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const given = { call: CALL, exitCode: 0, skippedByFlags: null };
  const { plan } = scene;
  const report = dryReport({ ...given, plan });
  expect(report).toMatchObject({
    format: 'sailplan-report',
    format_version: '1.0',
    ...CALL,
    exit_code: 0,
    mode: 'dry_run',
    plan: null,
    converged: false,
    totals: { planned: plan.changes.length },
  });
  expect(report.updated_products.map(({ outcome }) => outcome)).toEqual(['planned', 'planned']);
  expect(dryReport({ ...given, plan: { ...plan, changes: [] } }).converged).toBe(true);
});

test('the report of a refused start, and of a dry run that looked, say so', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports } = startEngine(scene);
  const result = await runApply(scene.plan, { ...OPTIONS, isDryRun: true }, ports);
  const inputs = {
    call: CALL,
    exitCode: 0,
    plan: scene.plan,
    digest: digestOf(scene.plan),
    runs: [],
    approvals: [],
    policy: null,
    ...result,
    sentTwice: new Set<string>(),
    advice: [],
  };
  expect(applyReport({ ...inputs, refusal: null, isDryRun: true })).toMatchObject({
    mode: 'dry_run',
    totals: { planned: scene.plan.changes.length },
  });
  const refusal = { code: 'locked', message: 'the lock is held', hint: 'Wait.' };
  expect(applyReport({ ...inputs, refusal })).toMatchObject({
    mode: 'apply',
    errors: [{ code: 'locked', ref: 'plan', message: 'the lock is held', hint: 'Wait.' }],
  });
});
