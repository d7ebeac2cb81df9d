import { expect, test } from '@jest/globals';
import { viewShop } from '../../../src/apply/shop-view.ts';
import { startEngine } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';
import { readWorld } from '../../support/simulation/simulated-shop.ts';

test('what is not there has no document, and what is no term stands nowhere', () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim } = startEngine(scene);
  const scope = { attributes: [], locales: [], products: [] };
  const now = viewShop(scene.plan, readWorld(sim.world, scene.contract, scope));
  for (const change of scene.plan.changes)
    expect([change.ref, now.document(change)]).toEqual([change.ref, null]);
  const [product] = scene.plan.changes.filter(({ ref }) => ref.startsWith('product.'));
  const [value] = scene.plan.changes.filter(
    ({ ref, action }) => ref.startsWith('value.') && action === 'create',
  );
  if (product === undefined || value === undefined) throw new Error('no such change');
  expect(now.termMatch(product)).toBeNull();
  expect(now.termMatch(value)).toEqual({ kind: 'missing' });
  const provenance = { taxonomy: 'roles', key: 'nobody', label: 'Nobody' };
  expect(now.termMatch({ ...value, provenance })).toBeNull();
});
