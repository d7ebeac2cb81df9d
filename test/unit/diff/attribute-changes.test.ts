import { describe, expect, test } from '@jest/globals';
import type { Attribute } from '../../../src/core/actual-state.ts';
import {
  attribute,
  CATEGORY,
  changeOf,
  codesOf,
  diffOf,
  type Given,
  offering,
  product,
  productType,
  ROLES,
  refsOf,
  SHOP,
  VERIFIED,
} from '../../support/catalogue.ts';

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

  test('finds a product type by slug, else by name; several of one name are an error', () => {
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
    expect(typed({ a: types.a })).toEqual(['create assignment.a.gsv_category']);
    expect(typed({ z: types.z, a: types.a })).toEqual([]);
  });
});
