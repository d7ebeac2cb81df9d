import { describe, expect, test } from '@jest/globals';
import jsonpatch from 'fast-json-patch';
import type { Attribute } from '../../../src/core/actual-state.ts';
import type { Term } from '../../../src/core/desired-state.ts';
import { patchOf } from '../../../src/diff/json-patch.ts';
import { localesOf } from '../../../src/diff/translation-changes.ts';
import {
  attribute,
  CATEGORY,
  changeOf,
  codesOf,
  contract,
  diffOf,
  type Given,
  IMAGE,
  inputs,
  OFFERING_ID,
  offering,
  product,
  productId,
  productType,
  ROLES,
  refsOf,
  roles,
  SHOP,
  SITE,
  TAGLINE,
  term,
  VERIFIED,
  value,
} from '../../support/catalogue.ts';

const CREATE = { options: { create_missing: true } };
const ADOPT = { options: { create_missing: true, adopt: true } };
const BY_REFERENCE = { contract: { naming: 'external_reference' as const } };
const rolesDiff = (terms: readonly Term[], values: Attribute['values'], given: Given = {}) =>
  diffOf(roles(terms, values, given));
const ours = (id: string, key: string, name: string) => value(id, name, { reference: `gsv_roles.${key}` });

test('a shop that says what the site says has nothing to change', () => {
  expect(diffOf()).toEqual({ changes: [], left_out: [], diagnostics: [] });
});

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

