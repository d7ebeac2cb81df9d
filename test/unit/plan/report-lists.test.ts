import { describe, expect, test } from '@jest/globals';
import type { Attribute } from '../../../src/core/actual-state.ts';
import { reportLists } from '../../../src/plan/report-lists.ts';
import {
  attribute,
  CATEGORY,
  offering,
  planOf,
  product,
  productId,
  ROLES,
  SHOP,
  SITE,
  term,
  VERIFIED,
} from '../../support/catalogue.ts';

describe('the six lists of the specification', () => {
  const fate = { outcome: 'planned' as const, id: null };

  test('are of the plan and of what became of its changes', () => {
    const plan = planOf({
      options: { create_missing: true },
      registry: ['ops'],
      contract: { attributes: [CATEGORY, { ...ROLES, registry: true }, VERIFIED] },
      desired: {
        taxonomies: {
          categories: [term('sales', 'Sales'), term('support', 'Support')],
          roles: [term('ops', 'Ops'), term('founder', 'Founder')],
        },
        offerings: [
          offering(1, { category: 'support', roles: ['ops'], primary_role: null }),
          offering(2, { roles: ['nobody'], primary_role: 'nobody' }),
          offering(3, { primary_role: 'founder' }, { saleor_product_id: productId(77) }),
        ],
      },
      actual: {
        attributes: {
          gsv_category: SHOP.attributes['gsv_category'] as Attribute,
          gsv_roles: attribute(ROLES),
        },
        products: { 'offering-1': product(1, { gsv_verified: null }), 'offering-2': product(2) },
      },
    });
    const found = reportLists(plan, () => fate);
    expect(found.created_attribute_values).toEqual([
      {
        attribute: 'gsv_category',
        key: 'support',
        name: 'Support',
        slug: 'support',
        id: null,
        outcome: 'planned',
      },
      { attribute: 'gsv_roles', key: 'ops', name: 'Ops', slug: 'ops', id: null, outcome: 'planned' },
    ]);
    expect(found.updated_products).toEqual([]);
    expect(found.missing_products).toEqual([
      {
        page_id: 3,
        title: 'Lead scout 3',
        saleor_product_id: productId(77),
        saleor_product_slug: 'offering-3',
      },
    ]);
    expect(found.missing_taxonomies).toEqual([
      {
        kind: 'value_missing',
        attribute: 'gsv_category',
        key: 'support',
        label: 'Support',
        needed_by: ['product.offering-1'],
        will_create: true,
      },
      {
        kind: 'value_missing',
        attribute: 'gsv_roles',
        key: 'ops',
        label: 'Ops',
        needed_by: ['product.offering-1'],
        will_create: true,
      },
      {
        kind: 'attribute_missing',
        attribute: 'gsv_verified',
        key: null,
        label: null,
        needed_by: [],
        will_create: false,
      },
      {
        kind: 'registry_unknown',
        attribute: 'gsv_roles',
        key: 'founder',
        label: 'Founder',
        needed_by: ['page.3'],
        will_create: false,
      },
      {
        kind: 'term_unknown',
        attribute: 'gsv_roles',
        key: 'nobody',
        label: null,
        needed_by: ['product.offering-2'],
        will_create: false,
      },
    ]);
    expect(found.errors.map(({ code }) => code)).toContain('registry_unknown');
    expect(found.warnings.every(({ message, hint }) => message !== '' && hint !== '')).toBe(true);
  });

  test('show what is missing and will not be made, and an updated product with its outcome', () => {
    const plan = planOf({
      desired: {
        taxonomies: { ...SITE.taxonomies, roles: [term('founder', 'Founder'), term('ops', 'Ops')] },
        offerings: [offering(1, { card_tagline: 'New' })],
      },
    });
    const found = reportLists(plan, () => ({ outcome: 'applied', id: 'x' }));
    expect(found.missing_taxonomies).toEqual([
      {
        kind: 'value_missing',
        attribute: 'gsv_roles',
        key: 'ops',
        label: 'Ops',
        needed_by: [],
        will_create: false,
      },
    ]);
    expect(found.updated_products).toMatchObject([
      { ref: 'product.offering-1', id: productId(1), slug: 'offering-1', outcome: 'applied' },
    ]);
  });

  test('a new value whose slug Saleor decides has none yet', () => {
    const plan = planOf({
      contract: { naming: 'external_reference' },
      options: { create_missing: true },
      desired: { taxonomies: { categories: [], roles: [term('chief', '主任')] }, offerings: [] },
    });
    expect(reportLists(plan, () => fate).created_attribute_values).toMatchObject([
      { key: 'chief', name: '主任', slug: null },
    ]);
  });
});
