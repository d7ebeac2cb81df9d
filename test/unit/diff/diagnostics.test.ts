import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Actual, Attribute } from '../../../src/core/actual-state.ts';
import type { Desired } from '../../../src/core/desired-state.ts';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import { lintDesired } from '../../../src/diff/lint-desired.ts';
import { hintOf, MESSAGES, messageOf } from '../../../src/plan/diagnostic-messages.ts';
import {
  attribute,
  CATEGORY,
  contract,
  type Given,
  inputs,
  offering,
  planOf,
  product,
  productId,
  productType,
  ROLES,
  SHOP,
  SITE,
  term,
  VERIFIED,
  value,
} from '../../support/catalogue.ts';

/** A second page, right in all, whose product must stay compared whatever is wrong elsewhere. */
const other = offering(2, { category: null, roles: [], primary_role: null, verified: false });
const otherProduct = product(2, { gsv_category: null, gsv_roles: {} }, { primary_role: undefined });
const site = (page = offering(1), terms = SITE.taxonomies): Partial<Desired> => ({
  taxonomies: { ...SITE.taxonomies, ...terms },
  offerings: [page, other],
});
const shop = (given: Partial<Actual> = {}): Partial<Actual> => ({
  products: { 'offering-1': product(1), 'offering-2': otherProduct },
  ...given,
});
const terms = (...roles: ReturnType<typeof term>[]) => ({ roles: [term('founder', 'Founder'), ...roles] });
const shelf = (values: Attribute['values']): Partial<Actual> =>
  shop({ attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) } });
const founder = { founder: value('v-founder', 'Founder') };
const withType = (attributes: readonly string[]): Partial<Actual> =>
  shop({ product_types: { offering: productType('offering', attributes) } });

interface Case {
  readonly severity: 'error' | 'warning' | 'note';
  readonly ref: string;
  /** Refs that are not compared; the other page never is among them but where it is concerned itself. */
  readonly out?: readonly string[];
  /** With --strict, where that differs. */
  readonly strict?: { readonly severity: 'error'; readonly out?: readonly string[] };
  readonly given: Given;
}

const PAGE_1 = ['product.offering-1'];

