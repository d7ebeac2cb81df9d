import { quoted, visible } from '../../core/text/invisible-characters.ts';

/**
 * The only escape for Markdown: text from outside goes into a code span, where no forge interprets entities, HTML, links,
 * mentions or emphasis. Also handles what a code span does not protect: backticks would end it, leading and double spaces
 * would collapse, and a pipe ends a table cell even inside code.
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

/** A name or address, cut to `max` characters; a cut one is followed by its full length. */
export const codeCut = (text: string, max: number): string =>
  text.length <= max ? code(text) : `${code(text.slice(0, max))}… (${text.length} characters)`;

/** Free text in quotes, cut to `max` characters from `from` on; a cut one is followed by the range that is shown. */
export function codeQuoted(text: string, max: number, from = 0): string {
  if (text.length <= max) return code(quoted(text));
  const range = `characters ${from + 1} to ${Math.min(from + max, text.length)} of ${text.length}`;
  return `${code(quoted(text.slice(from, from + max)))} (${range})`;
}

/** Characters before a difference that are shown with it. */
const CONTEXT = 20;

/** Where to start a cut of two texts so that it shows their first difference. */
export function firstDifference(before: string, after: string): number {
  let index = 0;
  while (index < before.length && before[index] === after[index]) index += 1;
  return Math.max(0, index - CONTEXT);
}

const PLAIN_WORD = /^[A-Za-z][A-Za-z'’-]*$|^\d{1,6}$/;
/** Words that forges turn into links. */
const FORGE_REFERENCE = /^(?:GH-|www)|^[0-9a-f]{7,}$/i;

/** Lower-case words of command lines of the program: commands, steps and formats. */
const COMMAND_WORDS: ReadonlySet<string> = new Set(
  (
    'apply approve audit check ci completion contract csv demo diff doctor drift github gitlab help history html init json lint ' +
    'markdown plan print replan revert saleor sandbox show snapshot status storefront sync verify wagtail'
  ).split(' '),
);

/**
 * A sentence of the program that contains text from outside. Words with letters only are kept, all others become code spans. A
 * command line of the program, and what is in backticks or quotes, is one span.
 * The result never begins with characters that start a list or a heading.
 */
export function prose(text: string, max = Number.POSITIVE_INFINITY): string {
  if (text.length > max) return `${prose(text.slice(0, max))}… (${text.length} characters)`;
  const words = visible(text).match(/\(?(?:"[^"]*"|`[^`]+`(?=[),.:;?!]*(?:\s|$)))[),.:;?!]*|\S+/g) ?? [];
  return joinCommands(words)
    .map((word, index) => proseWord(word, index === 0))
    .join(' ');
}

/**
 * Joins the words of each command line, and options that follow each other: it continues with commands, options and values, and
 * ends before a word of the sentence and after punctuation.
 */
function joinCommands(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let command: string | null = null;
  for (const word of words) {
    const name = word.replace(/[),.:;?!]*$/, '');
    if (command !== null && continues(command, name)) {
      command = `${command} ${word}`;
      joined.splice(-1, 1, command);
      if (name !== word) command = null;
    } else {
      joined.push(word);
      command = /^\(?(?:sailplan|--[a-z-]+)$/.test(word) ? word : null;
    }
  }
  return joined;
}

/** After the name of the program comes a command; then also values, which are no words of a sentence. Options come together. */
function continues(command: string, word: string): boolean {
  if (/^--[a-z]/.test(word)) return true;
  if (command.replace('(', '').startsWith('--')) return false;
  return COMMAND_WORDS.has(word) || (command.includes(' ') && !SENTENCE_WORD.test(word));
}

const SENTENCE_WORD = /^[A-Z]?[a-z’]+$/;

function proseWord(word: string, isFirst: boolean): string {
  const [, before = '', core = '', after = ''] = /^(\(?)(.*?)([),.:;?!]*)$/s.exec(word) ?? [];
  if (core === '') return code(word);
  const [, command] = /^`([^`]+)`$/.exec(core) ?? [];
  if (command !== undefined) return `${before}${code(command)}${after}`;
  const isPlain = PLAIN_WORD.test(core) && !FORGE_REFERENCE.test(core) && !(isFirst && /^\d/.test(core));
  return `${before}${isPlain ? core : code(core)}${after}`;
}

const SAFE_URL = /^https?:\/\/[A-Za-z0-9:/?=&%._~#+,;-]+$/;

/** A link to an address from outside. An address that is not plain http(s) is shown as text. */
export const link = (text: string, url: string): string =>
  SAFE_URL.test(url) ? `[${text}](<${url}>)` : `${text}: ${code(url)}`;