describe('translations', () => {
  const READ = { actual: { locales: ['de', 'en', 'fr'] } };
  const withLabels = (given: Given): Given => ({
    ...given,
    actual: { ...SHOP, ...READ.actual, ...given.actual },
  });

  test('carry the label that the name cannot, in each language of the contract, with what they need', () => {
    const found = rolesDiff(
      [term('data_analyst', 'Data analyst')],
      {},
      {
        ...CREATE,
        contract: { label_languages: ['en', 'de'] },
        actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES) }, ...READ.actual },
      },
    );
    expect(found.changes.slice(1).map(({ ref, after, needs, ids }) => [ref, after, needs, ids])).toEqual([
      [
        'translation.gsv_roles.data_analyst.de',
        { name: 'Data analyst' },
        ['value.gsv_roles.data_analyst'],
        {},
      ],
      [
        'translation.gsv_roles.data_analyst.en',
        { name: 'Data analyst' },
        ['value.gsv_roles.data_analyst'],
        {},
      ],
    ]);
  });

  test.each<[string, Term, Record<string, string | null>, readonly string[]]>([
    ['a name that carries the label needs none', term('founder', 'Founder'), {}, []],
    ['an empty one is none', term('founder', 'Founder'), { en: '' }, []],
    [
      'a stale one would hide the name',
      term('founder', 'Founder'),
      { en: 'Owner' },
      ['update en Owner Founder'],
    ],
    ['the right one stays', term('founder', 'Founder'), { en: 'Founder' }, []],
    [
      'other locales follow the site',
      term('founder', 'Founder', { fr: 'Fondateur', de: 'Gründer' }),
      { fr: 'Créateur' },
      ['create de null Gründer', 'update fr Créateur Fondateur'],
    ],
    ['a label without text is none', term('founder', 'Founder', { fr: ' ' }), {}, []],
    ['other locales that the site lacks are not ours', term('founder', 'Founder'), { fr: 'Fondateur' }, []],
    ['a locale that was not read is not written', term('founder', 'Founder', { it: 'Fondatore' }), {}, []],
  ])('%s', (_, one, translations, expected) => {
    const values = { founder: value('v1', 'Founder', { translations }) };
    const found = diffOf(
      withLabels(
        roles([one], values, {
          actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) } },
        }),
      ),
    );
    const lines = found.changes.map(
      ({ action, ref, before, after }) =>
        `${action} ${ref.split('.')[3]} ${(before as { name: string } | null)?.name ?? null} ${(after as { name: string }).name}`,
    );
    expect(lines).toEqual(expected);
  });

  test('a term’s own label of a language is not covered by that of the source’s locale', () => {
    for (const label of ['Founder', 'The founder']) {
      const found = diffOf(
        withLabels(
          roles(
            [term('founder', label, { fr: 'Fondateur' })],
            {},
            {
              contract: { label_languages: ['en', 'fr'] },
              actual: {
                attributes: {
                  ...SHOP.attributes,
                  gsv_roles: attribute(ROLES, { founder: value('v1', 'Founder') }),
                },
              },
            },
          ),
        ),
      );
      expect(changeOf(found, 'translation.gsv_roles.founder.fr').after).toEqual({ name: 'Fondateur' });
    }
  });

  test('are off with an empty list of languages, but for those of the terms', () => {
    const asked = inputs({ contract: { label_languages: [] } });
    expect(localesOf(asked)).toEqual([]);
    expect(
      localesOf({
        ...asked,
        desired: { ...SITE, taxonomies: { roles: [term('founder', 'Founder', { fr: 'Fondateur' })] } },
      }),
    ).toEqual(['fr']);
    expect(localesOf(inputs())).toEqual(['en']);
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

describe('Step B', () => {
  const bare = { offering: productType('offering', ['gsv_category', 'gsv_verified']) };

  test('assigns what is missing, and a product waits for it', () => {
    const found = diffOf({
      options: { sync_attributes: true },
      desired: { offerings: [offering(1)] },
      actual: { product_types: bare, products: { 'offering-1': product(1, { gsv_roles: {} }) } },
    });
    expect(refsOf(found)).toEqual(['create assignment.offering.gsv_roles', 'update product.offering-1']);
    expect(changeOf(found, 'assignment.offering.gsv_roles')).toMatchObject({
      after: { assigned: true },
      ids: { product_type: 'type-offering', attribute: 'id-gsv_roles' },
      needs: [],
      provenance: { contract: 'catalogue' },
    });
    expect(changeOf(found, 'product.offering-1').needs).toEqual(['assignment.offering.gsv_roles']);
  });

  test('creates attributes only when asked to, then assigns them, then makes their values, then the products', () => {
    const given: Given = {
      options: { create_attributes: true, sync_attributes: true, create_missing: true },
      actual: {
        attributes: {
          gsv_category: SHOP.attributes['gsv_category'] as Attribute,
          gsv_verified: attribute(VERIFIED),
        },
        product_types: bare,
        products: { 'offering-1': product(1, { gsv_roles: {} }) },
      },
    };
    const found = diffOf(given);
    expect(found.changes.map(({ ref, needs }) => [ref, needs])).toEqual([
      ['attribute.gsv_roles', []],
      ['assignment.offering.gsv_roles', ['attribute.gsv_roles']],
      ['value.gsv_roles.founder', ['attribute.gsv_roles']],
      ['product.offering-1', ['assignment.offering.gsv_roles', 'value.gsv_roles.founder']],
    ]);
    expect(changeOf(found, 'attribute.gsv_roles')).toMatchObject({
      after: { name: 'Roles', input_type: 'MULTISELECT' },
      ids: {},
    });
    expect(codesOf(diffOf({ ...given, options: { create_missing: true } }))).toEqual([
      'error attribute_missing attribute.gsv_roles',
      'error attribute_unavailable product.offering-1',
    ]);
  });

  test('never makes an attribute anew whose input type is another one', () => {
    const found = diffOf({
      options: { create_attributes: true, sync_attributes: true, create_missing: true },
      actual: {
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, {}, { input_type: 'SWATCH' }) },
        product_types: bare,
      },
    });
    expect(refsOf(found)).toEqual([]);
    expect(found.diagnostics[1]?.data).toEqual({ wanted: 'MULTISELECT', found: 'SWATCH' });
  });

  test('finds a product type by slug, else by name, the first by slug where two have it', () => {
    const types = {
      z: productType('z', [], { name: 'Offering' }),
      a: productType('a', [], { name: 'Offering' }),
      Offering: productType('Offering', ['gsv_category']),
    };
    const typed = (product_types: typeof SHOP.product_types) =>
      refsOf(
        diffOf({
          contract: { attributes: [{ ...CATEGORY, product_types: ['Offering'] }] },
          options: { sync_attributes: true },
          desired: { offerings: [] },
          actual: { product_types },
        }),
      );
    expect(typed(types)).toEqual([]);
    expect(typed({ z: types.z, a: types.a })).toEqual(['create assignment.a.gsv_category']);
  });
});

