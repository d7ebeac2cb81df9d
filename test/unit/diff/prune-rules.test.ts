import { describe, expect, test } from '@jest/globals';
import type { Value } from '../../../src/core/actual-state.ts';
import { differingMembers } from '../../../src/plan/file/integrity.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import {
  contract,
  type Given,
  offering,
  planOf,
  product,
  ROLES,
  roles,
  SHOP,
  term,
  value,
} from '../../support/catalogue.ts';

const TERMS = [term('founder', 'Founder'), term('data_analyst', 'Data analyst')];
const FOUNDER = value('v-founder', 'Founder');
const ANALYST = value('v-analyst', 'data_analyst');

/** The plan of a shop whose roles have one more value, and what becomes of that value. */
function fate(slug: string, extra: Value, options: Given['options'], given: Given = {}) {
  const values = { founder: FOUNDER, data_analyst: ANALYST, [slug]: extra };
  const plan = planOf(roles(TERMS, values, { ...given, options: { prune_values: true, ...options } }));
  expect(differingMembers(plan)).toEqual([]);
  const changes = plan.changes.filter(({ action }) => action === 'delete');
  return { plan, changes, kept: keptIn(plan) };
}

const keptIn = ({ diagnostics }: Plan) =>
  diagnostics.filter(({ code }) => code === 'extra_value').map(({ data }) => data['kept'] ?? null);

test('a value that Wagtail lacks and no product has is deleted on request, and told else', () => {
  const extra = value('v-clown', 'Clown', { users: 0 });
  const { changes, plan } = fate('clown', extra, {});
  expect(changes).toMatchObject([
    {
      ref: 'value.gsv_roles.clown',
      reason: 'extra',
      before: { name: 'Clown', slug: 'clown' },
      after: null,
      ids: { value: 'v-clown' },
    },
  ]);
  expect(plan.hazards.filter(({ ref }) => ref.startsWith('value.'))).toEqual([
    { code: 'cannot_be_undone', ref: 'value.gsv_roles.clown' },
  ]);
  expect(fate('clown', extra, { prune_values: false })).toMatchObject({ changes: [], kept: [null] });
});

test('one that products have goes only with --prune-used, with a hazard that names those it knows', () => {
  const extra = value('v-clown', 'Clown', { users: 3 });
  expect(fate('clown', extra, {})).toMatchObject({ changes: [], kept: ['in_use'] });
  const { plan, changes } = fate(
    'clown',
    extra,
    { prune_used: true },
    {
      desired: { offerings: [offering(1)] },
      actual: { products: { 'offering-1': product(1, { gsv_roles: { founder: true, clown: true } }) } },
    },
  );
  expect(changes.map(({ ref }) => ref)).toEqual(['value.gsv_roles.clown']);
  expect(plan.changes.at(-1)?.ref).toBe('value.gsv_roles.clown');
  expect(plan.hazards).toContainEqual({ code: 'deletes_used_value', ref: 'value.gsv_roles.clown' });
  expect(plan.diagnostics.find(({ code }) => code === 'used_value_deleted')?.data).toEqual({
    name: 'Clown',
    users: 3,
    products: ['offering-1'],
  });
});

