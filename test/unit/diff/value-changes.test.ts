import { describe, expect, test } from '@jest/globals';
import type { Term } from '../../../src/core/desired-state.ts';
import {
  attribute,
  CATEGORY,
  changeOf,
  codesOf,
  type Given,
  offering,
  product,
  ROLES,
  refsOf,
  SHOP,
  term,
  value,
} from '../../support/catalogue.ts';
import { ADOPT, BY_REFERENCE, CREATE, ours, rolesDiff } from '../../support/role-diffs.ts';

describe('the slug law, naming by key', () => {
  test.each([
    ['marketing', 'Marketing', 'Marketing'],
    ['ops', 'Ops!', 'Ops!'],
    ['data_analyst', 'Data analyst', 'data_analyst'],
    ['data_analyst', 'Data_Analyst', 'Data_Analyst'],
    ['founder', 'Gründer', 'founder'],
    ['misc', '!!!', 'misc'],
    ['data', 'Founder', 'data'],
    ['lead', '_lead', '_lead'],
  ])('a new %s (%s) is named %s, so that its slug is the key', (key, label, name) => {
    const change = changeOf(rolesDiff([term(key, label)], {}, CREATE), `value.gsv_roles.${key}`);
    expect(change).toMatchObject({
      action: 'create',
      reason: 'missing',
      before: null,
      after: { name, slug: key },
      needs: [],
      ids: { attribute: 'id-gsv_roles' },
      provenance: { taxonomy: 'roles', key, label },
    });
  });

  test('a value is renamed only to a label that keeps its slug', () => {
    const values = { founder: value('v1', 'founder'), data_analyst: value('v2', 'Analyst of data') };
    const found = rolesDiff([term('founder', 'FOUNDER'), term('data_analyst', 'Data analyst')], values);
    expect(refsOf(found)).toEqual([
      'update value.gsv_roles.founder',
      'create translation.gsv_roles.data_analyst.en',
    ]);
    expect(changeOf(found, 'value.gsv_roles.founder')).toMatchObject({
      reason: 'differs',
      before: { name: 'founder', slug: 'founder' },
      after: { name: 'FOUNDER', slug: 'founder' },
      ids: { value: 'v1', attribute: 'id-gsv_roles' },
    });
  });

  test('a label that the name cannot carry is told with the slug it would have made', () => {
    const found = rolesDiff([term('data_analyst', 'Data analyst'), term('chief', '主任')], {}, CREATE);
    expect(found.diagnostics.map(({ data }) => data)).toEqual([
      { key: 'chief', label: '主任', slug: null },
      { key: 'data_analyst', label: 'Data analyst', slug: 'data-analyst' },
    ]);
  });

  test('a value under the dashed spelling is told, never doubled, and adopted on request', () => {
    const terms = [term('data_analyst', 'Data analyst')];
    const values = { 'data-analyst': value('v2', 'Data analyst', { translations: { en: 'Data analyst' } }) };
    const told = rolesDiff(terms, values, CREATE);
    expect([refsOf(told), codesOf(told)]).toEqual([
      [],
      ['error value_adoptable value.gsv_roles.data_analyst'],
    ]);
    const adopted = changeOf(rolesDiff(terms, values, ADOPT), 'value.gsv_roles.data_analyst');
    expect(adopted).toMatchObject({
      action: 'update',
      reason: 'adopted',
      before: { name: 'Data analyst', slug: 'data-analyst' },
      after: { name: 'data_analyst', slug: 'data_analyst' },
      ids: { value: 'v2' },
    });
  });

  test('our own value that was renamed by hand is known by its reference', () => {
    const values = { scout: ours('v2', 'founder', 'Scout') };
    expect(codesOf(rolesDiff([term('founder', 'Founder')], values, CREATE))).toEqual([
      'error value_adoptable value.gsv_roles.founder',
    ]);
    expect(
      changeOf(rolesDiff([term('founder', 'Founder')], values, ADOPT), 'value.gsv_roles.founder').after,
    ).toEqual({
      name: 'Founder',
      slug: 'founder',
    });
  });

  test('a value stands for one term at most, and the term it was made for is told who has its reference', () => {
    const values = { founder: ours('v1', 'ops', 'Founder') };
    const found = rolesDiff([term('founder', 'Founder'), term('ops', 'Ops')], values, ADOPT);
    expect(refsOf(found)).toEqual([]);
    expect(found.diagnostics.map(({ code, ref, data }) => [code, ref, data['holder']])).toEqual([
      ['reference_taken', 'value.gsv_roles.ops', 'value.gsv_roles.founder'],
    ]);
  });

  test('a reference that another attribute’s value holds stops the create before Saleor does', () => {
    const found = rolesDiff(
      [term('ops', 'Ops')],
      {},
      {
        ...CREATE,
        actual: {
          attributes: {
            ...SHOP.attributes,
            gsv_category: attribute(CATEGORY, {
              sales: value('v-sales', 'Sales', { reference: 'gsv_roles.ops' }),
            }),
            gsv_roles: attribute(ROLES),
          },
        },
      },
    );
    expect(codesOf(found)).toEqual(['error reference_taken value.gsv_roles.ops']);
  });

  test('words of the language are ordinary keys', () => {
    const found = rolesDiff([term('constructor', 'Constructor')], {}, CREATE);
    expect(refsOf(found)).toEqual(['create value.gsv_roles.constructor']);
    expect(codesOf(rolesDiff([], {}, CREATE))).toEqual([]);
  });

  test('a key fits into its external reference, or is an error', () => {
    const [fits, over] = ['a'.repeat(240), 'b'.repeat(241)];
    const found = rolesDiff([term(fits, fits), term(over, over)], {}, CREATE);
    expect(refsOf(found)).toEqual([`create value.gsv_roles.${fits}`]);
    expect(found.diagnostics.map(({ code, data }) => [code, data['max']])).toEqual([['key_too_long', 240]]);
  });
});

