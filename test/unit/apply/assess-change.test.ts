import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, reportOf, startEngine } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';
import type { World } from '../../support/simulation/simulated-shop.ts';

/** Fields that are neither as the plan saw them nor as it wants them. */
const TURNED: readonly (readonly [string, (world: World) => void, string])[] = [
  [
    'a set that someone edited',
    (world) => {
      const attribute = world.attributes.get('gsv_roles');
      const product = [...world.products.values()][0];
      const retired = attribute?.values.find(({ name }) => name === 'Retired');
      product?.attributes.set(attribute?.id ?? '', [retired?.id ?? '']);
    },
    'product.first, attributes.gsv_roles: planned from {} to {data_analyst}, but the shop shows {retired}',
  ],
  [
    'a text that someone edited',
    (world) => void [...world.products.values()][0]?.metadata.set('outcome_tagline', 'By hand'),
    'product.first, metadata.outcome_tagline: planned from nothing to "One", but the shop shows "By hand"',
  ],
  [
    'an attribute that someone made under another name',
    (world) =>
      void world.attributes.set('gsv_verified', {
        id: 'Attribute:hand',
        slug: 'gsv_verified',
        name: 'By hand',
        input_type: 'BOOLEAN',
        values: [],
      }),
    'but the shop shows {"name":"By hand","input_type":"BOOLEAN"}',
  ],
];

test.each(TURNED)('%s: nothing is written, and the report says what it is now', async (_, turn, said) => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = startEngine(scene);
  turn(sim.world);
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect([result.ending, sim.sent]).toEqual(['stale', []]);
  const messages = reportOf(scene, result).errors.map(({ message }) => message);
  expect(messages.join('\n')).toContain(said);
});
