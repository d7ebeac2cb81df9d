import { describe, expect, test } from '@jest/globals';
import { type EngineResult, runApply } from '../../../src/apply/apply.ts';
import { applyReport } from '../../../src/apply/build-report.ts';
import type { Contract } from '../../../src/contract/contract.ts';
import type { Actual } from '../../../src/core/actual-state.ts';
import type { Desired, ResourceDocument } from '../../../src/core/desired-state.ts';
import type { Json, JsonObject } from '../../../src/core/json/json-value.ts';
import { type Change, DEFAULT_OPTIONS, type Exclusion, type Options } from '../../../src/diff/model.ts';
import { localesOf } from '../../../src/diff/translation-changes.ts';
import { compare } from '../../../src/plan/compare-plans.ts';
import { convergedState } from '../../../src/plan/converged-state.ts';
import { messageOf } from '../../../src/plan/diagnostic-messages.ts';
import { causesOf } from '../../../src/plan/drift-causes.ts';
import { integrityOf, integrityWarnings } from '../../../src/plan/file/integrity.ts';
import { printPlan } from '../../../src/plan/file/print.ts';
import stripUnknown from '../../../src/plan/generated/strip-unknown.js';
import { build, digestOf, idOf, type Plan } from '../../../src/plan/plan.ts';
import { parsePlanMetadata } from '../../../src/plan/plan-metadata.ts';
import type { Outcome, Report } from '../../../src/plan/report.ts';
import { permissionsFor } from '../../../src/plan/required-permissions.ts';
import { revertOf } from '../../../src/plan/revert/revert-targets.ts';
import { newSim, startRun } from '../../support/simulation/faulty-ports.ts';
import { type Choice, EVERY_KIND, type Scene, sceneOf } from '../../support/simulation/scene.ts';
import { addValue, readWorld, type World } from '../../support/simulation/simulated-shop.ts';

/** Plans of plans: what an applied one left, who moved since, and what can be put back; all in memory. */

const OPTIONS: Options = {
  ...DEFAULT_OPTIONS,
  create_missing: true,
  sync_attributes: true,
  create_attributes: true,
  adopt: true,
  prune_values: true,
};

function lookAt({ contract, desired }: Scene, world: World, counted = true): Actual {
  const scope = {
    attributes: contract.attributes.map(({ slug }) => slug),
    locales: localesOf({ contract, desired }),
    products: [...world.products.keys()],
  };
  return readWorld(world, contract, scope, counted);
}

function planOf(
  scene: Scene,
  world: World,
  {
    options = {},
    desired = scene.desired,
    contract = scene.contract,
  }: Partial<{
    options: Partial<Options>;
    desired: Desired;
    contract: Contract;
  }> = {},
): Plan {
  return build({
    contract,
    options: { ...OPTIONS, ...options },
    registry: null,
    desired,
    actual: lookAt(scene, world),
    completeness: ['attributes', 'products'],
  });
}

async function applied(choice: Choice): Promise<{ scene: Scene; world: World; report: Report }> {
  const scene = sceneOf(choice);
  const sim = newSim(scene, [], () => 0);
  const options = {
    onConflict: 'stop',
    parallel: 1,
    isDryRun: false,
    isSpent: false,
    written: new Map(),
  } as const;
  const result = await runApply(scene.plan, options, startRun(sim));
  expect(result.converged).toBe(true);
  return { scene, world: sim.world, report: reportOf(scene, result) };
}

