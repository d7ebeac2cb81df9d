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
          [one ?? '', new Map([['name', `renamed ${looks}`]])],
          [two ?? '', new Map([['name', 'as ever']])],
        ]);
        return { ...(await ports.shop.read(scope)), unmanaged };
      },
    }),
  );
  expect([looks > 1, result.concurrentlyEdited.map(({ ref }) => ref)]).toEqual([true, ['product.first']]);
  const { warnings } = reportOf(scene, result);
  expect(warnings.filter(({ code }) => code === 'possible_overwrite').map(({ ref }) => ref)).toEqual([
    'product.first',
  ]);
  expect(warnings.find(({ code }) => code === 'possible_overwrite')?.message).toMatch(
    /somebody changed name from "renamed \d" to "renamed \d"$/,
  );
});

test('an edit before the last read ahead of the write is none of that moment', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports } = startEngine(scene);
  const [one = ''] = scene.plan.changes.flatMap(({ ref, ids }) =>
    ref.startsWith('product.') ? [ids['product'] ?? ''] : [],
  );
  let isWritten = false;
  let looks = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (batch.some(({ kind }) => kind === 'update_product')) isWritten = true;
        // The first read outdates before the products' turn.
        else await ports.clock.sleep(3_000);
        return ports.shop.send(batch, budget);
      },
      read: async (scope) => {
        if (!isWritten) looks += 1;
        return {
          ...(await ports.shop.read(scope)),
          unmanaged: new Map([[one, new Map([['name', `renamed ${looks}`]])]]),
        };
      },
    }),
  );
  expect([looks > 1, result.concurrentlyEdited]).toEqual([true, []]);
});
