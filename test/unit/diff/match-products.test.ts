import { expect, test } from '@jest/globals';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { rivalsOf } from '../../../src/diff/match-products.ts';
import { type Given, offering, planOf, product, term } from '../../support/catalogue.ts';

const problems = (code: string, given: Given): readonly Diagnostic['data'][] =>
  planOf(given)
    .diagnostics.filter((one) => one.code === code)
    .map(({ data }) => data);

test('of many pages of one product each names ten others and counts the rest', () => {
  const pages = Array.from({ length: 13 }, (_, index) => offering(index + 1));
  const [first, last] = [pages[0], pages[12]] as const;
  expect(first && rivalsOf(first, pages)).toEqual({
    others: pages.slice(1, 11).map(({ page_id, title }) => ({ page_id, title })),
    more: 2,
  });
  expect(last && rivalsOf(last, pages)).toEqual({
    others: pages.slice(0, 10).map(({ page_id, title }) => ({ page_id, title })),
    more: 2,
  });
  expect(first && rivalsOf(first, pages.slice(0, 1))).toBeNull();
});

test('of an id in another form the id is named that is probably meant, where there is one', () => {
  const of = (saleor_product_id: string) =>
    problems('product_id_malformed', {
      desired: { offerings: [offering(1, {}, { saleor_product_id, saleor_product_slug: null })] },
    });
  expect(of('12')).toMatchObject([{ saleor_product_id: '12', near: ['UHJvZHVjdDoxMg=='] }]);
  const [data] = of('lead scout');
  expect(data).toMatchObject({ saleor_product_id: 'lead scout' });
  expect(data).not.toHaveProperty('near');
});

test('a page whose fields are missing or malformed has no derived value that was made up', () => {
  const { card_image: _, ...fields } = offering(1).fields;
  const without = planOf({
    desired: {
      offerings: [{ ...offering(1), fields: { ...fields, card_tagline: { error: 'must be text' } } }],
    },
    actual: { products: { 'offering-1': product(1) } },
  });
  expect(without.diagnostics.map(({ code }) => code)).toContain('field_malformed');
  expect(without.changes.flatMap(({ after }) => JSON.stringify(after)).join()).not.toContain('must be text');
});

test('labels that no attribute shows need no translation', () => {
  const given: Given = {
    desired: { taxonomies: { roles: [term('data_analyst', 'Data analyst', { fr: 'Analyste' })] } },
    actual: { locales: [] },
  };
  const { contract } = planOf();
  const attributes = contract.attributes.filter(({ taxonomy }) => taxonomy === undefined);
  const codesOf = (one: Given) => planOf(one).diagnostics.map(({ code }) => code);
  expect(codesOf(given)).toContain('translations_not_read');
  expect(codesOf({ ...given, contract: { ...contract, attributes } })).not.toContain('translations_not_read');
});
