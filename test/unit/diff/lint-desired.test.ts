import { describe, expect, test } from '@jest/globals';
import { lintDesired } from '../../../src/diff/lint-desired.ts';
import { contract, type Given, inputs, offering, term } from '../../support/catalogue.ts';

describe('lint, without a shop', () => {
  const linted = (given: Given) => {
    const { contract: rules, desired, registry } = inputs(given);
    return lintDesired({ contract: rules, desired, registry }).map(({ code, ref }) => `${code} ${ref}`);
  };

  test('finds nothing in a site that is right', () => {
    expect(linted({})).toEqual([]);
  });

  test('two pages with one offering id are an error on each', () => {
    const same = { cp_offering_id: 'off_1' };
    expect(linted({ desired: { offerings: [offering(1, same), offering(2, same), offering(3)] } })).toEqual([
      'offering_id_used_twice page.1',
      'offering_id_used_twice page.2',
    ]);
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