const reportOf = ({ plan }: Scene, result: EngineResult): Report =>
  applyReport({
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

/** The inverse plan of these runs against the shop as it is now, as `sailplan revert` makes it. */
function inverse(
  { plan, desired, contract }: Scene,
  report: Report,
  actual: Actual,
  documents?: Readonly<Record<string, ResourceDocument>>,
): Plan {
  const reverted = revertOf(plan, report, actual);
  return build({
    contract,
    options: DEFAULT_OPTIONS,
    registry: null,
    desired: {
      source: { ...plan.source, kind: 'report' },
      taxonomies: desired.taxonomies,
      offerings: [],
      problems: reverted.problems,
      reverts: { plan: digestOf(plan), documents: documents ?? reverted.documents },
    },
    actual,
    completeness: [],
  });
}

/** ref → why it stays. */
function kept({ diagnostics }: Plan): Readonly<Record<string, string>> {
  for (const problem of diagnostics) expect(messageOf(problem)).not.toMatch(/undefined|\[object/);
  return Object.fromEntries(
    diagnostics
      .filter(({ code }) => code === 'not_revertible')
      .map(({ ref, data }) => [ref, [data['because'], data['field']].flatMap((one) => one ?? []).join(' ')]),
  );
}

const told = ({ diagnostics }: Plan, code: string): readonly string[] =>
  diagnostics
    .filter((one) => one.code === code)
    .map(({ ref, data }) => `${ref} ${data['field'] ?? ''}`.trimEnd());

const refs = ({ changes }: Plan): readonly string[] => changes.map(({ ref, action }) => `${action} ${ref}`);

const rolesIn = (world: World) => {
  const roles = world.attributes.get('gsv_roles');
  if (roles === undefined) throw new Error('no roles');
  return roles;
};

const first = (world: World) => {
  const [product] = world.products.values();
  if (product === undefined) throw new Error('no product');
  return product;
};

describe('an inverse plan', () => {
  test('takes back what Saleor can undo, and says of the rest why it stays', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    const plan = inverse(scene, report, lookAt(scene, world));
    expect(refs(plan)).toEqual([
      'update value.gsv_roles.founder',
      'update product.first',
      'update product.second',
      'delete assignment.offering.gsv_verified',
      'delete value.gsv_roles.data_analyst',
    ]);
    expect(kept(plan)).toMatchObject({
      'attribute.gsv_verified': 'attribute',
      'value.gsv_roles.retired': 'deleted',
    });
  });

  test('leaves what failed, was found or was never sent, and names what is uncertain', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    const outcomes: readonly Outcome[] = ['failed', 'unknown', 'already', 'skipped'];
    const changed = report.outcomes.map((one, index) => ({
      ...one,
      outcome: outcomes[index % 4] ?? 'failed',
    }));
    const plan = inverse(scene, { ...report, outcomes: changed }, lookAt(scene, world));
    expect(refs(plan)).toEqual([]);
    expect(told(plan, 'revert_uncertain')).toHaveLength(
      changed.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown').length,
    );
  });

  test('leaves a product that is another one now, and a value that someone made in place of ours', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    first(world).type = 'gift-card';
    const roles = rolesIn(world);
    roles.values = roles.values.filter(({ name }) => name !== 'data_analyst');
    addValue(world, roles, 'data_analyst', null, 'human');
    const plan = inverse(scene, report, lookAt(scene, world));
    expect(told(plan, 'changed_since')).toEqual(
      expect.arrayContaining(['product.first', 'value.gsv_roles.data_analyst']),
    );
    expect(refs(plan)).not.toContain('update product.first');
  });

  test('deletes no value that was not counted or that someone uses', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    expect(kept(inverse(scene, report, lookAt(scene, world, false)))).toMatchObject({
      'value.gsv_roles.data_analyst': 'not_counted',
    });
    const value = rolesIn(world).values.find(({ name }) => name === 'data_analyst');
    const last = [...world.products.values()].at(-1);
    last?.attributes.set(rolesIn(world).id, [value?.id ?? '']);
    const used = inverse(scene, report, lookAt(scene, world));
    expect(kept(used)).toMatchObject({ 'value.gsv_roles.data_analyst': 'in_use' });
    expect(used.diagnostics.map(messageOf).join('\n')).toContain(
      '1 product has it that this plan does not take it from',
    );
  });

  test('puts nothing back that has no place any more', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    const now = lookAt(scene, world);
    const { documents } = revertOf(scene.plan, report, now);
    const wanted = {
      ...documents,
      'attribute.gsv_verified': { name: 'Verified', input_type: 'BOOLEAN' },
      'translation.gsv_roles.founder.en': null,
      'product.gone': { attributes: {}, metadata: {} },
      'product.second': {
        attributes: { gsv_category: 'nobody', gsv_roles: { founder: true }, gsv_verified: true },
        metadata: {},
      },
      'value.gsv_roles.founder': { name: 'Grounder', slug: 'founder' },
      'value.gsv_category.sales': { name: 'Sales', slug: 'trade' },
      'value.gsv_roles.nobody': null,
      'translation.gsv_roles.data_analyst.en': null,
    };
    for (const type of world.types.values()) type.attributes.delete('gsv_verified');
    first(world).attributes.clear();
    const plan = inverse(scene, report, lookAt(scene, world), wanted);
    expect(kept(plan)).toMatchObject({
      'attribute.gsv_verified': 'kind',
      'product.gone': 'gone',
      'product.second': 'value_gone attributes.gsv_category',
      'value.gsv_roles.founder': 'slug',
      'value.gsv_category.sales': 'slug',
      'translation.gsv_roles.data_analyst.en': 'kind',
    });
  });

  test('leaves the attribute of a product whose type has it no more', async () => {
    const { scene, world, report } = await applied(EVERY_KIND('key'));
    for (const type of world.types.values()) type.attributes.delete('gsv_category');
    const documents = {
      'product.first': {
        attributes: { gsv_category: null, gsv_roles: {}, gsv_verified: true },
        metadata: {},
      },
    };
    expect(kept(inverse(scene, report, lookAt(scene, world), documents))).toMatchObject({
      'product.first': 'not_assigned attributes.gsv_category',
    });
  });

  test('in mode external_reference the old name comes back with whatever slug Saleor makes of it', async () => {
    const { scene, world, report } = await applied({
      ...EVERY_KIND('external_reference'),
      values: [
        ['gsv_category', 'Sales', 'gsv_category.sales'],
        ['gsv_roles', 'Data annalist', 'gsv_roles.data_analyst'],
        ['gsv_roles', 'Founder', 'gsv_roles.founder'],
      ],
      products: {
        first: { roles: [], category: 'Sales', verified: null, metadata: {} },
        second: { roles: ['Founder'], category: 'Sales', verified: true, metadata: {} },
      },
    });
    const plan = inverse(scene, report, lookAt(scene, world));
    expect(refs(plan)).toContain('update value.gsv_roles.data_analyst');
  });
});

