import { expect, test } from '@jest/globals';
import { type EngineOptions, type EnginePorts, runApply } from '../../../src/apply/apply.ts';
import { applyReport } from '../../../src/apply/build-report.ts';
import { countWrites, parseJournal, refsSentTwice } from '../../../src/apply/journal-history.ts';
import type { JournalEntry, Step } from '../../../src/apply/ports.ts';
import { digestOf } from '../../../src/plan/plan.ts';
import { type Edit, edit } from '../../support/simulation/human.ts';
import { newSim, type Sim, startRun } from '../../support/simulation/ports.ts';
import { EVERY_KIND, type Scene, SMALL, sceneOf } from '../../support/simulation/scene.ts';

const OPTIONS: EngineOptions = {
  onConflict: 'stop',
  parallel: 1,
  isDryRun: false,
  isSpent: false,
  written: new Map(),
};

function start(scene: Scene = sceneOf(SMALL('key'))): { sim: Sim; ports: EnginePorts; scene: Scene } {
  const sim = newSim(scene, [], () => 0);
  return { sim, ports: startRun(sim), scene };
}

const outcomes = ({ plan }: Scene, result: Awaited<ReturnType<typeof runApply>>) =>
  Object.fromEntries(plan.changes.map(({ ref }) => [ref, result.tracker.of(ref).outcome]));

test('a dry run looks and writes nothing, and a spent plan with something pending writes nothing', async () => {
  for (const [options, ending] of [
    [{ ...OPTIONS, isDryRun: true }, 'dry_run'],
    [{ ...OPTIONS, isSpent: true }, 'spent'],
  ] as const) {
    const { sim, ports, scene } = start();
    expect(await runApply(scene.plan, options, ports)).toMatchObject({ ending, converged: false });
    expect([sim.sent, sim.journals]).toEqual([[], ['']]);
  }
});

test.each<[Edit, string]>([
  ['edits_planned_field', 'product.first'],
  ['deletes_product', 'product.first'],
  ['moves_product', 'product.first'],
])('%s before the run: nothing is written, and %s is named', async (name, ref) => {
  const { sim, ports, scene } = start();
  expect(edit(scene, sim.world, name)).toBe(true);
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect(result).toMatchObject({ ending: 'stale', converged: false });
  expect(result.conflicts.map((one) => one.ref)).toEqual([ref]);
  expect(sim.sent).toEqual([]);
});

test('with skip, what does not conflict is written all the same', async () => {
  const { sim, ports, scene } = start();
  edit(scene, sim.world, 'edits_planned_field');
  const result = await runApply(scene.plan, { ...OPTIONS, onConflict: 'skip' }, ports);
  expect(result).toMatchObject({ ending: 'done', converged: false });
  expect(outcomes(scene, result)).toEqual({
    'value.gsv_roles.data_analyst': 'applied',
    'translation.gsv_roles.data_analyst.en': 'applied',
    'product.first': 'skipped',
  });
});

test('a value that a product needs and that is gone is a conflict, not a crash', async () => {
  const scene = sceneOf(EVERY_KIND('external_reference'));
  const { sim, ports } = start(scene);
  const roles = sim.world.attributes.get('gsv_roles');
  if (roles !== undefined) roles.values = [];
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect(result.ending).toBe('stale');
  expect(result.conflicts.length).toBeGreaterThan(0);
});

test('a shop that answers too slowly to be looked at and written in time ends the run with a reason', async () => {
  const { sim, ports, scene } = start();
  const slow: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      look: async (scope) => {
        const seen = await ports.shop.look(scope);
        sim.nowMs += 6_000;
        return seen;
      },
    },
  };
  const result = await runApply(scene.plan, OPTIONS, slow);
  expect(result).toMatchObject({ ending: 'done', converged: false });
  expect(result.interruption).toMatch(/^looking at 4 products took \d/);
  expect(result.tracker.of('product.first').outcome).toBe('not_attempted');
});

