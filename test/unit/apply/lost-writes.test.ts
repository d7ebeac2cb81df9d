import { expect, test } from '@jest/globals';
import { type EngineResult, runApply } from '../../../src/apply/apply.ts';
import { OPTIONS, startEngine, unclear, withShop } from '../../support/apply-engine.ts';
import { edit } from '../../support/simulation/human-edits.ts';
import { EVERY_KIND, type Scene, SMALL, sceneOf } from '../../support/simulation/scene.ts';
import type { World } from '../../support/simulation/simulated-shop.ts';

interface Crash {
  readonly scene: Scene;
  /** Which request the shop crashes at: it answers nothing, and forgets the request before it too. */
  readonly at: number;
  /** What happens once the shop is back. */
  readonly afterwards?: (world: World) => void;
}

/** An apply on a shop that had confirmed a request before it was on disk. `sent`: number of requests. */
async function applied({ scene, at, afterwards = () => undefined }: Crash) {
  const { sim, ports } = startEngine(scene);
  let before = structuredClone(sim.world);
  let sent = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        sent += 1;
        if (sent === at) {
          Object.assign(sim, { world: structuredClone(before) });
          afterwards(sim.world);
          return batch.map(() => unclear);
        }
        before = structuredClone(sim.world);
        return ports.shop.send(batch, budget);
      },
    }),
  );
  return { result, sent, world: sim.world };
}

const failed = ({ tracker }: EngineResult, { plan }: Scene) =>
  plan.changes.filter(({ ref }) => !tracker.isPresent(ref)).map(({ ref }) => [ref, tracker.of(ref).because]);

test.each([
  'key',
  'external_reference',
] as const)('a shop that crashes at any moment and forgets what it had confirmed: one apply converges (%s)', async (naming) => {
  const scene = sceneOf(EVERY_KIND(naming));
  const { sent: most } = await applied({ scene, at: Number.POSITIVE_INFINITY });
  expect(most).toBeGreaterThan(5);
  for (let at = 1; at <= most; at += 1) {
    const { result } = await applied({ scene, at });
    expect([at, failed(result, scene), result.converged]).toEqual([at, [], true]);
  }
});

test('what somebody wrote there since is not overwritten', async () => {
  const scene = sceneOf(SMALL('key'));
  const { sent: last } = await applied({ scene, at: Number.POSITIVE_INFINITY });
  const { result } = await applied({
    scene,
    at: last + 1,
    afterwards: (world) => void edit(scene, world, 'edits_planned_field'),
  });
  // Nothing crashed: the last request is before that moment.
  expect(result.converged).toBe(true);
  const crashed = await applied({
    scene,
    at: last,
    afterwards: (world) => void edit(scene, world, 'edits_planned_field'),
  });
  expect(crashed.result.converged).toBe(false);
  expect(crashed.result.tracker.of('product.first').because).toMatch(/another value|changed during the run/);
});

test('without a crash, a confirmed write that the shop does not show is told and not sent again', async () => {
  const scene = sceneOf(SMALL('key'));
  const { sim, ports } = startEngine(scene);
  let sent = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (!batch.some(({ kind }) => kind === 'update_product')) return ports.shop.send(batch, budget);
        sent += 1;
        return batch.map(() => ({ state: 'done' as const, made: [] }));
      },
    }),
  );
  expect([sent, result.converged, sim.world.products.size]).toEqual([1, false, scene.world.products.size]);
  expect(result.tracker.of('product.first')).toMatchObject({
    outcome: 'failed',
    because: expect.stringContaining('read back: the shop still shows the old value'),
  });
});
