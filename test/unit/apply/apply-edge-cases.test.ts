import { expect, test } from '@jest/globals';
import {
  type EngineOptions,
  type EnginePorts,
  type EngineResult,
  runApply,
} from '../../../src/apply/apply.ts';
import { applyReport, dryReport } from '../../../src/apply/build-report.ts';
import { countWrites, parseJournal } from '../../../src/apply/journal-history.ts';
import type { Shop, Step, StepReply } from '../../../src/apply/ports.ts';
import { previewRequests } from '../../../src/apply/preview-requests.ts';
import { viewShop } from '../../../src/apply/shop-view.ts';
import { digestOf } from '../../../src/plan/plan.ts';
import type { Report } from '../../../src/plan/report.ts';
import { edit } from '../../support/simulation/human.ts';
import { newSim, type Sim, startRun } from '../../support/simulation/ports.ts';
import { type Choice, EVERY_KIND, type Scene, SMALL, sceneOf } from '../../support/simulation/scene.ts';
import { addValue, look, type World } from '../../support/simulation/shop.ts';

/** What a person, a shop or a signal can do that the drawn schedules of test/property/apply-simulation.test.ts seldom or never meet. */

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

const withShop = (ports: EnginePorts, shop: Partial<Shop>): EnginePorts => ({
  ...ports,
  shop: { ...ports.shop, ...shop },
});

const again = (sim: Sim, scene: Scene): Promise<EngineResult> =>
  runApply(scene.plan, { ...OPTIONS, written: countWrites(sim.journals.map(parseJournal)) }, startRun(sim));

const refused = (message: string): StepReply => ({ state: 'refused', code: 'INVALID', message });
const unclear: StepReply = { state: 'unclear', code: 'timed_out', message: 'no answer within 30 s' };
const tooMany: StepReply = { state: 'not_sent', code: 'http_429', message: 'too many requests (429)' };

const kinds = (batch: readonly Step[]): readonly string[] => batch.map(({ kind }) => kind);

function reportOf({ plan }: Scene, result: EngineResult): Report {
  return applyReport({
    plan,
    digest: digestOf(plan),
    runs: [],
    approvals: [],
    policy: null,
    tracker: result.tracker,
    converged: result.converged,
    conflicts: result.conflicts,
    refusal: null,
    interruption: result.interruption,
    sentTwice: new Set(),
    concurrentlyEdited: result.concurrentlyEdited,
    advice: [],
  });
}

const roles = (world: World) => world.attributes.get('gsv_roles') ?? { values: [] };

/** What became another thing than the plan saw. */
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
    'the attribute gsv_roles is gone',
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
    'value.gsv_roles.retired: it is another value now',
  ],
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
  const { sim, ports } = start(scene);
  turn(sim.world);
  const result = await runApply(scene.plan, OPTIONS, ports);
  expect([result.ending, sim.sent]).toEqual(['stale', []]);
  const messages = reportOf(scene, result).errors.map(({ message }) => message);
  expect(messages.join('\n')).toContain(said);
});

test('what is not there has no document, and what is no term stands nowhere', () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim } = start(scene);
  const scope = { attributes: [], locales: [], products: [] };
  const now = viewShop(scene.plan, look(sim.world, scene.contract, scope));
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
  const { sim, ports } = start(scene);
  expect(await runApply(scene.plan, OPTIONS, ports)).toMatchObject({ ending: 'done', converged: true });
  expect(sim.world.attributes.get('gsv_category')?.values.map(({ slug }) => slug)).toEqual([
    'field-sales',
    'inside-sales',
  ]);
  expect((await again(sim, scene)).ending).toBe('nothing_to_do');
});

test('deletes are counted and sent sixteen at a time, and a signal lets the next sixteen be', async () => {
  const { values, ...rest } = SMALL('key');
  const retired = Array.from(
    { length: 20 },
    (_, number) => ['gsv_roles', `Retired ${number}`, null] as const,
  );
  const scene = sceneOf({ ...rest, values: [...values, ...retired] });
  const { sim, ports } = start(scene);
  const sent: number[] = [];
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        const replies = await ports.shop.send(batch);
        if (kinds(batch).includes('delete_value')) sent.push(batch.length);
        if (sent.length === 4) sim.isStopping = true;
        return replies;
      },
    }),
  );
  expect(sent).toEqual([4, 4, 4, 4]);
  expect(result.converged).toBe(false);
  expect(roles(sim.world).values.filter(({ name }) => name.startsWith('Retired'))).toHaveLength(4);
  expect(reportOf(scene, result).totals).toMatchObject({ not_attempted: 4, failed: 0, unknown: 0 });
  expect(await again(sim, scene)).toMatchObject({ ending: 'done', converged: true });
});

