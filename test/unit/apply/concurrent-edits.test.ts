import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, reportOf, startEngine, withShop } from '../../support/apply-engine.ts';
import { EVERY_KIND, sceneOf } from '../../support/simulation/scene.ts';

test('an edit of what is not managed while a product is rewritten is told; one of a product that is not, is not', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports } = startEngine(scene);
  const [one, two] = scene.plan.changes.flatMap(({ ref, ids }) =>
    ref.startsWith('product.') ? [ids['product'] ?? ''] : [],
  );
  let looks = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      read: async (scope) => {
        looks += 1;
        const unmanaged = new Map([
          [one ?? '', `renamed ${looks}`],
          [two ?? '', 'as ever'],
        ]);
        return { ...(await ports.shop.read(scope)), unmanaged };
      },
    }),
  );
  expect([looks > 1, result.concurrentlyEdited]).toEqual([true, ['product.first']]);
  const { warnings } = reportOf(scene, result);
  expect(warnings.filter(({ code }) => code === 'possible_overwrite').map(({ ref }) => ref)).toEqual([
    'product.first',
  ]);
});
