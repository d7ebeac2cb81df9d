import { expect, test } from '@jest/globals';
import { compare } from '../../../src/plan/compare-plans.ts';
import { applied, planOf } from '../../support/applied-plans.ts';
import { EVERY_KIND } from '../../support/simulation/scene.ts';

test('two plans of the same product are compared field by field', async () => {
  const { scene } = await applied(EVERY_KIND('key'));
  const other = planOf(scene, scene.world, {
    desired: {
      ...scene.desired,
      offerings: scene.desired.offerings.map((one) => ({
        ...one,
        fields: { ...one.fields, card_tagline: 'Another' },
      })),
    },
  });
  expect(compare(scene.plan, other).fields).toEqual([
    { ref: 'product.first', fields: ['metadata.outcome_tagline'] },
    { ref: 'product.second', fields: ['metadata.outcome_tagline'] },
  ]);
  expect(compare(scene.plan, scene.plan)).toMatchObject({ left: [], right: [], fields: [], members: [] });
});