const CASES: Readonly<Record<string, Case>> = {
  key_malformed: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('Data-Analyst', 'Data analyst'))) },
  },
  key_too_long: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('a'.repeat(241), 'A'))) },
  },
  key_duplicate: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('ops', 'Ops'), term('ops', 'Operations'))) },
  },
  label_empty: {
    severity: 'error',
    ref: 'taxonomy.roles',
    given: { desired: site(undefined, terms(term('ops', ' '))) },
  },
  registry_unknown: {
    severity: 'error',
    ref: 'taxonomy.roles',
    out: PAGE_1,
    given: {
      contract: { attributes: [CATEGORY, { ...ROLES, registry: true }, VERIFIED] },
      registry: ['ops'],
      desired: site(),
    },
  },
  term_draft: {
    severity: 'warning',
    ref: 'taxonomy.roles',
    given: {
      desired: {
        ...site(),
        problems: [
          {
            severity: 'warning',
            code: 'term_draft',
            ref: 'taxonomy.roles',
            data: { key: 'ops', page_id: 1, title: 'Lead scout 1' },
          },
        ],
      },
    },
  },
  digest_unchecked: {
    severity: 'note',
    ref: 'source',
    given: {
      desired: {
        ...site(),
        problems: [{ severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} }],
      },
    },
  },
  value_missing: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: { desired: site(undefined, terms(term('ops', 'Ops'))) },
  },
  value_adoptable: {
    severity: 'error',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, 'data-analyst': value('v2', 'Data analyst') }),
    },
  },
  value_ambiguous: {
    severity: 'error',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      options: { create_missing: true, adopt: true },
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({
        ...founder,
        'data-analyst': value('v2', 'Data analyst'),
        'data-analyst-2': value('v3', 'DATA  ANALYST', { reference: 'ERP-7' }),
      }),
    },
  },
  label_in_use: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { create_missing: true },
      desired: site(undefined, terms(term('ops', 'Ops'), term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, data_analyst: value('v2', 'Ops') }),
    },
  },
  reference_taken: {
    severity: 'error',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { create_missing: true },
      desired: site(undefined, terms(term('ops', 'Ops'))),
      actual: shelf({ founder: value('v-founder', 'Founder', { reference: 'gsv_roles.ops' }) }),
    },
  },
  label_hidden: {
    severity: 'warning',
    ref: 'value.gsv_roles.data_analyst',
    given: {
      desired: site(undefined, terms(term('data_analyst', 'Data analyst'))),
      actual: shelf({ ...founder, data_analyst: value('v2', 'data_analyst') }),
    },
  },
  label_too_long: {
    severity: 'warning',
    ref: 'translation.gsv_roles.ops.en',
    given: {
      desired: site(undefined, terms(term('ops', 'O'.repeat(251)))),
      actual: shelf({ ...founder, ops: value('v2', 'Ops') }),
    },
  },
  translations_not_permitted: {
    severity: 'warning',
    ref: 'shop',
    given: { desired: site(), actual: shop({ permissions: [], locales: [] }) },
  },
  translations_not_read: {
    severity: 'warning',
    ref: 'shop',
    given: { desired: site(), actual: shop({ locales: ['fr'] }) },
  },
  extra_value: {
    severity: 'warning',
    ref: 'value.gsv_roles.ops',
    given: { desired: site(), actual: shelf({ ...founder, ops: value('v2', 'Ops') }) },
  },
  used_value_deleted: {
    severity: 'warning',
    ref: 'value.gsv_roles.ops',
    given: {
      options: { prune_values: true, prune_used: true },
      desired: site(),
      actual: shelf({ ...founder, ops: value('v2', 'Ops', { users: 3 }) }),
    },
  },
  attribute_missing: {
    severity: 'error',
    ref: 'attribute.gsv_verified',
    out: [...PAGE_1, 'product.offering-2'],
    given: {
      desired: site(),
      actual: shop({
        attributes: {
          gsv_category: SHOP.attributes['gsv_category'] as never,
          gsv_roles: SHOP.attributes['gsv_roles'] as never,
        },
      }),
    },
  },
  input_type_differs: {
    severity: 'error',
    ref: 'attribute.gsv_roles',
    out: [...PAGE_1, 'product.offering-2'],
    given: {
      desired: site(),
      actual: shop({
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, founder, { input_type: 'DROPDOWN' }) },
      }),
    },
  },
  assignment_missing: {
    severity: 'warning',
    ref: 'assignment.offering.gsv_category',
    out: PAGE_1,
    strict: { severity: 'error' },
    given: { desired: site(), actual: withType(['gsv_roles', 'gsv_verified']) },
  },
  product_type_missing: {
    severity: 'warning',
    ref: 'product_type.GiftCard',
    strict: { severity: 'error' },
    given: {
      contract: { attributes: [{ ...CATEGORY, product_types: ['offering', 'GiftCard'] }, ROLES, VERIFIED] },
      desired: site(),
    },
  },
  product_unnamed: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_slug: null })) },
  },
  product_id_malformed: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_id: '1' })) },
  },
  product_missing: {
    severity: 'error',
    ref: 'page.1',
    out: ['page.1'],
    given: { desired: site(offering(1, {}, { saleor_product_id: productId(77) })) },
  },
  product_ids_disagree: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(offering(1, {}, { saleor_product_id: productId(1), saleor_product_slug: 'offering-2' })),
    },
  },
  product_slug_stale: {
    severity: 'warning',
    ref: 'product.offering-1',
    given: {
      desired: site(offering(1, {}, { saleor_product_id: productId(1), saleor_product_slug: 'former-name' })),
    },
  },
  product_claimed_twice: {
    severity: 'error',
    ref: 'product.offering-1',
    out: [...PAGE_1, ...PAGE_1],
    given: {
      desired: {
        offerings: [
          offering(1),
          other,
          offering(3, {}, { saleor_product_id: productId(1), saleor_product_slug: null }),
        ],
      },
    },
  },
  product_type_unexpected: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(),
      actual: shop({
        product_types: {
          ...SHOP.product_types,
          voucher: productType('voucher', ['gsv_category', 'gsv_roles', 'gsv_verified']),
        },
        products: { 'offering-1': product(1, {}, {}, { type: 'voucher' }), 'offering-2': otherProduct },
      }),
    },
  },
  attribute_not_assigned: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(), actual: withType(['gsv_roles', 'gsv_verified']) },
  },
  attribute_unavailable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site(),
      actual: shop({
        attributes: {
          gsv_roles: SHOP.attributes['gsv_roles'] as never,
          gsv_verified: SHOP.attributes['gsv_verified'] as never,
        },
      }),
    },
  },
  value_unavailable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['founder', 'ops'] }), terms(term('ops', 'Ops'))) },
  },
  field_missing: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: {
      desired: site({
        ...offering(1),
        fields: { ...other.fields, roles: undefined as never, card_tagline: undefined as never },
      }),
    },
  },
  required_field_empty: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { cp_offering_id: '' })) },
  },
  term_unknown: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['foundr'], primary_role: null })) },
  },
  term_not_usable: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { roles: ['ops'], primary_role: null }), terms(term('ops', ''))) },
  },
  estimate_reversed: {
    severity: 'error',
    ref: 'product.offering-1',
    out: PAGE_1,
    given: { desired: site(offering(1, { credits_estimate_min: '20.50', credits_estimate_max: 20 })) },
  },
  image_broken: {
    severity: 'error',
    ref: 'product.offering-1',
    given: { desired: site(offering(1, { card_image: { error: 'relative' } })) },
  },
  primary_not_among: {
    severity: 'warning',
    ref: 'product.offering-1',
    given: { desired: site(offering(1, { roles: [] })) },
  },
  held_back: {
    severity: 'note',
    ref: 'product.offering-1',
    given: {
      options: { exclude: [{ ref: 'product.offering-1', field: null, reason: 'launch' }] },
      desired: site(offering(1, { card_tagline: 'New' })),
    },
  },
  held_back_with: {
    severity: 'note',
    ref: 'product.offering-1',
    given: {
      options: {
        create_missing: true,
        exclude: [{ ref: 'value.gsv_roles.ops', field: null, reason: 'launch' }],
      },
      desired: site(offering(1, { roles: ['founder', 'ops'] }), terms(term('ops', 'Ops'))),
    },
  },
};