test('a value that nobody counts is not deleted', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports, sim } = start(scene);
  const result = await runApply(scene.plan, OPTIONS, withShop(ports, { countUsers: async () => [] }));
  expect(result.tracker.of('value.gsv_roles.retired')).toMatchObject({
    outcome: 'skipped',
    because: 'the shop counts no products that have it, not 0',
  });
  expect(roles(sim.world).values.map(({ name }) => name)).toContain('Retired');
});

test('fewer replies than mutations: what nothing is said of is looked at before it is sent again', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = start(scene);
  let isShort = false;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        const replies = await ports.shop.send(batch);
        if (isShort || !kinds(batch).includes('update_product')) return replies;
        isShort = true;
        return replies.slice(0, -1);
      },
    }),
  );
  expect(result).toMatchObject({ ending: 'done', converged: true });
  const states = parseJournal(sim.journals[0] ?? '').flatMap(({ event, state }) =>
    event === 'outcome' ? [state] : [],
  );
  expect(states.filter((state) => state === 'unclear')).toHaveLength(1);
});

test('refused after an unclear reply, and not there: failed, in the words of the refusal', async () => {
  const { ports, scene } = start();
  let sendings = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        if (!kinds(batch).includes('update_product')) return ports.shop.send(batch);
        sendings += 1;
        return batch.map(() => (sendings === 1 ? unclear : refused('Saleor would not')));
      },
    }),
  );
  expect([sendings, result.tracker.of('product.first')]).toMatchObject([
    2,
    { outcome: 'failed', because: 'Saleor would not' },
  ]);
});

test('a value that goes while its label waits to be sent again: failed, since it was sent', async () => {
  const { sim, ports, scene } = start();
  let sendings = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        if (!kinds(batch).includes('translate')) return ports.shop.send(batch);
        sendings += 1;
        const attribute = sim.world.attributes.get('gsv_roles');
        if (attribute !== undefined) attribute.values = [];
        return batch.map(() => tooMany);
      },
    }),
  );
  expect([sendings, result.tracker.of('translation.gsv_roles.data_analyst.en')]).toMatchObject([
    1,
    {
      outcome: 'failed',
      because: 'it needs value.gsv_roles.data_analyst, which the shop does not show',
    },
  ]);
});

test.each([
  ['create_attribute', 'assignment.offering.gsv_verified'],
  ['create_values', 'translation.gsv_roles.data_analyst.en'],
])('%s is confirmed without an id: what needs it waits for the next run, and nothing is sent with an empty one', async (kind, dependent) => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = start(scene);
  const mute = withShop(ports, {
    send: async (batch) => {
      const replies = await ports.shop.send(batch);
      return replies.map((reply, index) =>
        batch[index]?.kind === kind ? { state: 'done' as const, made: [] } : reply,
      );
    },
  });
  const first = await runApply(scene.plan, OPTIONS, mute);
  expect(first.tracker.of(dependent)).toMatchObject({ outcome: 'skipped' });
  const second = await again(sim, scene);
  expect(second).toMatchObject({ ending: 'done', converged: true });
});

test('a product type that goes while an attribute is assigned to it: told by the read-back', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = start(scene);
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        if (!kinds(batch).includes('assign')) return ports.shop.send(batch);
        sim.world.types.clear();
        return batch.map(() => ({ state: 'done' as const, made: [] }));
      },
    }),
  );
  expect(result.converged).toBe(false);
  expect(result.tracker.of('assignment.offering.gsv_verified')).toMatchObject({
    outcome: 'failed',
    because: 'read back: the shop does not show it',
  });
});