describe('products', () => {
  const one = (
    fields: Parameters<typeof offering>[1],
    held: ReturnType<typeof product> = product(1),
    given: Given = {},
  ) =>
    diffOf({
      ...given,
      desired: { offerings: [offering(1, fields)], ...given.desired },
      actual: { products: { 'offering-1': held }, ...given.actual },
    });
  const patchFor = (...args: Parameters<typeof one>) => changeOf(one(...args), 'product.offering-1').patch;

  test('a page that names its product by id means that product', () => {
    const found = diffOf({
      desired: {
        offerings: [
          offering(
            1,
            { card_tagline: 'New' },
            { saleor_product_id: productId(1), saleor_product_slug: null },
          ),
        ],
      },
    });
    expect(changeOf(found, 'product.offering-1')).toMatchObject({
      action: 'update',
      reason: 'differs',
      needs: [],
      ids: { product: productId(1) },
      provenance: { page_id: 1, title: 'Lead scout 1' },
    });
  });

  test.each([
    ['gsv_roles', null, {}],
    ['gsv_category', true, null],
    ['gsv_verified', 'yes', null],
  ])('%s of another kind than the contract wants counts as nothing', (slug, wrong, as) => {
    const change = changeOf(one({}, product(1, { [slug]: wrong })), 'product.offering-1');
    expect(change.before).toMatchObject({ attributes: { [slug]: as } });
  });

  test('the order of what a product holds decides nothing', () => {
    const turned = (record: object) => Object.fromEntries(Object.entries(record).reverse());
    const found = one({ card_tagline: 'New' });
    const held = product(1);
    const document = {
      metadata: turned(held.document.metadata),
      attributes: turned(held.document.attributes),
    };
    const again = one({ card_tagline: 'New' }, { ...held, document } as typeof held);
    expect(JSON.stringify(again)).toBe(JSON.stringify(found));
    expect(found.changes).toHaveLength(1);
  });

  test('one member put into a set of a hundred is one operation', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `role_${index}`);
    const found = diffOf({
      options: { create_missing: true },
      desired: {
        taxonomies: {
          categories: [term('sales', 'Sales')],
          roles: ['a_first', ...keys].map((key) => term(key, key)),
        },
        offerings: [offering(1, { roles: ['a_first', ...keys], primary_role: null })],
      },
      actual: {
        attributes: {
          ...SHOP.attributes,
          gsv_roles: attribute(
            ROLES,
            Object.fromEntries(keys.map((key, index) => [key, value(`v${index}`, key)])),
          ),
        },
        products: {
          'offering-1': product(
            1,
            { gsv_roles: Object.fromEntries(keys.map((key) => [key, true as const])) },
            { primary_role: undefined },
          ),
        },
      },
    });
    const change = changeOf(found, 'product.offering-1');
    expect(change.patch).toEqual([{ op: 'add', path: '/attributes/gsv_roles/a_first', value: true }]);
    expect(change.needs).toEqual(['value.gsv_roles.a_first']);
  });

  test('an empty set, an empty choice and false are values like others', () => {
    expect(
      patchFor(
        { roles: [], primary_role: null, category: null, verified: false },
        product(1, {}, { primary_role: undefined }),
      ),
    ).toEqual([
      { op: 'test', path: '/attributes/gsv_verified', value: true },
      { op: 'replace', path: '/attributes/gsv_verified', value: false },
      { op: 'test', path: '/attributes/gsv_roles/founder', value: true },
      { op: 'remove', path: '/attributes/gsv_roles/founder' },
      { op: 'test', path: '/attributes/gsv_category', value: 'sales' },
      { op: 'replace', path: '/attributes/gsv_category', value: null },
    ]);
    expect(patchFor({ verified: false }, product(1, { gsv_verified: null }))).toEqual([
      { op: 'test', path: '/attributes/gsv_verified', value: null },
      { op: 'replace', path: '/attributes/gsv_verified', value: false },
    ]);
    expect(refsOf(one({ category: '' }, product(1, { gsv_category: null })))).toEqual([]);
  });

  test('a managed key whose source is empty is deleted, unless the contract keeps it', () => {
    for (const empty of [null, '']) {
      expect(patchFor({ card_tagline: empty })).toEqual([
        { op: 'test', path: '/metadata/outcome_tagline', value: 'Answers leads within a minute' },
        { op: 'remove', path: '/metadata/outcome_tagline' },
      ]);
      const kept = {
        contract: contract({
          metadata: contract().metadata.map((rule) =>
            rule === TAGLINE ? { ...rule, when_empty: 'keep' as const } : rule,
          ),
        }),
      };
      expect(refsOf(one({ card_tagline: empty }, product(1), kept))).toEqual([]);
    }
  });

  test('a broken image leaves its key as it is, and the rest is compared', () => {
    const broken = { card_image: { error: 'relative' }, card_tagline: 'New' };
    const change = changeOf(one(broken), 'product.offering-1');
    expect(change.patch.map(({ path }) => path)).toEqual([
      '/metadata/outcome_tagline',
      '/metadata/outcome_tagline',
    ]);
    for (const side of [change.before, change.after])
      expect(side).not.toHaveProperty('metadata.card_image_url');
  });

  test('an image without a URL is none', () => {
    for (const card_image of [null, { url: '' }, 'a text'])
      expect(refsOf(one({ card_image }, product(1, {}, { card_image_url: undefined })))).toEqual([]);
    expect(IMAGE.source).toBe('card_image');
  });

  test('what the contract does not name is neither read nor written nor deleted', () => {
    const held = product(1, { brand: 'acme' }, { warehouse_note: 'fragile' });
    expect(refsOf(one({}, held))).toEqual([]);
    const change = changeOf(one({ card_tagline: 'New' }, held), 'product.offering-1');
    expect(JSON.stringify(change)).not.toMatch(/brand|acme|warehouse|fragile/);
  });

  test('an attribute that the shop never gave the product is unset', () => {
    const held = product(1);
    const bare = { ...held, document: { ...held.document, attributes: {} } };
    expect(changeOf(one({}, bare), 'product.offering-1').before).toMatchObject({
      attributes: { gsv_category: null, gsv_roles: {}, gsv_verified: null },
    });
  });

  test('the source’s own label of an estimate comes before the derived one', () => {
    expect(patchFor({ credits_estimate_label: '~9/task' }).at(-1)).toEqual({
      op: 'replace',
      path: '/metadata/credits_estimate_label',
      value: '~9/task',
    });
    expect(patchFor({ credits_estimate_min: null, credits_estimate_max: null }).at(-1)).toEqual({
      op: 'remove',
      path: '/metadata/credits_estimate_label',
    });
  });

  test('numbers and booleans are written as text', () => {
    const metadata = [
      { key: 'runs', type: 'number' as const, source: 'runs' },
      { key: 'beta', type: 'boolean' as const, source: 'beta' },
    ];
    const found = one({ runs: '15.50', beta: false, roles: [] }, product(1, { gsv_roles: {} }), {
      contract: contract({ metadata }),
    });
    expect(changeOf(found, 'product.offering-1').after).toMatchObject({
      metadata: { beta: 'false', runs: '15.50' },
    });
  });

  test('a product waits for the value that it gets or still has under another spelling', () => {
    const values = { founder: value('v1', 'Founder'), 'data-analyst': value('v2', 'Data analyst') };
    const terms = [term('data_analyst', 'Data analyst'), term('founder', 'Founder')];
    const given = (has: boolean, wants: boolean): Given => ({
      options: { adopt: true },
      desired: {
        taxonomies: { categories: [term('sales', 'Sales')], roles: terms },
        offerings: [offering(1, { roles: wants ? ['data_analyst', 'founder'] : ['founder'] })],
      },
      actual: {
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) },
        products: {
          'offering-1': product(1, {
            gsv_roles: { founder: true, ...(has ? { 'data-analyst': true as const } : {}) },
          }),
        },
      },
    });
    for (const [has, wants] of [
      [false, true],
      [true, false],
    ] as const)
      expect(changeOf(diffOf(given(has, wants)), 'product.offering-1').needs).toEqual([
        'value.gsv_roles.data_analyst',
      ]);
    expect(refsOf(diffOf(given(true, true)))).not.toContain('update product.offering-1');
  });

  test('a boolean that is absent or empty is one error, and never false', () => {
    const { verified: _, ...others } = offering(1).fields;
    for (const page of [offering(1, { verified: null }), { ...offering(1), fields: others }]) {
      const found = diffOf({ desired: { offerings: [page] } });
      expect(codesOf(found)).toEqual(['error field_missing product.offering-1']);
      expect([refsOf(found), found.left_out.map(({ codes }) => codes)]).toEqual([[], [['field_missing']]]);
    }
  });

  test('a primary one that should be among no set is only checked as a term', () => {
    const metadata = [
      OFFERING_ID,
      { key: 'primary_role', type: 'term' as const, source: 'primary_role', taxonomy: 'roles' },
    ];
    expect(
      one({ roles: [] }, product(1, { gsv_roles: {} }), { contract: contract({ metadata }) }).diagnostics,
    ).toEqual([]);
  });

  test('nothing of them is compared without Step D', () => {
    const found = one({ card_tagline: 'New', cp_offering_id: '' }, product(1), {
      options: { sync_products: false },
    });
    expect(found).toEqual({ changes: [], left_out: [], diagnostics: [] });
  });
});