describe('the slug law, naming by external reference', () => {
  test('a new value has the label as its name, the reference as identity and the slug that Saleor will derive', () => {
    const terms = [term('a_one', 'Analyst'), term('a_two', 'Analyst!'), term('chief', '主任')];
    const found = rolesDiff(
      terms,
      { analyst: ours('v1', 'other', 'Someone else') },
      { ...BY_REFERENCE, ...CREATE },
    );
    expect(found.changes.map(({ after }) => after)).toEqual([
      { external_reference: 'gsv_roles.a_one', name: 'Analyst', slug: 'analyst-2' },
      { external_reference: 'gsv_roles.a_two', name: 'Analyst!', slug: 'analyst-3' },
      { external_reference: 'gsv_roles.chief', name: '主任' },
    ]);
  });

  test('a label is followed, and the new slug is foretold beside those that are there by then', () => {
    const values = { founder: ours('v1', 'a', 'Founder'), ops: ours('v2', 'b', 'Ops') };
    const found = rolesDiff([term('a', 'Ops'), term('b', 'Founder'), term('c', 'Sales')], values, {
      ...BY_REFERENCE,
      ...CREATE,
    });
    expect(found.changes.map(({ ref, after }) => [ref, (after as { slug: string }).slug])).toEqual([
      ['value.gsv_roles.a', 'ops-2'],
      ['value.gsv_roles.b', 'founder'],
      ['value.gsv_roles.c', 'sales'],
    ]);
  });

  test('a value without a reference is adoptable by its name or by its slug', () => {
    const terms = [term('data_analyst', 'Analyst'), term('ops', 'Operations')];
    const values = { analyst: value('v1', 'Analyst'), ops: value('v2', 'Ops') };
    const told = rolesDiff(terms, values, BY_REFERENCE);
    expect(codesOf(told).filter((line) => line.includes('gsv_roles'))).toEqual([
      'error value_adoptable value.gsv_roles.data_analyst',
      'error value_adoptable value.gsv_roles.ops',
    ]);
    const found = rolesDiff(terms, values, { ...BY_REFERENCE, ...ADOPT });
    const mine = found.changes.filter(({ ref }) => ref.startsWith('value.gsv_roles'));
    expect(mine.map(({ reason, before, after }) => [reason, before, after])).toEqual([
      [
        'adopted',
        { external_reference: null, name: 'Analyst', slug: 'analyst' },
        { external_reference: 'gsv_roles.data_analyst', name: 'Analyst', slug: 'analyst' },
      ],
      [
        'adopted',
        { external_reference: null, name: 'Ops', slug: 'ops' },
        { external_reference: 'gsv_roles.ops', name: 'Operations', slug: 'operations' },
      ],
    ]);
  });

  test('a reference that another attribute’s value holds cannot be given to an adopted one', () => {
    const found = rolesDiff(
      [term('founder', 'Founder')],
      {},
      {
        ...BY_REFERENCE,
        ...ADOPT,
        actual: {
          attributes: {
            ...SHOP.attributes,
            gsv_category: attribute(CATEGORY, {
              sales: value('v-sales', 'Sales', { reference: 'gsv_roles.founder' }),
            }),
          },
        },
      },
    );
    expect(codesOf(found)).toContain('error reference_taken value.gsv_roles.founder');
    expect(refsOf(found)).not.toContain('update value.gsv_roles.founder');
  });

  test('a label that is longer than a name may be is an error of its term', () => {
    const found = rolesDiff(
      [term('ops', 'é'.repeat(251)), term('data', 'é'.repeat(250))],
      {},
      {
        ...BY_REFERENCE,
        ...CREATE,
      },
    );
    expect(refsOf(found)).toEqual(['create value.gsv_roles.data']);
    expect(codesOf(found)).toContain('error label_too_long taxonomy.roles');
  });

  test('a value that stands for no term has a name in documents that no key can have', () => {
    const found = rolesDiff(
      [term('founder', 'Founder')],
      { founder: ours('v1', 'other', 'Someone') },
      {
        ...BY_REFERENCE,
        ...CREATE,
        desired: {
          taxonomies: { categories: [term('sales', 'Sales')], roles: [term('founder', 'Founder')] },
          offerings: [offering(1, { category: null })],
        },
        actual: {
          attributes: {
            ...SHOP.attributes,
            gsv_roles: attribute(ROLES, { founder: ours('v1', 'other', 'Someone') }),
          },
          products: { 'offering-1': product(1, { gsv_category: null }) },
        },
      },
    );
    expect(changeOf(found, 'product.offering-1').patch).toEqual([
      { op: 'test', path: '/attributes/gsv_roles/slug:founder', value: true },
      { op: 'remove', path: '/attributes/gsv_roles/slug:founder' },
      { op: 'add', path: '/attributes/gsv_roles/founder', value: true },
    ]);
    expect(codesOf(found)).toContain('warning extra_value value.gsv_roles.slug:founder');
  });
});