/** Told by those who read the shop, or a report that is to be reverted, and never found by a diff. */
const TOLD_ELSEWHERE = [
  'attribute_maybe_hidden',
  'attribute_of_another_kind',
  'changed_since',
  'extra_values_counted',
  'locale_unknown_to_saleor',
  'not_revertible',
  'nothing_to_hold_back',
  'permission_missing_to_apply',
  'rest_not_rebuilt',
  'revert_uncertain',
  'reverts',
  'shop_version_newer',
];

const cases = Object.entries(CASES).map(([code, one]) => [code, one] as const);
const whole = ({ given }: Case): Given => ({ ...given, actual: given.actual ?? shop() });

describe('each problem leaves out what it concerns, and nothing else', () => {
  test.each(cases)('%s', (code, one) => {
    const plan = planOf(whole(one));
    const found = plan.diagnostics.filter((problem) => problem.code === code && problem.ref === one.ref);
    expect(found.map(({ severity }) => severity)).toContain(one.severity);
    expect(plan.left_out.map(({ ref }) => ref)).toEqual(one.out ?? []);
    expect(plan.errored).toBe(false);
    expect(plan.summary.left_out).toBe(plan.left_out.length);
  });

  test.each(cases.filter(([, { given }]) => given.options === undefined))('%s with --strict', (code, one) => {
    const { given } = one;
    const plan = planOf({ ...whole(one), options: { ...given.options, strict: true } });
    const { severity } = one.strict ?? one;
    const found = plan.diagnostics.filter((problem) => problem.code === code && problem.ref === one.ref);
    expect(found.map((problem) => problem.severity)).toContain(severity);
    expect(plan.errored).toBe(severity === 'error' || (one.out ?? []).length > 0);
  });
});