test('a name whose slug nobody can foretell is put back and told, wherever Saleor put it', async () => {
  const choice = EVERY_KIND('external_reference');
  const { scene, world, report } = await applied({
    ...choice,
    roles: [
      { key: 'data_analyst', label: 'Données' },
      { key: 'founder', label: 'Founder' },
    ],
    values: [
      ['gsv_category', 'Sales', 'gsv_category.sales'],
      ['gsv_roles', 'Data', 'gsv_roles.data_analyst'],
      ['gsv_roles', 'founder', 'gsv_roles.founder'],
    ],
  });
  const renamed = scene.plan.changes.find(({ ref }) => ref === 'value.gsv_roles.data_analyst');
  expect(Object.keys(renamed?.after ?? {})).toEqual(['external_reference', 'name']);
  const plan = inverse(scene, report, lookAt(scene, world));
  expect(refs(plan)).toContain('update value.gsv_roles.data_analyst');
  const gone = structuredClone(world);
  rolesIn(gone).values = [];
  expect(told(inverse(scene, report, lookAt(scene, gone)), 'changed_since')).toContain(
    'value.gsv_roles.data_analyst',
  );
  rolesIn(world).values[0]?.translations.clear();
  const value = rolesIn(world).values.find(({ reference }) => reference === 'gsv_roles.data_analyst');
  if (value !== undefined) value.name = 'By hand';
  const causes = causesOf(planOf(scene, world), [scene.plan]);
  expect(causes['value.gsv_roles.data_analyst']).toMatchObject({ name: 'saleor_edited' });
});

describe('a plan file', () => {
  const { plan } = sceneOf(EVERY_KIND('key'));
  const [digest, text] = [digestOf(plan), printPlan(plan)];
  const codes = (one: Plan, written = text, folderId: string | null = null) =>
    integrityWarnings(
      {
        plan: one,
        format: one.format_version === '1.9' ? 'newer' : 'current',
        integrity: integrityOf(one, written),
      },
      folderId,
    ).map(({ code }) => code);

  test('is not doubted as it was written, and is in a folder of another name or of a newer version', () => {
    expect(codes(plan, text, idOf(digest))).toEqual([]);
    expect(codes(plan, text, '0'.repeat(16))).toEqual(['folder_differs']);
    expect(codes({ ...plan, format_version: '1.9' })).toEqual(['newer_format']);
  });

  test('that cannot be built again is as altered as one that comes out different', () => {
    const broken = { ...plan, desired: { ...plan.desired, offerings: [{}] } } as unknown as Plan;
    expect(codes(broken, 'x')).toEqual(['printed_otherwise', 'not_rebuilt']);
  });
});

