import { notInSandbox } from '../graphql/errors.ts';

/**
 * Letters that do not decompose into an ASCII letter and marks, as text_unidecode of a real 3.23 writes them
 * (ideographs and Arabic as recorded). Saleor knows 46,000 characters; all others are refused by name.
 */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '¡': '!',
    '¢': 'C/',
    '£': 'PS',
    '¤': '$?',
    '¥': 'Y=',
    '¦': '|',
    '§': 'SS',
    '¨': '"',
    '©': '(c)',
    '«': '<<',
    '¬': '!',
    '\u00ad': '',
    '®': '(r)',
    '¯': '-',
    '°': 'deg',
    '±': '+-',
    '´': "'",
    µ: 'u',
    '¶': 'P',
    '·': '*',
    '¸': ',',
    '»': '>>',
    '¼': '1/4',
    '½': '1/2',
    '¾': '3/4',
    '¿': '?',
    Æ: 'AE',
    Ð: 'D',
    '×': 'x',
    Ø: 'O',
    Þ: 'Th',
    ß: 'ss',
    æ: 'ae',
    ð: 'd',
    '÷': '/',
    ø: 'o',
    þ: 'th',
    Đ: 'D',
    đ: 'd',
    Ħ: 'H',
    ħ: 'h',
    ı: 'i',
    ĸ: 'k',
    Ŀ: 'L',
    ŀ: 'l',
    Ł: 'L',
    ł: 'l',
    ŉ: "'n",
    Ŋ: 'ng',
    ŋ: 'NG',
    Œ: 'OE',
    œ: 'oe',
    Ŧ: 'T',
    ŧ: 't',
    ƀ: 'b',
    Ə: '@',
    ƒ: 'f',
    Ǽ: 'AE',
    ǽ: 'ae',
    Ǿ: 'O',
    ǿ: 'o',
    ẞ: 'Ss',
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '-',
    '—': '--',
    '―': '--',
    '‘': "'",
    '’': "'",
    '‚': ',',
    '‛': "'",
    '“': '"',
    '”': '"',
    '„': ',,',
    '•': '*',
    '‰': '%0',
    '€': 'EUR',
    '™': 'tm',
    '\u200b': ' ',
    '\u200c': '',
    '\u200d': '',
    '\ufeff': '',
    '✓': '',
    日: 'Ri ',
    本: 'Ben ',
    語: 'Yu ',
    中: 'Zhong ',
    文: 'Wen ',
    ع: '`',
    ر: 'r',
    ب: 'b',
    ي: 'y',
  }),
);

const isLatin = (code: number): boolean =>
  (code >= 0xa0 && code < 0x250) || (code >= 0x1e00 && code < 0x1f00) || code === 0x2026 || code === 0x202f;

function transliterateLetter(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80) return letter;
  const known = LETTERS.get(letter);
  if (known !== undefined) return known;
  if (code > 0xffff || (code >= 0x300 && code < 0x34f)) return '';
  const base = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  if (isLatin(code) && /^[\x00-\x7f]*$/.test(base)) return base;
  throw notInSandbox(`the transliteration of U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Throws notInSandbox for a letter outside the table. */
export const transliterate = (text: string): string => Array.from(text, transliterateLetter).join('');
