import { HIDDEN } from './invisible-characters.ts';

/** Spaces of all kinds, underscores, and the hyphens and dashes of Unicode. */
const SEPARATORS = /[\s_\u002d\u058a\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]+/g;

/**
 * One form for all spellings of a word: Unicode normal form, letter case, spaces (also no-break spaces), `-` and `_`, and
 * invisible characters are ignored. `Data analyst`, `data-analyst` and `data_analyst` are equal. Empty for a text without
 * other characters.
 */
export function foldSpelling(text: string): string {
  const plain = text.normalize('NFKC').replace(HIDDEN, '');
  // Upper case first: it makes one of ß and ss, and of the two small sigmas.
  return plain.toUpperCase().toLowerCase().normalize('NFKC').replace(SEPARATORS, '_').replace(/^_|_$/g, '');
}

/** Latin letters that Unicode does not decompose, as Saleor transliterates them in slugs (docs/saleor.md#value-slugs). */
const LATIN: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/** The spelling without accents: `Café` as `cafe`, `Øresund` as `oresund`. Letters of other scripts stay. */
export const foldAccents = (spelling: string): string =>
  spelling
    .normalize('NFD')
    .replace(/([a-z])[\u0300-\u036f]+/g, '$1')
    .replace(/[øđðłħıæœþ]/g, (letter) => LATIN[letter] ?? letter)
    .normalize('NFC');
