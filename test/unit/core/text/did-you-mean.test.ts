import { describe, expect, test } from '@jest/globals';
import { createSuggester, didYouMean, near } from '../../../../src/core/text/did-you-mean.ts';

describe('near names', () => {
  test('offer what a typing error could have meant, nearest first, three at most', () => {
    expect(near('data_analist', ['founder', 'data_analyst', 'data_analysts'])).toEqual([
      'data_analyst',
      'data_analysts',
    ]);
    expect(near('ab', ['aa', 'ac', 'bb', 'cb', 'zz'])).toEqual(['aa', 'ac', 'bb']);
    expect(near('founder', ['invoice_reader'])).toEqual([]);
  });

  test('cost little, however many and however long the words are', () => {
    const candidates = Array.from({ length: 100_000 }, (_, index) => `term_number_${index}`);
    const suggest = createSuggester(candidates);
    const begun = process.cpuUsage();
    for (let index = 0; index < 100_000; index += 1) suggest(`unknown_term_${index}`);
    expect(near('x'.repeat(1_000_000), ['x'.repeat(999_999)])).toEqual([]);
    expect(near('founder', ['founder'.repeat(1_000_000)])).toEqual([]);
    for (const word of ['term_numbr_7', 'x'.repeat(64)]) near(word, candidates);
    // CPU time, in microseconds: whatever else the machine does.
    expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
  });

  test('are found for the first hundreds of words, and are the same for the same word', () => {
    const suggest = createSuggester(['founder', 'developer']);
    expect(suggest('foundr')).toEqual(['founder']);
    for (let index = 0; index < 1_000; index += 1) suggest(`developr${index}`);
    expect([suggest('foundr'), suggest('develper')]).toEqual([['founder'], []]);
  });

  test('are a question, or nothing', () => {
    expect(didYouMean('foundr', ['founder', 'found'])).toBe('Did you mean found or founder?');
    expect(didYouMean('founder', [])).toBe('');
  });
});