describe('narrowing', () => {
  const pages = [1, 2, 3].map((number) => offering(number, { card_tagline: 'New' }));
  const products = Object.fromEntries([1, 2, 3].map((number) => [`offering-${number}`, product(number)]));
  const narrowed = (options: Given['options'] = {}, offerings = pages) =>
    diffOf({ options, desired: { offerings }, actual: { products } });

  test('takes the slugs named, then the first pages of what is left', () => {
    expect(refsOf(narrowed({ limit: 2 }))).toEqual([
      'update product.offering-1',
      'update product.offering-2',
    ]);
    expect(refsOf(narrowed({ only_slugs: ['offering-2', 'offering-3'] }))).toEqual([
      'update product.offering-2',
      'update product.offering-3',
    ]);
    expect(refsOf(narrowed({ only_slugs: ['offering-2', 'offering-3'], limit: 1 }))).toEqual([
      'update product.offering-2',
    ]);
  });

  test('does not hide that another page claims a product', () => {
    const rival = offering(4, {}, { saleor_product_id: productId(2), saleor_product_slug: null });
    for (const options of [{ limit: 2 }, { only_slugs: ['offering-2'] }]) {
      const found = narrowed(options, [...pages, rival]);
      expect(found.left_out.map(({ ref }) => ref)).toContain('product.offering-2');
      expect(refsOf(found)).not.toContain('update product.offering-2');
    }
  });
});

