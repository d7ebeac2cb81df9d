import { expect, test } from '@jest/globals';
import { type EnginePorts, runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, startEngine } from '../../support/apply-engine.ts';

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
