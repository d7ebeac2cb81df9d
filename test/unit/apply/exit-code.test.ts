import { expect, test } from '@jest/globals';
import { type EngineResult, exitCodeOf, runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, startEngine } from '../../support/apply-engine.ts';

test('a dry run exits with 0, or with 4 where the shop changed since the plan', async () => {
  const { ports, scene } = startEngine();
  const result: EngineResult = await runApply(scene.plan, { ...OPTIONS, isDryRun: true }, ports);
  expect([result.ending, exitCodeOf(result)]).toEqual(['dry_run', 0]);
  const conflict = { ref: 'product.first', field: 'metadata', planned_from: null, now: '5', planned_to: '4' };
  expect(exitCodeOf({ ...result, conflicts: [{ ...conflict, because: null }] })).toBe(4);
});
