import { expect, test } from '@jest/globals';
import { matchProductType } from '../../../src/diff/product-types.ts';
import { productType } from '../../support/catalogue.ts';

const named = (slug: string, name: string) => productType(slug, [], { name });

test('types that only the case of their names tells apart: each by its own name, both as what may be meant', () => {
  const types = { a: named('a', 'AI Offering'), b: named('b', 'AI OFFERING') };
  expect(matchProductType(types, 'AI OFFERING')).toMatchObject({ kind: 'found', slug: 'b' });
  expect(matchProductType(types, 'AI offering')).toEqual({ kind: 'missing', near: ['a', 'b'] });
});
