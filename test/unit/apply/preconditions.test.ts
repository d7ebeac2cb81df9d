import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { applyAgain, kindsOf, OPTIONS, startEngine, tooMany, withShop } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

test('a value that a product needs and that is gone is a conflict, not a crash', async () => {
  const scene = sceneOf(EVERY_KIND('external_reference'));
  const { sim, ports } = startEngine(scene);
  const roles = sim.world.attributes.get('gsv_roles');
  if (roles !== undefined) roles.values = [];
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect(result.ending).toBe('stale');
  expect(result.conflicts.length).toBeGreaterThan(0);
});

test('a value that goes while its label waits to be sent again: failed, since it was sent', async () => {
  const { sim, ports, scene } = startEngine();
  let sendings = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (!kindsOf(batch).includes('translate')) return ports.shop.send(batch, budget);
        sendings += 1;
        const attribute = sim.world.attributes.get('gsv_roles');
        if (attribute !== undefined) attribute.values = [];
        return batch.map(() => tooMany);
      },
    }),
  );
  expect([sendings, result.tracker.of('translation.gsv_roles.data_analyst.en')]).toMatchObject([
    1,
    {
      outcome: 'failed',
      because: 'it needs value.gsv_roles.data_analyst, which the shop does not show',
    },
  ]);
});

test.each([
  ['create_attribute', 'assignment.offering.gsv_verified'],
  ['create_values', 'translation.gsv_roles.data_analyst.en'],
])('%s is confirmed without an id: what needs it waits for the next run, and nothing is sent with an empty one', async (kind, dependent) => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = startEngine(scene);
  const mute = withShop(ports, {
    send: async (batch, budget) => {
      const replies = await ports.shop.send(batch, budget);
      return replies.map((reply, index) =>
        batch[index]?.kind === kind ? { state: 'done' as const, made: [] } : reply,
      );
    },
  });
  const first = await runApply(scene.plan, OPTIONS, mute);
  expect(first.tracker.of(dependent)).toMatchObject({ outcome: 'skipped' });
  const second = await applyAgain(sim, scene);
  expect(second).toMatchObject({ ending: 'done', converged: true });
});
