/**
 * Characters that a reader cannot see or that re-order what is seen: DEL, C1 controls, soft hyphen, fillers, zero-width,
 * bidi controls, line and paragraph separators, variation selectors, shorthand and musical format controls, tags. Not C0
 * controls, which each medium treats in its own way. A fixed list: the printed form of a plan must not depend on the Unicode
 * version of Node.
 */
export const HIDDEN =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** White space of all kinds (also no-break spaces) and the braille blank. */
const BLANK = /^(?:\s|\u2800)*$/;

/** Whether a character is a visible one of ASCII, as nearly all are; false beyond the end of a text. */
const isInk = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit > 0x20 && unit < 0x7f;
};

/** Whether a text is invisible: spaces, no-break spaces, zero-width and other hidden characters, or empty. */
export const isBlank = (text: string): boolean =>
  text === '' || (!isInk(text, 0) && !/[!-~]/.test(text) && BLANK.test(text.replace(HIDDEN, '')));

const AROUND = new RegExp(`^(?:\\s|${HIDDEN.source})+|(?:\\s|${HIDDEN.source})+$`, 'gu');

/** Without the spaces and hidden characters at both ends. */
export const trimBlanks = (text: string): string =>
  text === '' || (isInk(text, 0) && isInk(text, text.length - 1)) ? text : text.replace(AROUND, '');

const C0 = /[\u0000-\u001f]/g;
const C0_BUT_NEWLINE = /[\u0000-\u0009\u000b-\u001f]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text that the log of a CI system treats as a command: GitHub's runner `##[add-mask]x` anywhere in a line and
 * `::stop-commands::x` at its start, where wrapping can move any word; Azure `##vso[…]`, TeamCity `##teamcity[…]`.
 */
const LOG_COMMAND =
  /##(?=\[|vso\[|teamcity\[)|:(?=:(?:(?:add|internal|remove|save|set|stop)-|(?:debug|echo|endgroup|error|group|notice|warning)\b))/gi;

/** Whether nothing in a text is escaped, as in nearly all texts. */
const isOrdinary = (text: string): boolean =>
  /^[ -~]*$/.test(text) && !text.includes('##') && !text.includes('::');

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Makes text from outside safe for a terminal: writes controls, bidi controls and zero-width characters as `\u{…}`, so that
 * none of them moves the cursor, changes a colour or re-orders the line (CVE-2021-25743). Does the same to the first character
 * of what a CI system's log takes for a command. `newlines` keeps line feeds: only for text whose line feeds are our own.
 */
export function visible(text: string, { newlines = false } = {}): string {
  if (isOrdinary(text)) return text;
  return text
    .replace(newlines ? C0_BUT_NEWLINE : C0, escaped)
    .replace(HIDDEN, escaped)
    .replace(LONE_SURROGATE, escaped)
    .replace(LOG_COMMAND, (start) => `${escaped(start)}${start.slice(1)}`);
}

/**
 * The visible text in double quotes, so that a reader sees where it begins and ends. Doubles backslashes of the text, but not
 * that of an escaped character, so that the two differ.
 */
export const quoted = (text: string): string => `"${visible(text.replace(/["\\]/g, '\\$&'))}"`;

/** Escapes everything beyond printable ASCII: for ids, keys and addresses, where a look-alike letter matters. */
export const spelled = (text: string): string => visible(text).replace(/[^\u0020-\u007e]/gu, escaped);
