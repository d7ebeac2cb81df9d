import { HIDDEN } from './invisible-list.ts';

const C0 = /[\u0000-\u001f]/g;
const C0_BUT_NEWLINE = /[\u0000-\u0009\u000b-\u001f]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const named = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Text from outside, made safe for a terminal: controls, bidi controls and zero-width characters are written as
 * `\u{…}`, so that none of them can move the cursor, change a colour or re-order what is read (CVE-2021-25743).
 * With `newlines` a line feed stays: only for text whose line feeds are our own.
 */
export function visible(text: string, { newlines = false } = {}): string {
  return text
    .replace(newlines ? C0_BUT_NEWLINE : C0, named)
    .replace(HIDDEN, named)
    .replace(LONE_SURROGATE, named);
}

/**
 * In double quotes, so that a reader sees where it begins and ends. A backslash of the text is doubled, that of a hidden
 * character's `\u{…}` is not: the two cannot be taken for one another.
 */
export const quoted = (text: string): string => `"${visible(text.replace(/["\\]/g, '\\$&'))}"`;

/** Everything beyond printable ASCII spelled out: for ids, keys and addresses, where a look-alike letter matters. */
export const spelled = (text: string): string => visible(text).replace(/[^\u0020-\u007e]/gu, named);
