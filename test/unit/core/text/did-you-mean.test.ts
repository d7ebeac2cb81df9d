import { describe, expect, test } from '@jest/globals';
import { didYouMean, near } from '../../../../src/core/text/did-you-mean.ts';

describe('near names', () => {
  test('offer what a typing error could have meant, nearest first, three at most', () => {
    expect(near('data_analist', ['founder', 'data_analyst', 'data_analysts'])).toEqual([
      'data_analyst',
      'data_analysts',
    ]);
    expect(near('ab', ['aa', 'ac', 'bb', 'cb', 'zz'])).toEqual(['aa', 'ac', 'bb']);
    expect(near('founder', ['invoice_reader'])).toEqual([]);
  });

  test('are a question, or nothing', () => {
    expect(didYouMean('foundr', ['founder', 'found'])).toBe('Did you mean found or founder?');
    expect(didYouMean('founder', [])).toBe('');
  });
});