describe('an inverse plan, applied', () => {
  test.each([
    'key',
    'external_reference',
  ] as const)('naming %s: gives products and values back', async (naming) => {
    const choice = EVERY_KIND(naming);
    const { scene, world, report } = await applied({
      ...choice,
      values: [...choice.values, ...(naming === 'key' ? [] : [['gsv_roles', 'Data analyst', null] as const])],
    });
    const before = lookAt(scene, scene.world);
    const plan = inverse(scene, report, lookAt(scene, world));
    expect(convergedState(plan).isInLine('product.first', 'metadata.outcome_tagline')).toBe(true);
    expect(convergedState(plan).isInLine('product.other', 'metadata.outcome_tagline')).toBe(false);
    expect(permissionsFor(plan.changes)).toContain('MANAGE_PRODUCTS');
    const back = { ...scene, plan, world };
    const sim = newSim(back, [], () => 0);
    const options = {
      onConflict: 'stop',
      parallel: 1,
      isDryRun: false,
      isSpent: false,
      written: new Map(),
    } as const;
    expect(await runApply(plan, options, startRun(sim))).toMatchObject({ ending: 'done', converged: true });
    const after = lookAt(scene, sim.world);
    const roles = ({ attributes }: Actual) =>
      Object.entries(attributes['gsv_roles']?.values ?? {}).map(([slug, { reference }]) => [slug, reference]);
    expect(roles(after)).toEqual(roles(before).filter(([slug]) => slug !== 'retired'));
    for (const [slug, { document }] of Object.entries(before.products)) {
      const { gsv_verified: _, ...attributes } = document.attributes;
      expect(after.products[slug]?.document).toMatchObject({ attributes, metadata: document.metadata });
    }
  });

  test('a label that had another one gets it back, and one that had none stays', async () => {
    const scene = sceneOf({
      ...EVERY_KIND('key'),
      values: [...EVERY_KIND('key').values, ['gsv_roles', 'data_analyst', 'gsv_roles.data_analyst']],
    });
    for (const [label, expected] of [
      ['Analyst of data', { ref: 'translation.gsv_roles.data_analyst.en', kept: undefined }],
      [null, { ref: undefined, kept: 'translation' }],
    ] as const) {
      const world = structuredClone(scene.world);
      const value = rolesIn(world).values.find(({ name }) => name === 'data_analyst');
      if (label !== null) value?.translations.set('en', label);
      const planned = { ...scene, world, plan: planOf(scene, world) };
      const sim = newSim(planned, [], () => 0);
      const options = {
        onConflict: 'stop',
        parallel: 1,
        isDryRun: false,
        isSpent: false,
        written: new Map(),
      } as const;
      const result = await runApply(planned.plan, options, startRun(sim));
      const plan = inverse(planned, reportOf(planned, result), lookAt(scene, sim.world));
      expect(plan.changes.find(({ ref }) => ref.startsWith('translation.'))?.ref).toBe(expected.ref);
      expect(kept(plan)['translation.gsv_roles.data_analyst.en']).toBe(expected.kept);
    }
  });
});