describe('words', () => {
  test('there are some for every code that the sources can give a problem', () => {
    const sources = ['diff', 'wagtail', 'saleor'].flatMap((folder) =>
      readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`src/${folder}/${name}`, 'utf8')),
    );
    const given =
      /(?:\bcode: |\breport\(\s*(?:'\w+'|[^,']*'\w+' : '\w+'),\s*|\b(?:fail|note|problem|warn)\((?:[a-z][\w.]*, )?)'([a-z]+_[a-z_]+)'/g;
    const codes = new Set(
      sources.flatMap((text) => [...text.matchAll(given)].map(([, code]) => code as string)),
    );
    expect(codes.size).toBeGreaterThan(25);
    const isFailure = (code: string) => new Failure(code as FailureCode, '').exitCode !== undefined;
    expect([...codes].filter((code) => !Object.hasOwn(MESSAGES, code) && !isFailure(code))).toEqual([]);
  });

  test('every code has a case here or is told elsewhere', () => {
    expect([...Object.keys(CASES), ...TOLD_ELSEWHERE].sort()).toEqual(Object.keys(MESSAGES).sort());
  });

  test.each(cases)('%s is said in one line without a hole', (_, one) => {
    for (const problem of planOf(whole(one)).diagnostics) {
      const message = messageOf(problem);
      expect(message).not.toMatch(/undefined|null|\[object|NaN|\n|\.$/);
      expect(message.length).toBeGreaterThan(10);
      if (problem.code !== 'held_back_with') expect(hintOf(problem)).not.toBe('');
    }
  });

  test.each<[string, object, string]>([
    [
      'shop_version_newer',
      { version: '3.25.0' },
      'Saleor 3.25.0 is newer than the versions this tool was tried on (3.21 to 3.24)',
    ],
    [
      'product_missing',
      { page_id: 1, title: 'Lead scout', saleor_product_id: null, saleor_product_slug: 'lead-scout' },
      'page 1 (Lead scout): Saleor has no product with slug "lead-scout"',
    ],
    [
      'product_missing',
      { page_id: 1, title: 'Lead scout', saleor_product_id: 'UHJvZHVjdDo5', saleor_product_slug: null },
      'page 1 (Lead scout): Saleor has no product with id UHJvZHVjdDo5',
    ],
    [
      'permission_missing_to_apply',
      { permission: 'MANAGE_PRODUCTS' },
      'applying this plan needs MANAGE_PRODUCTS, which the token it was made with lacks',
    ],
    [
      'attribute_maybe_hidden',
      { permission: 'MANAGE_PRODUCTS' },
      'the attribute "gsv_roles" may be there but hidden: the token lacks MANAGE_PRODUCTS',
    ],
    ['attribute_of_another_kind', {}, 'the attribute "gsv_roles" is not an attribute of product types'],
    [
      'locale_unknown_to_saleor',
      { locale: 'tlh' },
      'Saleor has no language "tlh", so no label is written in it',
    ],
    [
      'extra_values_counted',
      { values: 3, used: 1, products: 2 },
      '3 values of the shop are in no taxonomy: 2 without a product, 1 is on products (each counted by itself: 2 in all)',
    ],
    [
      'extra_values_counted',
      { values: 1, used: 0, products: 0 },
      '1 value of the shop is in no taxonomy: 1 without a product, 0 are on products (each counted by itself: 0 in all)',
    ],
    [
      'rest_not_rebuilt',
      { offerings: 1, products: 2 },
      '1 offering and 2 products that are in line stand in the plan as one digest and cannot be built again from it; bulk_change and removes_last_member count them as the plan states them',
    ],
    [
      'held_back',
      { field: 'metadata.x', reason: 'launch' },
      'attribute.gsv_roles, metadata.x is held back: launch',
    ],
    [
      'term_unknown',
      {
        page_id: 1,
        title: 'Lead scout',
        field: 'roles',
        key: 'foundr',
        taxonomy: 'roles',
        near: ['founder', 'found'],
      },
      'page 1 (Lead scout): roles has the key "foundr", which is not in roles (did you mean founder or found?)',
    ],
    [
      'label_hidden',
      { label: '日本語', slug: null },
      'gsv_roles: the name cannot carry the label "日本語", whose slug would be another one',
    ],
    [
      'extra_value',
      { name: 'Ops', kept: 'in_use', users: 4 },
      'gsv_roles: Saleor has this value (Ops), Wagtail has no such term; 4 products have it, so it is not deleted',
    ],
    [
      'used_value_deleted',
      { name: 'Ops', users: 12, products: Array.from({ length: 12 }, (_, index) => `p${index}`) },
      'gsv_roles (Ops) is deleted, and 12 products have it (of those compared: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more)',
    ],
    [
      'label_too_long',
      { key: 'ops', length: 300, max: 250 },
      'gsv_roles.ops: the label has 300 characters, Saleor takes 250',
    ],
  ])('%s reads', (code, data, message) => {
    const problem = { severity: 'warning' as const, code, ref: 'attribute.gsv_roles', data: data as never };
    expect(messageOf(problem)).toBe(message);
    expect(hintOf(problem)).not.toBe('');
  });

  test('a code from elsewhere is shown as it is, whatever its name', () => {
    for (const code of ['told_by_a_newer_version', 'constructor', 'to_string', '__proto__']) {
      const problem = { severity: 'error' as const, code, ref: 'shop', data: {} };
      expect([messageOf(problem), hintOf(problem)]).toEqual([`${code} (shop)`, '']);
    }
  });

  test('no message breaks on data that are not what they should be', () => {
    for (const code of Object.keys(MESSAGES)) {
      for (const data of [{}, { labels: 1, others: [null], near: {}, products: 'x' }])
        expect(messageOf({ severity: 'error', code, ref: '', data })).toEqual(expect.any(String));
    }
  });
});

describe('lint, without a shop', () => {
  const linted = (given: Given) => {
    const { contract: rules, desired, registry } = inputs(given);
    return lintDesired({ contract: rules, desired, registry }).map(({ code, ref }) => `${code} ${ref}`);
  };

  test('finds nothing in a site that is right', () => {
    expect(linted({})).toEqual([]);
  });

  test('says what the plan would say of the site', () => {
    expect(
      linted({
        contract: contract(),
        desired: {
          taxonomies: { categories: [], roles: [term('Founder', 'Founder')] },
          offerings: [
            offering(1, { category: null, roles: [], primary_role: null }, { saleor_product_slug: null }),
            offering(2, { category: 'sales', roles: [], primary_role: null }, { saleor_product_id: '2' }),
            offering(3, { category: null, roles: [], primary_role: null }),
            offering(
              4,
              { category: null, roles: [], primary_role: null },
              { saleor_product_slug: 'offering-3' },
            ),
          ],
        },
      }),
    ).toEqual([
      'key_malformed taxonomy.roles',
      'product_unnamed page.1',
      'product_id_malformed page.2',
      'product_claimed_twice page.3',
      'product_claimed_twice page.4',
      'term_unknown page.2',
    ]);
  });
});
