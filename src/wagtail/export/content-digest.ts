import { isPlain, sha256 } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';

/**
 * Whether a document's `content_sha256` fits its content.
 * not_reproducible: its numbers are not written as Python writes them, so the printed form cannot be made again
 */
type Seal = 'fits' | 'broken' | 'not_reproducible';

/** `text` is the whole document, `content` what is sealed of it, in both readings of its numbers. */
export function verifyContentDigest(
  text: string,
  contentOf: (document: JsonObject) => JsonObject,
  expected: string,
): Seal {
  const plain = contentOf(JSON.parse(text) as JsonObject);
  if (sha256(pythonForm(plain)) === expected) return 'fits';
  // A number such as 1.0 or 1e+16 reads the same in JavaScript but prints differently: take it as it was written.
  const written = contentOf(JSON.parse(withNumbersAsWritten(text)) as JsonObject);
  if (sha256(pythonForm(written)) === expected) return 'fits';
  return numbersOf(written).every(isPythonNumber) ? 'broken' : 'not_reproducible';
}

/** A text that starts so is a number as it was written; no other can: NUL is refused in documents. */
const MARK = '\0';
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

const withNumbersAsWritten = (text: string): string =>
  text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"\\u0000${token}"`));

/** json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")): members sorted by code point. */
export function pythonForm(value: Json): string {
  if (typeof value === 'string' && value.startsWith(MARK)) return value.slice(1);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Keys of terms: most of what is in a page. (A number as it was written begins with the mark and is none of them.)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.startsWith(MARK)))
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(pythonForm).join(',')}]`;
  const object = value as JsonObject;
  const names = Object.keys(object);
  // Of texts without surrogates the order of code units is that of code points, and sorting by it is native.
  const members = names.some(isBeyond) ? names.sort(byCodePoint) : names.sort();
  return `{${members.map((name) => `${isPlain(name) ? `"${name}"` : JSON.stringify(name)}:${pythonForm(object[name] as Json)}`).join(',')}}`;
}

const isBeyond = (name: string): boolean => /[\ud800-\udfff]/.test(name);

/** Python compares code points, JavaScript UTF-16 units; they differ beyond U+FFFF only. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

function numbersOf(value: Json): readonly string[] {
  if (typeof value === 'string') return value.startsWith(MARK) ? [value.slice(1)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as JsonObject).flatMap(numbersOf);
}

const isPythonNumber = (written: string): boolean =>
  /^-?\d+$/.test(written) ? written !== '-0' : pythonFloat(Number(written)) === written;

/** Python's repr of a float: the shortest digits, with an exponent below 1e-4 and from 1e16 on. */
function pythonFloat(value: number): string {
  const [digits = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const decimal = String(Math.abs(value));
  return `${sign}${decimal}${decimal.includes('.') ? '' : '.0'}`;
}