describe('what is held back', () => {
  const hold = (ref: string, field: string | null = null) => ({ ref, field, reason: 'launch' });
  const held = (exclude: readonly ReturnType<typeof hold>[]) =>
    diffOf({
      options: { create_missing: true, exclude },
      desired: {
        taxonomies: {
          categories: [term('sales', 'Sales')],
          roles: [term('founder', 'FOUNDER'), term('ops', 'Ops')],
        },
        offerings: [offering(1, { roles: ['founder', 'ops'], card_tagline: 'New' })],
      },
    });
  const ALL = ['update value.gsv_roles.founder', 'create value.gsv_roles.ops', 'update product.offering-1'];

  test('is nothing by itself', () => {
    expect(refsOf(held([]))).toEqual(ALL);
  });

  test('is a resource, with what needs it', () => {
    const found = held([hold('value.gsv_roles.ops')]);
    expect(refsOf(found)).toEqual(ALL.slice(0, 1));
    expect(found.diagnostics.map(({ code, ref, data }) => [code, ref, data])).toEqual([
      ['held_back', 'value.gsv_roles.ops', { field: null, reason: 'launch' }],
      ['held_back_with', 'product.offering-1', { needs: 'value.gsv_roles.ops' }],
    ]);
  });

  test('is a field, and then nothing is needed for it', () => {
    const found = held([hold('value.gsv_roles.ops'), hold('product.offering-1', 'attributes.gsv_roles')]);
    expect(refsOf(found)).toEqual(['update value.gsv_roles.founder', 'update product.offering-1']);
    const change = changeOf(found, 'product.offering-1');
    expect(change.needs).toEqual([]);
    expect(change.after).toMatchObject({
      attributes: { gsv_roles: { founder: true } },
      metadata: { outcome_tagline: 'New' },
    });
    expect(
      jsonpatch.applyPatch(structuredClone(change.before), change.patch as never, true, false).newDocument,
    ).toEqual(change.after);
  });

  test('is the whole change when no field is left of it', () => {
    expect(refsOf(held([hold('value.gsv_roles.founder', 'slug')]))).toEqual(ALL.slice(1));
    expect(refsOf(held([hold('value.gsv_roles.ops', 'name')]))).toEqual(ALL.slice(0, 1));
    expect(refsOf(held([hold('product.offering-1', 'metadata')]))).toEqual(ALL);
    expect(
      refsOf(held([hold('product.offering-1', 'metadata'), hold('product.offering-1', 'attributes')])),
    ).toEqual(ALL.slice(0, 2));
  });

  test('is nothing where the field does not change, or is none', () => {
    for (const field of [
      'metadata.cp_offering_id',
      'metadata.unheard_of',
      'attribute.gsv_roles',
      'colour',
      'metadata.outcome_tagline.x',
    ]) {
      const found = held([hold('product.offering-1', field)]);
      expect([refsOf(found), found.diagnostics]).toEqual([ALL, []]);
    }
  });

  test('may be a key that a page adds or takes away', () => {
    const found = diffOf({
      options: {
        exclude: [
          hold('product.offering-1', 'metadata.outcome_tagline'),
          hold('product.offering-1', 'metadata.primary_role'),
        ],
      },
      desired: { offerings: [offering(1, { primary_role: null, category: null })] },
      actual: { products: { 'offering-1': product(1, {}, { outcome_tagline: undefined }) } },
    });
    expect(changeOf(found, 'product.offering-1').patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'test /attributes/gsv_category',
      'replace /attributes/gsv_category',
    ]);
  });
});