describe('values that Wagtail lacks', () => {
  const PRUNE: Given = { options: { prune_values: true } };
  const extra = (given: Partial<ReturnType<typeof value>>) => ({
    founder: value('v1', 'Founder'),
    scribe: value('v2', 'Scribe', given),
  });

  test('are deleted on request where no product has them, last of all', () => {
    const found = rolesDiff([term('founder', 'FOUNDER')], extra({ users: 0 }), PRUNE);
    expect(refsOf(found)).toEqual(['update value.gsv_roles.founder', 'delete value.gsv_roles.scribe']);
    expect(changeOf(found, 'value.gsv_roles.scribe')).toMatchObject({
      reason: 'extra',
      before: { name: 'Scribe', slug: 'scribe' },
      after: null,
      ids: { value: 'v2' },
    });
  });

  test.each<[string, Partial<ReturnType<typeof value>>, readonly Term[], string]>([
    ['nobody counted its products', {}, [term('founder', 'Founder')], 'not_counted'],
    ['products have it', { users: 2 }, [term('founder', 'Founder')], 'in_use'],
    ['the taxonomy is empty', { users: 0 }, [], 'taxonomy_empty'],
    [
      'a wrong term is spelt like it',
      { users: 0 },
      [term('founder', 'Founder'), term('Scribe', 'The scribe')],
      'stands_for_term',
    ],
    [
      'it carries the reference of a wrong term',
      { users: 0, reference: 'gsv_roles.ops' },
      [term('founder', 'Founder'), term('ops', '')],
      'stands_for_term',
    ],
  ])('stay where %s', (_, given, terms, kept) => {
    const found = rolesDiff(terms, extra(given), PRUNE);
    expect(found.changes.filter(({ action }) => action === 'delete')).toEqual([]);
    expect(found.diagnostics.find(({ ref }) => ref === 'value.gsv_roles.scribe')?.data['kept']).toBe(kept);
  });

  test('stay where a page or a draft names the key', () => {
    const page = rolesDiff([term('founder', 'Founder')], extra({ users: 0 }), {
      ...PRUNE,
      desired: {
        taxonomies: { roles: [term('founder', 'Founder')], categories: [] },
        offerings: [offering(1, { roles: ['scribe'] })],
      },
    });
    const draft = rolesDiff([term('founder', 'Founder')], extra({ users: 0 }), {
      ...PRUNE,
      desired: {
        taxonomies: { roles: [term('founder', 'Founder')], categories: [] },
        offerings: [],
        problems: [
          {
            severity: 'warning',
            code: 'term_draft',
            ref: 'taxonomy.roles',
            data: { key: 'scribe', page_id: 1, title: 'x' },
          },
        ],
      },
    });
    for (const found of [page, draft]) expect(refsOf(found)).toEqual([]);
  });

  test('that products have go only with --prune-used, and the holders are named', () => {
    const found = rolesDiff([term('founder', 'Founder')], extra({ users: 2 }), {
      options: { prune_values: true, prune_used: true },
      desired: {
        taxonomies: { roles: [term('founder', 'Founder')], categories: [] },
        offerings: [offering(1)],
      },
      actual: {
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, extra({ users: 2 })) },
        products: { 'offering-1': product(1, { gsv_roles: { scribe: true } }) },
      },
    });
    expect(found.diagnostics.find(({ code }) => code === 'used_value_deleted')?.data).toEqual({
      name: 'Scribe',
      users: 2,
      products: ['offering-1'],
    });
  });
});
