/**
 * Characters that a reader cannot see or that re-order what is seen: DEL, C1 controls, soft hyphen, fillers, zero-width,
 * bidi controls, line and paragraph separators, variation selectors, shorthand and musical format controls, tags. C0 controls
 * are for the medium to judge. A fixed list: the printed form of a plan must not depend on the Unicode version of Node.
 */
export const HIDDEN =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

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
