import { describe, expect, test } from '@jest/globals';
import {
  attribute,
  changeOf,
  codesOf,
  contract,
  diffOf,
  type Given,
  IMAGE,
  OFFERING_ID,
  offering,
  product,
  productId,
  ROLES,
  refsOf,
  SHOP,
  TAGLINE,
  term,
  value,
} from '../../support/catalogue.ts';

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
    const cases = [
      [offering(1, { verified: null }), 'field_malformed'],
      [{ ...offering(1), fields: others }, 'field_missing'],
    ] as const;
    for (const [page, code] of cases) {
      const found = diffOf({ desired: { offerings: [page] } });
      expect(codesOf(found)).toEqual([`error ${code} product.offering-1`]);
      expect([refsOf(found), found.skipped.map(({ codes }) => codes)]).toEqual([[], [[code]]]);
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
    expect(found).toEqual({ changes: [], skipped: [], diagnostics: [] });
  });
});
