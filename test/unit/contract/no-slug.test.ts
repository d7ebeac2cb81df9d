import { expect, test } from '@jest/globals';
import { hasNoSlug } from '../../../src/contract/slugify.ts';

test.each(['', ' ', '!!!', '???', '--', '★', '★ !', '🚀', '🚀🚀', '_'])('%j gives an empty slug', (label) => {
  expect(hasNoSlug(label)).toBe(true);
});

test.each([
  'a',
  '2',
  'C++',
  '日本語',
  'é!',
  '©',
  '™',
  '€',
  '➊',
  '★ 1',
])('%j gives a slug, or Saleor decides', (label) => {
  expect(hasNoSlug(label)).toBe(false);
});
