import { HIDDEN } from './invisible-characters.ts';

/** Blanks of all kinds, low lines, and the hyphens and dashes of Unicode. */
const SEPARATORS = /[\s_\u002d\u058a\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]+/g;

/**
 * One form for all spellings of a word: Unicode normal form, letter case, blanks (no-break blanks too), `-` and `_`, and
 * characters that nobody sees make no difference. `Data analyst`, `data-analyst` and `data_analyst` are one.
 * Empty for a text of nothing else.
 */
export function foldSpelling(text: string): string {
  const plain = text.normalize('NFKC').replace(HIDDEN, '');
  // Upper case first: it makes one of ß and ss, and of the two small sigmas.
  return plain.toUpperCase().toLowerCase().normalize('NFKC').replace(SEPARATORS, '_').replace(/^_|_$/g, '');
}
