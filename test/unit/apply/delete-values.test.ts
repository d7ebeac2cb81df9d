import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import {
  applyAgain,
  kindsOf,
  OPTIONS,
  reportOf,
  rolesOf,
  startEngine,
  withShop,
} from '../../support/apply-engine.ts';
import { EVERY_KIND, SMALL, sceneOf } from '../../support/simulation/scene.ts';

test('deletes are counted and sent sixteen at a time, and a signal lets the next sixteen be', async () => {
  const { values, ...rest } = SMALL('key');
  const retired = Array.from(
    { length: 20 },
    (_, number) => ['gsv_roles', `Retired ${number}`, null] as const,
  );
  const scene = sceneOf({ ...rest, values: [...values, ...retired] });
  const { sim, ports } = startEngine(scene);
  const sent: number[] = [];
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        const replies = await ports.shop.send(batch, budget);
        if (kindsOf(batch).includes('delete_value')) sent.push(batch.length);
        if (sent.length === 4) sim.isStopping = true;
        return replies;
      },
    }),
  );
  expect(sent).toEqual([4, 4, 4, 4]);
  expect(result.converged).toBe(false);
  expect(rolesOf(sim.world).values.filter(({ name }) => name.startsWith('Retired'))).toHaveLength(4);
  expect(reportOf(scene, result).totals).toMatchObject({ not_attempted: 4, failed: 0, unknown: 0 });
  expect(await applyAgain(sim, scene)).toMatchObject({ ending: 'done', converged: true });
});

test('a value that nobody counts is not deleted', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports, sim } = startEngine(scene);
  const result = await runApply(scene.plan, OPTIONS, withShop(ports, { countUsers: async () => [] }));
  expect(result.tracker.of('value.gsv_roles.retired')).toMatchObject({
    outcome: 'skipped',
    because: 'the shop did not return the number of products, variants and pages with this value',
  });
  expect(rolesOf(sim.world).values.map(({ name }) => name)).toContain('Retired');
});
