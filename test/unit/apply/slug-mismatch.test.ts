import { expect, test } from '@jest/globals';
import { type EnginePorts, runApply } from '../../../src/apply/apply.ts';
import { countWrites, parseJournal } from '../../../src/apply/journal-history.ts';
import type { Step } from '../../../src/apply/ports.ts';
import type { RetryBudget } from '../../../src/core/retry-policy.ts';
import {
  applyAgain,
  kindsOf,
  OPTIONS,
  rolesOf,
  startEngine,
  unclear,
  withShop,
} from '../../support/apply-engine.ts';
import { startRun } from '../../support/simulation/faulty-ports.ts';
import { edit } from '../../support/simulation/human-edits.ts';

test('a signal while a value with a wrong slug is taken back: it is told that it is there, and the next run takes it back', async () => {
  const { sim, ports, scene } = startEngine();
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (kindsOf(batch).includes('create_values')) {
          edit(scene, sim.world, 'creates_same_value');
          sim.isStopping = true;
        }
        return ports.shop.send(batch, budget);
      },
    }),
  );
  expect(result.tracker.of('value.gsv_roles.data_analyst').because).toBe(null);
  expect(rolesOf(sim.world).values.map(({ slug }) => slug)).toEqual(['data_analyst', 'data_analyst-2']);
  await applyAgain(sim, scene);
  expect(rolesOf(sim.world).values.map(({ slug }) => slug)).toEqual(['data_analyst']);
});

test('a value with the wrong slug that cannot be deleted is deleted by the next run', async () => {
  const { sim, ports, scene } = startEngine();
  // Right before the create someone takes the slug, and the delete that follows gets no answer.
  const unlucky: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch: readonly Step[], budget: RetryBudget) => {
        if (batch.some(({ kind }) => kind === 'create_values')) edit(scene, sim.world, 'creates_same_value');
        if (batch.some(({ kind }) => kind === 'delete_value'))
          return batch.map(() => ({
            state: 'unclear' as const,
            code: 'connection_lost',
            message: 'connection lost',
          }));
        return ports.shop.send(batch, budget);
      },
    },
  };
  const first = await runApply(scene.plan, OPTIONS, unlucky);
  expect(first.converged).toBe(false);
  const names = () => sim.world.attributes.get('gsv_roles')?.values.map(({ slug }) => slug);
  expect(names()).toEqual(['data_analyst', 'data_analyst-2']);
  const written = countWrites(sim.journals.map(parseJournal));
  const second = await runApply(scene.plan, { ...OPTIONS, written }, startRun(sim));
  expect(second).toMatchObject({ ending: 'done', converged: true });
  expect(names()).toEqual(['data_analyst']);
  expect(second.tracker.of('value.gsv_roles.data_analyst').outcome).toBe('already');
});

test('a value with the wrong slug whose create had no reply is deleted by the same run', async () => {
  const { sim, ports, scene } = startEngine();
  const muted = withShop(ports, {
    send: async (batch, budget) => {
      if (!kindsOf(batch).includes('create_values')) return ports.shop.send(batch, budget);
      edit(scene, sim.world, 'creates_same_value');
      await ports.shop.send(batch, budget);
      return batch.map(() => unclear);
    },
  });
  const result = await runApply(scene.plan, OPTIONS, muted);
  expect(rolesOf(sim.world).values.map(({ slug }) => slug)).toEqual(['data_analyst']);
  expect(sim.sent.flatMap(({ kind }) => (kind === 'delete_value' ? [kind] : []))).toHaveLength(1);
  expect(result.tracker.of('value.gsv_roles.data_analyst').outcome).toBe('already');
});