describe('never deleted, whatever is asked for', () => {
  const ALL = { prune_values: true, prune_used: true };
  test.each([
    ['founders-2', value('v', 'Founder', { users: 0 }), 'a twin by its name'],
    ['data-analyst', value('v', 'Data analyst', { users: 0 }), 'a twin by its slug'],
    ['role-x', value('v', 'DATA ANALYST', { users: 0 }), 'a term in capitals'],
    [
      'role-y',
      value('v', 'Something', { users: 0, reference: 'gsv_roles.data_analyst' }),
      'a term by its reference',
    ],
  ])('%s', (slug, extra) => {
    expect(fate(slug, extra, ALL)).toMatchObject({ changes: [], kept: ['stands_for_term'] });
  });

  test('a value that nobody counted', () => {
    expect(fate('clown', value('v', 'Clown'), ALL)).toMatchObject({ changes: [], kept: ['not_counted'] });
  });

  test('a value of a term that is a draft, malformed, or used by a page', () => {
    const clown = value('v', 'Clown', { users: 0 });
    const draft = {
      severity: 'warning',
      code: 'term_draft',
      ref: 'taxonomy.roles',
      data: { key: 'clown', page_id: 1, title: 'Lead scout 1' },
    } as const;
    expect(fate('clown', clown, ALL, { desired: { problems: [draft] } }).kept).toEqual(['stands_for_term']);
    const used = { offerings: [offering(1, { roles: ['founder', 'clown'] })] };
    expect(fate('clown', clown, ALL, { desired: used }).kept).toEqual(['stands_for_term']);
    const doubled = {
      taxonomies: {
        categories: [term('sales', 'Sales')],
        roles: [...TERMS, term('clown', 'A'), term('clown', 'B')],
      },
    };
    expect(fate('clown', clown, ALL, { desired: doubled }).kept).toEqual(['stands_for_term']);
  });

  test('any value of a taxonomy without terms, and of an attribute without a taxonomy', () => {
    const empty = { taxonomies: { categories: [term('sales', 'Sales')], roles: [] } };
    const { kept } = fate('clown', value('v', 'Clown', { users: 0 }), ALL, { desired: empty });
    expect(new Set(kept)).toEqual(new Set(['taxonomy_empty']));
    const plan = planOf({ options: ALL, contract: contract({ attributes: [ROLES] }), actual: SHOP });
    expect(plan.changes.filter(({ action }) => action === 'delete')).toEqual([]);
  });

  test('a value under another spelling that waits for --adopt', () => {
    const values = { founder: FOUNDER, 'data-analyst': value('v', 'Data analyst', { users: 0 }) };
    const plan = planOf(roles(TERMS, values, { options: ALL }));
    expect(plan.changes.filter(({ action }) => action === 'delete')).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toContain('value_adoptable');
  });
});

test('naming external_reference: an extra value is named as no term can be', () => {
  const extra = value('v-clown', 'Clown', { users: 0 });
  const { changes } = fate('clown', extra, {}, { contract: { naming: 'external_reference' } });
  expect(changes.map(({ ref }) => ref)).toEqual(['value.gsv_roles.slug:clown']);
});

describe('removes_last_member', () => {
  const two = (first: object, second: object): Given => ({
    desired: {
      taxonomies: { categories: [term('sales', 'Sales')], roles: TERMS },
      offerings: [offering(1), offering(2)],
    },
    actual: {
      attributes: {
        ...SHOP.attributes,
        gsv_roles: {
          ...SHOP.attributes['gsv_roles'],
          values: { founder: FOUNDER, data_analyst: ANALYST },
        } as never,
      },
      products: { 'offering-1': product(1, first as never), 'offering-2': product(2, second as never) },
    },
  });
  const both = { gsv_roles: { founder: true, data_analyst: true } };
  const last = ({ hazards }: Plan) =>
    hazards.flatMap(({ code, ref }) => (code === 'removes_last_member' ? [ref] : []));

  test('the last product that has a value loses it', () => {
    expect(last(planOf(two(both, both)))).toEqual(['value.gsv_roles.data_analyst']);
  });

  test('not while another compared product keeps it, even one that is skipped', () => {
    const given = two(both, both);
    const broken = {
      ...given,
      desired: { ...given.desired, offerings: [offering(1), offering(2, { cp_offering_id: '' })] },
    };
    expect(last(planOf(broken))).toEqual([]);
  });
});

test('while a term has no label that can be read, no value of its attribute is deleted: it may be that term’s', () => {
  const values = { founder: FOUNDER, clown: value('v-clown', 'Clown', { users: 0 }) };
  const given = roles([...TERMS, term('jester', '')], values, { options: { prune_values: true } });
  const plan = planOf(given);
  expect([plan.changes.filter(({ action }) => action === 'delete'), keptIn(plan)]).toEqual([
    [],
    ['taxonomy_unread'],
  ]);
});
