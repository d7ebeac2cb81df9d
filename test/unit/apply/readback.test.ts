import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { kindsOf, OPTIONS, startEngine, withShop } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

test('a product type that goes while an attribute is assigned to it: told by the read-back', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = startEngine(scene);
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (!kindsOf(batch).includes('assign')) return ports.shop.send(batch, budget);
        sim.world.types.clear();
        return batch.map(() => ({ state: 'done' as const, made: [] }));
      },
    }),
  );
  expect(result.converged).toBe(false);
  expect(result.tracker.of('assignment.offering.gsv_verified')).toMatchObject({
    outcome: 'failed',
    because: 'read back: the shop does not show it',
  });
});
