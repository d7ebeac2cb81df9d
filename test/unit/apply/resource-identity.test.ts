import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, reportOf, startEngine } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';
import { addValue, type World } from '../../support/simulation/simulated-shop.ts';

/** Resources that are no longer those that the plan saw. */
const TURNED: readonly (readonly [string, (world: World) => void, string])[] = [
  [
    'a product of another type',
    (world) => {
      for (const product of world.products.values()) product.type = 'gift-card';
    },
    'product.first: its product type is now gift-card',
  ],
  [
    'an attribute that is gone',
    (world) => void world.attributes.delete('gsv_roles'),
    'the attribute gsv_roles no longer exists',
  ],
  [
    'an attribute of another input type',
    (world) => {
      const attribute = world.attributes.get('gsv_roles');
      if (attribute !== undefined) attribute.input_type = 'DROPDOWN';
    },
    'the attribute gsv_roles is now a DROPDOWN',
  ],
  [
    'a value to delete that was made anew',
    (world) => {
      const attribute = world.attributes.get('gsv_roles');
      if (attribute === undefined) return;
      attribute.values = attribute.values.filter(({ name }) => name !== 'Retired');
      addValue(world, attribute, 'Retired', null, 'human');
    },
    'value.gsv_roles.retired: it is a different value now',
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