test('a signal while a value with a wrong slug is taken back: it is told that it is there, and the next run takes it back', async () => {
  const { sim, ports, scene } = start();
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch) => {
        if (kinds(batch).includes('create_values')) {
          edit(scene, sim.world, 'creates_same_value');
          sim.isStopping = true;
        }
        return ports.shop.send(batch);
      },
    }),
  );
  expect(result.tracker.of('value.gsv_roles.data_analyst').because).toBe(null);
  expect(roles(sim.world).values.map(({ slug }) => slug)).toEqual(['data_analyst', 'data_analyst-2']);
  await again(sim, scene);
  expect(roles(sim.world).values.map(({ slug }) => slug)).toEqual(['data_analyst']);
});

test.each([
  'key',
  'external_reference',
] as const)('naming %s: a rehearsal sends what an apply sends', async (naming) => {
  const scene = sceneOf(EVERY_KIND(naming));
  const { sim, ports } = start(scene);
  const rehearsed = await previewRequests(scene.plan, OPTIONS, ports.shop, ports.clock);
  expect(sim.sent).toEqual([]);
  const sent: Step[][] = [];
  await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: (batch) => {
        sent.push([...batch]);
        return ports.shop.send(batch);
      },
    }),
  );
  const shape = (batches: readonly (readonly Step[])[]) =>
    batches.map((batch) => batch.map(({ kind, refs }) => `${kind} ${refs}`));
  expect(shape(rehearsed)).toEqual(shape(sent));
});

test('a bug that shows while it writes ends the run with a report, and with its words', async () => {
  const { ports, scene } = start();
  const broken = withShop(ports, {
    send: () => {
      throw new RangeError('a bug');
    },
  });
  const result = await runApply(scene.plan, OPTIONS, broken);
  expect(result).toMatchObject({ ending: 'done', interruption: 'internal error: RangeError: a bug' });
  expect(reportOf(scene, result).errors.map(({ code }) => code)).toContain('interrupted');
});

test('an edit of what is not managed while a product is rewritten is told; one of a product that is not, is not', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports } = start(scene);
  const [one, two] = scene.plan.changes.flatMap(({ ref, ids }) =>
    ref.startsWith('product.') ? [ids['product'] ?? ''] : [],
  );
  let looks = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      look: async (scope) => {
        looks += 1;
        const unmanaged = new Map([
          [one ?? '', `renamed ${looks}`],
          [two ?? '', 'as ever'],
        ]);
        return { ...(await ports.shop.look(scope)), unmanaged };
      },
    }),
  );
  expect([looks > 1, result.concurrentlyEdited]).toEqual([true, ['product.first']]);
  const { warnings } = reportOf(scene, result);
  expect(warnings.filter(({ code }) => code === 'possible_overwrite').map(({ ref }) => ref)).toEqual([
    'product.first',
  ]);
});

test('the report of a dry run has every change as planned, and says whether there is any', () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const given = { runs: [], approvals: [], policy: null };
  const { plan } = scene;
  const report = dryReport({ ...given, plan, digest: digestOf(plan) });
  expect(report).toMatchObject({
    mode: 'dry_run',
    converged: false,
    totals: { planned: plan.changes.length },
  });
  expect(report.updated_products.map(({ outcome }) => outcome)).toEqual(['planned', 'planned']);
  expect(dryReport({ ...given, plan: { ...plan, changes: [] }, digest: digestOf(plan) }).converged).toBe(
    true,
  );
});

test('the report of a refused start, and of a dry run that looked, say so', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { ports } = start(scene);
  const result = await runApply(scene.plan, { ...OPTIONS, isDryRun: true }, ports);
  const inputs = {
    plan: scene.plan,
    digest: digestOf(scene.plan),
    runs: [],
    approvals: [],
    policy: null,
    ...result,
    sentTwice: new Set<string>(),
    advice: [],
  };
  expect(applyReport({ ...inputs, refusal: null, isDryRun: true })).toMatchObject({
    mode: 'dry_run',
    totals: { planned: scene.plan.changes.length },
  });
  const refusal = { code: 'locked', message: 'the lock is held', hint: 'Wait.' };
  expect(applyReport({ ...inputs, refusal })).toMatchObject({
    mode: 'apply',
    errors: [{ code: 'locked', ref: 'plan', message: 'the lock is held', hint: 'Wait.' }],
  });
});
