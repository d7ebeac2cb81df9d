import { expect, test } from '@jest/globals';
import { inLanguage, languageCode, languageTag, languageTags } from '../../../src/core/language-tag.ts';

test('all spellings of a language have one tag and one code of Saleor', () => {
  for (const locale of ['pt-br', 'pt_BR', 'PT-BR', 'PT_BR', ' pt-BR '])
    expect([languageTag(locale), languageCode(locale)]).toEqual(['pt-br', 'PT_BR']);
  expect(languageTags(['EN', 'en', 'en-us', 'EN_US', 'de'])).toEqual(['en', 'en-us', 'de']);
});

test('a label is found whatever the spelling of its language; an exact one first', () => {
  expect(inLanguage({ pt_BR: 'a', 'pt-br': 'b' }, 'pt-br')).toBe('b');
  expect(inLanguage({ PT_BR: 'a', pt: 'c' }, 'pt-br')).toBe('a');
  expect(inLanguage({ pt: 'c' }, 'pt-br')).toBeUndefined();
});
