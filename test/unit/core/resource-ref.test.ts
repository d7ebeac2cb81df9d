import { describe, expect, test } from '@jest/globals';
import { kindOf, ref } from '../../../src/core/resource-ref.ts';

describe('refs', () => {
  test('read like an address and hold no id', () => {
    expect([
      ref.attribute('gsv_roles'),
      ref.assignment('offering', 'gsv_roles'),
      ref.value('gsv_roles', 'founder'),
      ref.translation('gsv_roles', 'founder', 'pt-br'),
      ref.product('lead-scout'),
    ]).toEqual([
      'attribute.gsv_roles',
      'assignment.offering.gsv_roles',
      'value.gsv_roles.founder',
      'translation.gsv_roles.founder.pt-br',
      'product.lead-scout',
    ]);
    expect([ref.page(7), ref.productType('Offering'), ref.taxonomy('roles'), ref.shop]).toEqual([
      'page.7',
      'product_type.Offering',
      'taxonomy.roles',
      'shop',
    ]);
  });

  test('name the kind of a change, and nothing else is one', () => {
    expect(kindOf('value.gsv_roles.founder')).toBe('value');
    for (const other of ['page.7', 'product_type.offering', 'shop'])
      expect(() => kindOf(other)).toThrow(TypeError);
  });
});
