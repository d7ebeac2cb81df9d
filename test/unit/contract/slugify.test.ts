import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEY, slugifiesTo, slugify } from '../../../src/contract/slugify.ts';

describe('slugs', () => {
  const vectors = JSON.parse(readFileSync('test/support/slugs.json', 'utf8')) as [string, string][];

  test.each(vectors)('of %j is Django’s', (text, slug) => {
    expect(slugify(text) ?? '').toBe(slug);
  });

  test.each([
    'Gründer',
    '日本語',
    'K\u2009',
    '\u0130',
  ])('%s is not foretold: Saleor transliterates it', (text) => {
    expect(slugify(text)).toBeNull();
  });

  test('a key slugifies to itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,5}(_[a-z0-9]{1,5}){0,3}$/), (key) => {
        expect(KEY.test(key)).toBe(true);
        expect(slugify(key)).toBe(key);
        expect(slugifiesTo(key, key)).toBe(true);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test.each(['Founder', '_lead', 'trail_', 'a__b', 'a-b', '', 'é', 'a b', 'a.b'])('%j is no key', (word) => {
    expect(KEY.test(word)).toBe(false);
  });

  test('a label that is longer than a name may be carries nothing', () => {
    expect(slugifiesTo(`Ops${'!'.repeat(247)}`, 'ops')).toBe(true);
    expect(slugifiesTo(`Ops${'!'.repeat(248)}`, 'ops')).toBe(false);
  });
});
