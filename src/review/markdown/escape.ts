import { quoted, visible } from '../../core/text/invisible-characters.ts';

/**
 * Markdown's one escape. Whatever came from outside stands in a code span: there neither entities, HTML, links,
 * mentions nor emphasis mean anything, to any forge. Left to care for are the backticks that would end it, blanks
 * that would collapse, and the pipe, which ends a table's cell even inside code.
 */
export function code(text: string): string {
  const shown = visible(text)
    .replace(/^ | (?= )| $/g, '\\u{20}')
    // Parsers disagree on a pipe after a backslash.
    .replace(/\\\|/g, '\\\\u{7c}')
    .replace(/\|/g, '\\|');
  if (shown === '') return '(empty)';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A name or address, cut to `max` characters; what was cut is said. */
export const codeCut = (text: string, max: number): string =>
  text.length <= max ? code(text) : `${code(text.slice(0, max))}… (${text.length} characters)`;

/** Free text, in quotes and cut to `max` characters; what was cut is said. */
export function codeQuoted(text: string, max: number, from = 0): string {
  if (text.length <= max) return code(quoted(text));
  const said = `characters ${from + 1} to ${Math.min(from + max, text.length)} of ${text.length}`;
  return `${code(quoted(text.slice(from, from + max)))} (${said})`;
}

/** Where two texts begin to differ, a little before it: a cut must not hide the difference. */
export function firstDifference(before: string, after: string): number {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at += 1;
  return Math.max(0, at - 20);
}

const WORD = /^[A-Za-z][A-Za-z'’-]*$|^\d{1,6}$/;
/** What forges turn into links of their own. */
const REFERENCE = /^(?:GH-|www)|^[0-9a-f]{7,}$/i;

/**
 * A sentence of ours that holds words from outside: words that are letters only stay, everything else stands in code
 * spans. Never begins with what would open a list or a heading.
 */
export function prose(text: string, max = Number.POSITIVE_INFINITY): string {
  if (text.length > max) return `${prose(text.slice(0, max))}… (${text.length} characters)`;
  const words = visible(text).match(/\(?"[^"]*"[),.:;]*|\S+/g) ?? [];
  return words.map((word, index) => safe(word, index === 0)).join(' ');
}

function safe(word: string, isFirst: boolean): string {
  const [, before = '', core = '', after = ''] = /^(\(?)(.*?)([),.:;]*)$/s.exec(word) ?? [];
  const isPlain = WORD.test(core) && !REFERENCE.test(core) && !(isFirst && /^\d/.test(core));
  return core === '' ? code(word) : `${before}${isPlain ? core : code(core)}${after}`;
}

const SAFE = /^https?:\/\/[A-Za-z0-9:/?=&%._~#+,;-]+$/;

/** A link of ours to an address from outside; an address that is not plain http(s) stays text. */
export const link = (words: string, url: string): string =>
  SAFE.test(url) ? `[${words}](<${url}>)` : `${words}: ${code(url)}`;