test('the reply that never comes, five times: unknown, never failed', async () => {
  const { sim, ports, scene } = start();
  const deaf: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch) =>
        batch.some(({ kind }) => kind === 'update_product')
          ? batch.map(() => ({
              state: 'unclear' as const,
              code: 'timed_out',
              message: 'no answer within 30 s',
            }))
          : ports.shop.send(batch),
    },
  };
  const result = await runApply(scene.plan, OPTIONS, deaf);
  expect(result.tracker.of('product.first')).toMatchObject({
    outcome: 'unknown',
    because: expect.stringMatching(/^no answer/),
  });
  const runs = sim.journals.map(parseJournal);
  expect([...refsSentTwice(runs)]).toEqual(['product.first']);
  const report = applyReport({
    plan: scene.plan,
    digest: digestOf(scene.plan),
    runs: [],
    approvals: [],
    policy: null,
    tracker: result.tracker,
    converged: result.converged,
    conflicts: result.conflicts,
    refusal: null,
    interruption: result.interruption,
    sentTwice: refsSentTwice(runs),
    concurrentlyEdited: result.concurrentlyEdited,
    advice: [],
  });
  expect(report.warnings.filter(({ code }) => code === 'sent_twice').map(({ ref }) => ref)).toEqual([
    'product.first',
  ]);
  expect(report.errors.map(({ code, ref }) => `${code} ${ref}`)).toContain('change_unknown product.first');
});

test('429 five times: failed, and said to be sent in vain', async () => {
  const { ports, scene } = start();
  const busy: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch) =>
        batch.map(() => ({
          state: 'not_sent' as const,
          code: 'http_429',
          message: 'too many requests (429)',
        })),
    },
  };
  const result = await runApply(scene.plan, OPTIONS, busy);
  expect(outcomes(scene, result)).toEqual({
    'value.gsv_roles.data_analyst': 'failed',
    'translation.gsv_roles.data_analyst.en': 'skipped',
    'product.first': 'skipped',
  });
});

test('a value with the wrong slug that cannot be deleted is deleted by the next run', async () => {
  const { sim, ports, scene } = start();
  // Right before the create someone takes the slug, and the delete that follows gets no answer.
  const unlucky: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch: readonly Step[]) => {
        if (batch.some(({ kind }) => kind === 'create_values')) edit(scene, sim.world, 'creates_same_value');
        if (batch.some(({ kind }) => kind === 'delete_value'))
          return batch.map(() => ({
            state: 'unclear' as const,
            code: 'connection_lost',
            message: 'connection lost',
          }));
        return ports.shop.send(batch);
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

const at = '2026-11-23T00:00:00.000Z';
const entry = (event: JournalEntry['event'], kind: string, ref: string, state?: string): JournalEntry => ({
  at,
  event,
  kind,
  refs: [ref],
  ...(state === undefined ? {} : { state }),
});

test('what a journal says was written: done and unclear, not what was refused, never left, or was taken back', () => {
  const sent = (kind: string, ref: string, state?: string): JournalEntry[] => [
    entry('intent', kind, ref),
    ...(state === undefined ? [] : [entry('outcome', kind, ref, state)]),
  ];
  const entries = [
    ...sent('update_product', 'product.done', 'done'),
    ...sent('update_product', 'product.unclear', 'unclear'),
    ...sent('update_product', 'product.killed'),
    ...sent('update_product', 'product.refused', 'refused'),
    ...sent('update_product', 'product.busy', 'not_sent'),
    ...sent('create_values', 'value.gsv_roles.back', 'done'),
    ...sent('delete_value', 'value.gsv_roles.back', 'done'),
    ...sent('delete_value', 'value.gsv_roles.gone', 'done'),
    entry('outcome', 'translate', 'translation.gsv_roles.orphan.en', 'done'),
  ];
  expect([...countWrites([entries]).keys()]).toEqual([
    'product.done',
    'product.unclear',
    'product.killed',
    'value.gsv_roles.gone',
  ]);
  expect(parseJournal(`${JSON.stringify(entries[0])}\n{"at":"2026\n\n7\n`)).toEqual([entries[0]]);
});
