import { describe, expect, test } from '@jest/globals';
import { runApply } from '../../../../src/apply/apply.ts';
import type { Actual } from '../../../../src/core/actual-state.ts';
import { convergedState } from '../../../../src/plan/converged-state.ts';
import { messageOf } from '../../../../src/plan/diagnostic-messages.ts';
import { causesOf } from '../../../../src/plan/drift-causes.ts';
import type { Outcome } from '../../../../src/plan/report.ts';
import { permissionsFor } from '../../../../src/plan/required-permissions.ts';
import { revertOf } from '../../../../src/plan/revert/revert-targets.ts';
import {
  applied,
  first,
  inverse,
  kept,
  lookAt,
  planOf,
  refs,
  reportOf,
  rolesIn,
  told,
} from '../../../support/applied-plans.ts';
import { newSim, startRun } from '../../../support/simulation/faulty-ports.ts';
import { EVERY_KIND, sceneOf } from '../../../support/simulation/scene.ts';
import { addValue } from '../../../support/simulation/simulated-shop.ts';

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
      '1 product or variant uses it, which this plan does not change',
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
      isApplied: false,
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
        isApplied: false,
        written: new Map(),
      } as const;
      const result = await runApply(planned.plan, options, startRun(sim));
      const plan = inverse(planned, reportOf(planned, result), lookAt(scene, sim.world));
      expect(plan.changes.find(({ ref }) => ref.startsWith('translation.'))?.ref).toBe(expected.ref);
      expect(kept(plan)['translation.gsv_roles.data_analyst.en']).toBe(expected.kept);
    }
  });
});
