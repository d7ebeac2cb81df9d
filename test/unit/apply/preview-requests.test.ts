import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import type { Step } from '../../../src/apply/ports.ts';
import { previewRequests } from '../../../src/apply/preview-requests.ts';
import { OPTIONS, startEngine, withShop } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

test.each([
  'key',
  'external_reference',
] as const)('naming %s: a rehearsal sends what an apply sends', async (naming) => {
  const scene = sceneOf(EVERY_KIND(naming));
  const { sim, ports } = startEngine(scene);
  const rehearsed = await previewRequests(scene.plan, OPTIONS, ports.shop, ports.clock);
  expect(sim.sent).toEqual([]);
  const sent: Step[][] = [];
  await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: (batch, budget) => {
        sent.push([...batch]);
        return ports.shop.send(batch, budget);
      },
    }),
  );
  const shape = (batches: readonly (readonly Step[])[]) =>
    batches.map((batch) => batch.map(({ kind, refs }) => `${kind} ${refs}`));
  expect(shape(rehearsed)).toEqual(shape(sent));
});
