import { describe, expect, test } from '@jest/globals';
import { diffOf, type Given, offering, product, productId, refsOf } from '../../support/catalogue.ts';

test('a shop that says what the site says has nothing to change', () => {
  expect(diffOf()).toEqual({ changes: [], skipped: [], diagnostics: [] });
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
      expect(found.skipped.map(({ ref }) => ref)).toContain('product.offering-2');
      expect(refsOf(found)).not.toContain('update product.offering-2');
    }
  });
});
