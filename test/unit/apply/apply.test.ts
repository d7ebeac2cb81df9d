import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, outcomesOf, reportOf, startEngine, withShop } from '../../support/apply-engine.ts';
import { type Edit, edit } from '../../support/simulation/human-edits.ts';

test('a dry run looks and writes nothing, and an applied plan with something pending writes nothing', async () => {
  for (const [options, ending] of [
    [{ ...OPTIONS, isDryRun: true }, 'dry_run'],
    [{ ...OPTIONS, isApplied: true }, 'applied_before'],
  ] as const) {
    const { sim, ports, scene } = startEngine();
    expect(await runApply(scene.plan, options, ports)).toMatchObject({ ending, converged: false });
    expect([sim.sent, sim.journals]).toEqual([[], ['']]);
  }
});

test.each<[Edit, string]>([
  ['edits_planned_field', 'product.first'],
  ['deletes_product', 'product.first'],
  ['moves_product', 'product.first'],
])('%s before the run: nothing is written, and %s is named', async (name, ref) => {
  const { sim, ports, scene } = startEngine();
  expect(edit(scene, sim.world, name)).toBe(true);
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect(result).toMatchObject({ ending: 'stale', converged: false });
  expect(result.conflicts.map((one) => one.ref)).toEqual([ref]);
  expect(sim.sent).toEqual([]);
});

test('with skip, what does not conflict is written all the same', async () => {
  const { sim, ports, scene } = startEngine();
  edit(scene, sim.world, 'edits_planned_field');
  const result = await runApply(scene.plan, { ...OPTIONS, onConflict: 'skip' }, ports);
  expect(result).toMatchObject({ ending: 'done', converged: false });
  expect(outcomesOf(scene, result)).toEqual({
    'value.gsv_roles.data_analyst': 'applied',
    'translation.gsv_roles.data_analyst.en': 'applied',
    'product.first': 'skipped',
  });
});

test('a bug that shows while it writes ends the run with a report, and with its words', async () => {
  const { ports, scene } = startEngine();
  const broken = withShop(ports, {
    send: () => {
      throw new RangeError('a bug');
    },
  });
  const result = await runApply(scene.plan, OPTIONS, broken);
  expect(result).toMatchObject({
    ending: 'done',
    interruption: { code: 'interrupted', message: 'internal error: RangeError: a bug' },
  });
  expect(reportOf(scene, result).errors.map(({ code }) => code)).toContain('interrupted');
});
