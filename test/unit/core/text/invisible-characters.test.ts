import { expect, test } from '@jest/globals';
import { HIDDEN } from '../../../../src/core/text/invisible-characters.ts';

test('every character that cannot be seen is known as hidden, and no letter is', () => {
  for (const char of [
    '\u007f',
    '\u0085',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2066',
    '\u2028',
    '\ufeff',
    '\ufe0f',
    '\u{1d173}',
    '\u{1bca0}',
    '\u{e0041}',
  ])
    expect(char.replace(HIDDEN, '')).toBe('');
  for (const char of ['a', 'é', '日', ' ', '\n', '\u{1f600}', 'ع'])
    expect(char.replace(HIDDEN, '')).toBe(char);
});
