import { describe, expect, test } from '@jest/globals';
import { HAZARDS } from '../../../src/plan/hazards.ts';
import {
  attribute,
  type Given,
  offering,
  planOf,
  product,
  ROLES,
  SHOP,
  value,
} from '../../support/catalogue.ts';
import { rich } from '../../support/rich-plan.ts';

describe('hazards', () => {
  const hazards = (given: Given) => planOf(given).hazards.map(({ code, ref }) => `${code} ${ref}`);

  test('are those of the changes, from the closed list', () => {
    expect(rich.hazards.map(({ code, ref }) => `${code} ${ref}`)).toEqual([
      'adopts_value value.gsv_roles.data_analyst',
      'changes_offering_id product.offering-1',
      'creates_attribute attribute.gsv_verified',
      'creates_translation translation.gsv_roles.data_analyst.en',
      'creates_translation translation.gsv_roles.data_analyst.fr',
      'renames_value value.gsv_roles.data_analyst',
      'renames_value value.gsv_roles.founder',
      'slug_changes value.gsv_roles.data_analyst',
    ]);
    for (const { code } of rich.hazards) expect(HAZARDS[code].meaning).toMatch(/\.$/);
  });

  test('name a set that is emptied, a key that goes, and a value that no product has any more', () => {
    expect(
      hazards({ desired: { offerings: [offering(1, { roles: [], primary_role: null, category: null })] } }),
    ).toEqual([
      'clears_attribute product.offering-1',
      'deletes_metadata product.offering-1',
      'removes_last_member value.gsv_category.sales',
      'removes_last_member value.gsv_roles.founder',
    ]);
    const other = { 'offering-1': product(1), 'offering-2': product(2) };
    expect(
      hazards({
        desired: { offerings: [offering(1, { roles: [] }), offering(2)] },
        actual: { products: other },
      }),
    ).toEqual(['clears_attribute product.offering-1']);
  });

  test('name a value that is deleted though products have it', () => {
    const values = (users: number) => ({
      founder: value('v1', 'Founder'),
      scribe: value('v2', 'Scribe', { users }),
    });
    const pruned = (users: number) =>
      hazards({
        options: { prune_values: true, prune_used: true },
        actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values(users)) } },
      });
    expect(pruned(0)).toEqual(['cannot_be_undone value.gsv_roles.scribe']);
    expect(pruned(2)).toEqual([
      'cannot_be_undone value.gsv_roles.scribe',
      'deletes_used_value value.gsv_roles.scribe',
    ]);
  });

  test('say that many products change: more than 30 % of those compared, from ten on', () => {
    const bulk = (changed: number, compared: number) => {
      const numbers = Array.from({ length: compared }, (_, index) => index + 1);
      const all = hazards({
        desired: {
          offerings: numbers.map((number) =>
            offering(number, number <= changed ? { card_tagline: 'New' } : {}),
          ),
        },
        actual: {
          products: Object.fromEntries(numbers.map((number) => [`offering-${number}`, product(number)])),
        },
      });
      return all.includes('bulk_change shop');
    };
    expect([bulk(9, 9), bulk(10, 33), bulk(10, 34), bulk(11, 34)]).toEqual([false, true, false, true]);
  });
});
