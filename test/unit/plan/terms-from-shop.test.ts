import { describe, expect, test } from '@jest/globals';
import { fixtureOf } from '../../../src/plan/term-fixture.ts';
import { type TermModels, termsFromShop } from '../../../src/plan/terms-from-shop.ts';
import {
  attribute,
  CATEGORY,
  contract,
  diffOf,
  type Given,
  inputs,
  ROLES,
  SHOP,
  term,
  value,
} from '../../support/catalogue.ts';

const ROLE = { model: 'catalog.role', key: 'key', label: 'label' };

/** The shop's roles, where Wagtail has only the founder. */
const found = (values: Parameters<typeof attribute>[1], models: TermModels = {}, given: Given = {}) =>
  termsFromShop(
    inputs({
      ...given,
      actual: {
        locales: ['de', 'en'],
        attributes: {
          ...SHOP.attributes,
          gsv_roles: attribute(ROLES, { founder: value('v1', 'Founder'), ...values }),
        },
        ...given.actual,
      },
    }),
    models,
  );
const keys = ({ terms }: ReturnType<typeof found>) =>
  terms.map(({ slug, term: { key } }) => `${slug}=${key}`);
const reasons = ({ without }: ReturnType<typeof found>) =>
  without.map(({ slug, because }) => `${slug}: ${because}`);

describe('values that only the shop has become terms', () => {
  test('under their slug, or what of it a key can have', () => {
    const shop = found({
      ops: value('v2', 'Operations'),
      'data-analyst': value('v3', 'Data analyst'),
      'cafe-manager': value('v4', 'Café manager'),
      'Weird--Slug': value('v5', 'Weird'),
      übung: value('v6', 'Übung'),
    });
    expect(keys(shop)).toEqual([
      'Weird--Slug=weird_slug',
      'cafe-manager=cafe_manager',
      'data-analyst=data_analyst',
      'ops=ops',
      'übung=ubung',
    ]);
    expect(shop.terms.map(({ needsAdoption }) => needsAdoption)).toEqual([true, true, true, false, true]);
  });

  test('with which a plan creates no value: those of the terms are found again', () => {
    const values = {
      'data-analyst': value('v3', 'Data analyst'),
      twin: value('v4', 'Twin'),
      'twin-2': value('v5', 'Twin'),
      'ri-ben-yu': value('v6', '日本語'),
    };
    for (const naming of ['key', 'external_reference'] as const) {
      const shop = found(values, {}, { contract: contract({ naming }) });
      const { changes, diagnostics } = diffOf({
        contract: { naming },
        options: { create_missing: true, adopt: true },
        desired: {
          taxonomies: {
            categories: [term('sales', 'Sales')],
            roles: [term('founder', 'Founder'), ...shop.terms.map((one) => one.term)],
          },
        },
        actual: {
          attributes: {
            ...SHOP.attributes,
            gsv_roles: attribute(ROLES, {
              founder: value('v1', 'Founder', { reference: 'gsv_roles.founder' }),
              ...values,
            }),
            gsv_category: attribute(CATEGORY, {
              sales: value('v-sales', 'Sales', { reference: 'gsv_category.sales' }),
            }),
          },
        },
      });
      expect(changes.filter(({ ref, action }) => ref.startsWith('value.') && action === 'create')).toEqual(
        [],
      );
      const left = shop.without.map(({ slug }) => slug);
      expect(
        diagnostics.filter(({ code }) => code === 'extra_value').map(({ data }) => data['slug']),
      ).toEqual(left);
      expect(shop.terms.length + left.length).toBeGreaterThanOrEqual(4);
    }
  });

  test('with the label of the source’s language, and translations of the others', () => {
    const translations = { en: 'Data analyst', de: 'Datenanalyst' };
    const { terms } = found({ data_analyst: value('v2', 'data_analyst', { translations }) });
    expect(terms[0]?.term).toEqual({
      key: 'data_analyst',
      label: 'Data analyst',
      translations: { de: 'Datenanalyst' },
    });
  });

  test('under the key of their external reference, where the slug is none', () => {
    const reference = 'gsv_roles.data_analyst';
    expect(keys(found({ 'data-analyst-2': value('v2', 'Data analyst', { reference }) }))).toEqual([
      'data-analyst-2=data_analyst',
    ]);
  });
});