describe('what a plan left', () => {
  const hold = (ref: string, field: string | null): Exclusion => ({ ref, field, reason: 'asked for' });

  test('is what it made, what it found, and nothing of what it did not touch', async () => {
    const { scene } = await applied(EVERY_KIND('key'));
    const left = convergedState(scene.plan);
    expect(left.isInLine('attribute.gsv_verified', '')).toBe(true);
    expect(left.isInLine('assignment.offering.gsv_verified', '')).toBe(true);
    expect(left.isInLine('attribute.unknown', '')).toBe(false);
    expect(left.isInLine('value.unknown.key', '')).toBe(false);
    expect(left.isInLine('value.gsv_roles.data_analyst', 'name')).toBe(true);
    expect(left.isInLine('value.gsv_roles.stranger', 'name')).toBe(true);
    expect(left.isInLine('translation.gsv_roles.data_analyst.en', 'name')).toBe(true);
    expect(left.isInLine('translation.gsv_roles.stranger.en', 'name')).toBe(true);
    // No label was wanted in that language: it could not be read, so nothing is said of it.
    expect(left.isInLine('translation.gsv_roles.founder.fr', 'name')).toBe(false);
    expect(left.document('product.nobody')).toBeNull();
    expect(left.document('value.unknown.key')).toBeNull();
    expect(left.document('attribute.gsv_roles')).toEqual({ name: 'Roles', input_type: 'MULTISELECT' });
    expect(left.document('attribute.unknown')).toBeNull();
  });

  test('leaves out what was held back, whole or field by field, and what was not compared at all', async () => {
    const { scene } = await applied(EVERY_KIND('key'));
    const { world } = scene;
    const whole = convergedState(
      planOf(scene, world, { options: { exclude: [hold('value.gsv_roles.data_analyst', null)] } }),
    );
    expect(whole.isInLine('value.gsv_roles.data_analyst', 'name')).toBe(false);
    const field = convergedState(
      planOf(scene, world, { options: { exclude: [hold('product.first', 'metadata.outcome_tagline')] } }),
    );
    expect(field.isInLine('product.first', 'metadata.outcome_tagline')).toBe(false);
    expect(field.isInLine('product.first', 'metadata.cp_offering_id')).toBe(true);
    const values = convergedState(planOf(scene, world, { options: { sync_products: false } }));
    expect(values.isInLine('product.first', 'metadata.cp_offering_id')).toBe(false);
    const gone = structuredClone(world);
    gone.products.delete(first(gone).id);
    expect(convergedState(planOf(scene, gone)).isInLine('product.first', 'metadata.cp_offering_id')).toBe(
      false,
    );
  });

  test('holds name and slug of a value back together', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const founder = rolesIn(world).values.find(({ slug }) => slug === 'founder');
    if (founder !== undefined) Object.assign(founder, { name: 'FOUNDER' });
    for (const name of ['name', 'slug']) {
      const left = convergedState(
        planOf(scene, world, { options: { exclude: [hold('value.gsv_roles.founder', name)] } }),
      );
      expect([
        left.isInLine('value.gsv_roles.founder', 'name'),
        left.isInLine('value.gsv_roles.founder', 'slug'),
      ]).toEqual([false, false]);
    }
  });
});

describe('the cause', () => {
  test('of what comes again is Wagtail where it was not there, Saleor where it was, both where it was called otherwise', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const base = scene.plan;
    const roles = rolesIn(world);
    roles.values = roles.values.filter(({ name }) => name !== 'data_analyst');
    const changed = planOf(scene, world, {
      desired: {
        ...scene.desired,
        taxonomies: {
          ...scene.desired.taxonomies,
          roles: [...(scene.desired.taxonomies['roles'] ?? []), { key: 'support', label: 'Support' }],
        },
      },
    });
    const causes = causesOf(changed, [base]);
    expect(causes['value.gsv_roles.data_analyst']).toEqual({ '': 'saleor_edited' });
    expect(causes['value.gsv_roles.support']).toEqual({ '': 'wagtail_changed' });
    expect(causesOf(changed, ['lost'])['value.gsv_roles.support']).toEqual({ '': 'unknown' });
    expect(causesOf(changed, [base, base])).toEqual(causes);
    expect(causesOf({ ...changed, changes: [] }, [base])).toEqual({});
    const held = planOf(scene, scene.world, {
      options: { exclude: [{ ref: 'product.first', field: null, reason: 'asked for' }] },
    });
    expect(causesOf(scene.plan, [held])['product.first']?.['metadata.outcome_tagline']).toBe('first_sync');
    first(world).metadata.set('outcome_tagline', 'By hand');
    const offerings = scene.desired.offerings.map((one) => ({
      ...one,
      fields: { ...one.fields, card_tagline: 'Another' },
    }));
    const both = planOf(scene, world, { desired: { ...scene.desired, offerings } });
    expect(causesOf(both, [base])['product.first']?.['metadata.outcome_tagline']).toBe('both');
    const renamed = changed.changes.map((change) =>
      change.ref === 'value.gsv_roles.data_analyst'
        ? { ...change, after: { name: 'Analyst', slug: 'data_analyst' } }
        : change,
    );
    expect(causesOf({ ...changed, changes: renamed }, [base])['value.gsv_roles.data_analyst']).toEqual({
      '': 'both',
    });
  });

  test('of a name, a slug and a value that goes is told by what the base left', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const [sample] = scene.plan.changes;
    if (sample === undefined) throw new Error('no change');
    const change = (over: Partial<Change>): Change => ({ ...sample, needs: [], ids: {}, ...over });
    const next = planOf(scene, world);
    const causes = causesOf(
      {
        ...next,
        changes: [
          change({
            ref: 'value.gsv_roles.data_analyst',
            action: 'update',
            before: { name: 'By hand', slug: 'by-hand' },
            after: { name: 'data_analyst', slug: 'data_analyst' },
          }),
          change({
            ref: 'value.gsv_roles.founder',
            action: 'delete',
            before: { name: 'Founder', slug: 'founder' },
            after: null,
          }),
          change({
            ref: 'value.gsv_roles.stray',
            action: 'delete',
            before: { name: 'stray', slug: 'stray' },
            after: null,
          }),
        ],
      },
      [scene.plan],
    );
    expect(causes).toEqual({
      'value.gsv_roles.data_analyst': { name: 'saleor_edited', slug: 'saleor_edited' },
      'value.gsv_roles.founder': { '': 'wagtail_changed' },
      'value.gsv_roles.stray': { '': 'saleor_edited' },
    });
  });
});

