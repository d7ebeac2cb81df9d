import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { applyAgain, OPTIONS, startEngine } from '../../support/apply-engine.ts';
import { type Choice, EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

/** A shop whose names are keys under mode external_reference: each rename gives another slug. */
const RENAMES: Choice = {
  ...EVERY_KIND('external_reference'),
  categories: [
    { key: 'field_sales', label: 'Field sales' },
    { key: 'inside_sales', label: 'Inside sales' },
  ],
  values: [
    ['gsv_category', 'field_sales', 'gsv_category.field_sales'],
    ['gsv_category', 'inside_sales', 'gsv_category.inside_sales'],
    ['gsv_roles', 'founder', 'gsv_roles.founder'],
  ],
  offerings: EVERY_KIND('external_reference').offerings.map((one) => ({
    ...one,
    fields: { ...one.fields, category: 'field_sales', roles: ['founder'] },
  })),
  products: {
    first: { roles: [], category: 'field_sales', verified: null, metadata: {} },
    second: { roles: ['founder'], category: null, verified: null, metadata: { cp_offering_id: 'off_2' } },
  },
  verified: 'assigned',
};

test('values that are renamed under their products: the products that are written next are read with the new slugs', async () => {
  const scene = sceneOf(RENAMES);
  const { sim, ports } = startEngine(scene);
  expect(await runApply(scene.plan, OPTIONS, ports)).toMatchObject({ ending: 'done', converged: true });
  expect(sim.world.attributes.get('gsv_category')?.values.map(({ slug }) => slug)).toEqual([
    'field-sales',
    'inside-sales',
  ]);
  expect((await applyAgain(sim, scene)).ending).toBe('nothing_to_do');
});
