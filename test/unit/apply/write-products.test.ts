import { expect, test } from '@jest/globals';
import { type EnginePorts, runApply } from '../../../src/apply/apply.ts';
import { kindsOf, OPTIONS, startEngine, withShop } from '../../support/apply-engine.ts';
import { MANY_PRODUCTS, sceneOf } from '../../support/simulation/scene.ts';

test('a shop that answers too slowly to be looked at and written in time ends the run with a reason', async () => {
  const { sim, ports, scene } = startEngine();
  const slow: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      read: async (scope) => {
        const seen = await ports.shop.read(scope);
        sim.nowMs += 6_000;
        return seen;
      },
    },
  };
  const result = await runApply(scene.plan, OPTIONS, slow);
  expect(result).toMatchObject({ ending: 'done', converged: false });
  expect(result.interruption?.message).toMatch(/^looking at 4 products took \d/);
  expect(result.tracker.of('product.first').outcome).toBe('not_attempted');
});

test('the next wave is read while the last requests of the one before are in flight, and no earlier', async () => {
  const scene = sceneOf(MANY_PRODUCTS('key', 105));
  const { ports } = startEngine(scene);
  /** Products with a reply, when a read of products alone began. */
  const reads: number[] = [];
  let replied = 0;
  const result = await runApply(
    scene.plan,
    { ...OPTIONS, parallel: 4 },
    withShop(ports, {
      read: async (scope) => {
        if (scope.attributes.length === 0) reads.push(replied);
        return ports.shop.read(scope);
      },
      send: async (batch, budget) => {
        // So that they do not all end at one time.
        for (let turn = 0; turn < (replied % 8) * 10; turn += 1) await Promise.resolve();
        const replies = await ports.shop.send(batch, budget);
        replied += kindsOf(batch).filter((kind) => kind === 'update_product').length;
        return replies;
      },
    }),
  );
  expect(result).toMatchObject({ ending: 'done', converged: true });
  expect(reads).toHaveLength(1);
  // Of a hundred, two in each request.
  expect(reads[0]).toBeLessThan(100);
  expect(reads[0]).toBeGreaterThanOrEqual(100 - 4 * 2);
});