describe('values that become no term are listed with the reason', () => {
  test.each<[string, Parameters<typeof attribute>[1], TermModels, Given, string]>([
    ['no letter', { '-': value('v2', '!!!') }, {}, {}, '-: key_missing'],
    ['a blank name', { x: value('v2', ' \u200b') }, {}, {}, 'x: label_empty'],
    [
      'a long key',
      { abcdef: value('v2', 'A') },
      { roles: { ...ROLE, key_max: 5 } },
      {},
      'abcdef: key_too_long',
    ],
    [
      'a long label',
      { ab: value('v2', 'Abcdef') },
      { roles: { ...ROLE, label_max: 5 } },
      {},
      'ab: label_too_long',
    ],
    [
      'the key of another value',
      { data_analyst: value('v2', 'X'), 'data-analyst': value('v3', 'Y') },
      {},
      {},
      'data-analyst: key_taken',
    ],
    [
      'a key that the registry lacks',
      { ops: value('v2', 'Operations') },
      {},
      { contract: { attributes: [CATEGORY, { ...ROLES, registry: true }] }, registry: ['founder'] },
      'ops: registry_unknown',
    ],
  ])('%s', (_, values, models, given, reason) => {
    expect(reasons(found(values, models, given))).toEqual([reason]);
  });

  test('a value that looks like a term of Wagtail is none of them: --adopt is its way', () => {
    const shop = found(
      { sales_rep: value('v2', 'Sales rep') },
      {},
      {
        desired: {
          taxonomies: {
            categories: [term('sales', 'Sales')],
            roles: [term('founder', 'Founder'), term('rep', 'Sales rep')],
          },
        },
      },
    );
    expect([keys(shop), reasons(shop)]).toEqual([[], []]);
  });
});

describe('the fixture', () => {
  const { terms } = found({
    ops: value('v2', 'Operations', { translations: { de: 'Betrieb', fr: 'Exploitation' } }),
  });

  test('has a row a term, by the field names of the model and without a primary key', () => {
    const model = { model: 'work.persona', key: 'code', label: 'name' };
    expect(fixtureOf(terms, { roles: model }, 'en')).toEqual({
      rows: [{ model: 'work.persona', fields: { code: 'ops', name: 'Operations' } }],
      unwritten: [],
      lostTranslations: 1,
    });
    const primary = { ...model, is_key_primary: true };
    expect(fixtureOf(terms, { roles: primary }, 'en').rows).toEqual([
      { model: 'work.persona', pk: 'ops', fields: { name: 'Operations' } },
    ]);
  });

  test('has a row in each language of the site, with one translation key', () => {
    const rows = fixtureOf(terms, { roles: { ...ROLE, locales: { en: 1, de: 2 } } }, 'en').rows;
    expect(rows.map(({ fields }) => [fields['label'], fields['locale']])).toEqual([
      ['Operations', 1],
      ['Betrieb', 2],
    ]);
    const [own, german] = rows.map(({ fields }) => fields['translation_key']);
    expect(own).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(german).toBe(own);
    expect(fixtureOf(terms, { roles: { ...ROLE, locales: { fr: 3 } } }, 'en')).toMatchObject({
      rows: [],
      unwritten: [{ taxonomy: 'roles', needs: ['locale'] }],
    });
  });

  test('names what it cannot write', () => {
    expect(fixtureOf(terms, {}, 'en')).toMatchObject({
      rows: [],
      unwritten: [{ taxonomy: 'roles', needs: [] }],
    });
    expect(fixtureOf(terms, { roles: { ...ROLE, needs: ['owner'] } }, 'en')).toMatchObject({
      rows: [],
      unwritten: [{ taxonomy: 'roles', needs: ['owner'] }],
    });
  });
});