test('words for a whole resource, and for more than are named', () => {
  const said = (code: string, data: JsonObject) =>
    messageOf({ severity: 'warning', code, ref: 'product.first', data });
  expect(said('changed_since', { field: '' })).toMatch(/^product\.first is not as the plan left it/);
  expect(said('nothing_to_hold_back', { field: null, reason: 'asked for' })).toMatch(
    /^product\.first: nothing here changes/,
  );
  const others = [{ page_id: 2, title: 'Second' }];
  expect(said('product_claimed_twice', { page_id: 1, title: 'First', others, more: 3 })).toContain(
    'and 3 more',
  );
});

describe('made.json', () => {
  const made = {
    format_version: '1.0',
    plan: 'a'.repeat(16),
    digest: 'b'.repeat(64),
    made_at: '2026-11-23T09:00:00.000Z',
    made_by: 'ada',
    tool: 'sailplan 0.1.0',
    shop: { name: 'Shop', domain: 'shop.example.com', version: '3.23.28' },
    wagtail: null,
    reads: { products: { requests: 1, items: 2, total: 2 } },
    inputs: {},
    names: {},
    links: {},
    snippets: { 'roles.founder': { id: 7, model: 'catalog.role' } },
    users: {
      'value.gsv_roles.founder': { products: 3, published: { 'default-channel': 2 } },
      'value.gsv_roles.old': { products: 3, published: null },
    },
    shop_written_at: null,
    refreshed: { from: 'plan', since: '2026-11-23T09:00:00.000Z', written: 1, read_again: 2, kept: 300 },
  };

  test('is read as it was written', () => {
    expect(parsePlanMetadata(made)).toEqual(made);
    expect(parsePlanMetadata({ ...made, shop: null })?.shop).toBeNull();
  });

  test.each<[string, Json]>([
    ['a list', []],
    ['a text', 'made'],
    ['without a digest', { ...made, digest: 5 }],
    ['without the time', { ...made, made_at: null }],
  ])('that is %s is none', (_, value) => {
    expect(parsePlanMetadata(value)).toBeNull();
  });

  test('gives up each part that is misshapen, and nothing else', () => {
    const bent = {
      ...made,
      shop: { name: 'Shop', domain: 5, version: '3.23.28' },
      reads: {
        one: [],
        two: { requests: -1, items: 2, total: 2 },
        three: { requests: 1, items: 'many', total: 2 },
        four: { requests: 1, items: 2, total: 2.5 },
      },
      inputs: [],
      snippets: { 'roles.one': 'x', 'roles.two': { id: null }, 'roles.three': { id: 1, model: 7 } },
      users: { one: 5, two: { products: -3 }, three: { products: 1, published: 'many' } },
      refreshed: 'yes',
    };
    expect(parsePlanMetadata(bent)).toEqual({
      ...made,
      shop: null,
      reads: {},
      inputs: {},
      snippets: { 'roles.three': { id: 1, model: null } },
      users: { three: { products: 1, published: null } },
      refreshed: null,
    });
    for (const refreshed of [
      { ...made.refreshed, from: 5 },
      { ...made.refreshed, since: null },
      { ...made.refreshed, written: 'one' },
      { ...made.refreshed, read_again: -1 },
      { ...made.refreshed, kept: 1.5 },
    ])
      expect(parsePlanMetadata({ ...made, refreshed })?.refreshed).toBeNull();
  });
});

test('of a plan of a newer version what has another shape is left for the schema to refuse', () => {
  for (const value of [5, 'plan', null, [5]] as const) expect(stripUnknown(value)).toBe(true);
  const odd = { changes: 5, hazards: { a: 1 }, actual: { products: [1], attributes: 7 }, summary: null };
  const stripped = structuredClone(odd);
  stripUnknown(stripped);
  expect(stripped).toEqual(odd);
});

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