describe('patches', () => {
  test('a create and a delete carry the guard that RFC 6902 can say', () => {
    expect(patchOf(null, { name: 'Ops' })).toEqual([
      { op: 'test', path: '', value: null },
      { op: 'add', path: '', value: { name: 'Ops' } },
    ]);
    expect(patchOf({ name: 'Ops' }, null)).toEqual([
      { op: 'test', path: '', value: { name: 'Ops' } },
      { op: 'replace', path: '', value: null },
    ]);
  });

  test('a document that moved on is refused by the guard', () => {
    const patch = patchOf({ name: 'Ops', slug: 'ops' }, { name: 'OPS', slug: 'ops' });
    expect(() =>
      jsonpatch.applyPatch({ name: 'Operations', slug: 'ops' }, patch as never, true, false),
    ).toThrow();
  });

  test('names with slashes, tildes and words of the language are addressed as RFC 6901 says', () => {
    const [before, after] = [
      { 'a/b': '1', 'c~d': '1', constructor: '1' },
      { 'a/b': '2', 'c~d': '2', constructor: '2' },
    ];
    const patch = patchOf(before, after);
    expect(patch.filter(({ op }) => op === 'replace').map(({ path }) => path)).toEqual([
      '/constructor',
      '/c~0d',
      '/a~1b',
    ]);
    expect(jsonpatch.applyPatch(structuredClone(before), patch as never, true, false).newDocument).toEqual(
      after,
    );
  });
});
