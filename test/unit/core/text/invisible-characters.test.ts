import { expect, test } from '@jest/globals';
import { HIDDEN, isBlank, trimBlanks, visible } from '../../../../src/core/text/invisible-characters.ts';

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

test('blank to the eye is empty: blanks, no-break blanks, zero width, and nothing else', () => {
  for (const text of [
    '',
    ' ',
    '\t\r\n',
    '\u00a0\u2007\u202f',
    '\u200b',
    '\ufeff \u2060',
    '\u3000',
    '\u2800',
    '\u3164',
  ])
    expect([text, isBlank(text)]).toEqual([text, true]);
  for (const text of ['a', ' . ', '-', '\u00a0x', '日', '\u200bé', '0'])
    expect([text, isBlank(text)]).toEqual([text, false]);
});

test('blanks and hidden characters are taken off the ends only', () => {
  expect(trimBlanks('\ufeff\u00a0a b\u200bc\r\n\u2060')).toBe('a b\u200bc');
});

test('nothing in visible text is a command to a CI log, and other colons and hashes stay', () => {
  for (const text of [
    '##[add-mask]x',
    'a ##[stop-commands]t',
    '::stop-commands::t',
    'word ::SET-OUTPUT name=a::b',
    '::error file=x::y',
    '##vso[task.setvariable variable=a]b',
    '##teamcity[buildStop]',
    '###[error]x',
  ])
    expect([text, /##\[|##vso\[|##teamcity\[|::(?:stop|set|error)/i.test(visible(text))]).toEqual([
      text,
      false,
    ]);
  for (const text of ['http://[::1]:8000/', 'std::vector', '## Heading', '#1', 'a::b', '::errors'])
    expect(visible(text)).toBe(text);
});
