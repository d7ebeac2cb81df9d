import { isPlain, sha256 } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';

/**
 * Whether a document's `content_sha256` matches its content.
 * not_reproducible: its numbers are not written as Python writes them, so the printed form cannot be rebuilt
 */
type DigestCheck = 'matches' | 'differs' | 'not_reproducible';

/** `text`: the whole document; `contentOf`: the part that the digest covers; `expected`: `content_sha256`. */
export function verifyContentDigest(
  text: string,
  contentOf: (document: JsonObject) => JsonObject,
  expected: string,
): DigestCheck {
  const plain = contentOf(JSON.parse(text) as JsonObject);
  if (sha256(pythonForm(plain)) === expected) return 'matches';
  // JavaScript prints a number such as 1.0 or 1e+16 in another way than Python: keep the text of each number.
  const written = contentOf(JSON.parse(withNumbersAsWritten(text)) as JsonObject);
  if (sha256(pythonForm(written)) === expected) return 'matches';
  return numbersOf(written).every(isPythonNumber) ? 'differs' : 'not_reproducible';
}

/** Marks a string that is the text of a number. No other string starts with NUL, which documents may not contain. */
const MARK = '\0';
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

const withNumbersAsWritten = (text: string): string =>
  text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"\\u0000${token}"`));

/** json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")): members sorted by code point. */
export function pythonForm(value: Json): string {
  if (typeof value === 'string' && value.startsWith(MARK)) return value.slice(1);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // The fast case: lists of term keys are most of a page.
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.startsWith(MARK)))
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(pythonForm).join(',')}]`;
  const object = value as JsonObject;
  const names = Object.keys(object);
  // Without surrogates the order of code units is that of code points, and the native sort is faster.
  const members = names.some(hasSurrogate) ? names.sort(byCodePoint) : names.sort();
  return `{${members.map((name) => `${isPlain(name) ? `"${name}"` : JSON.stringify(name)}:${pythonForm(object[name] as Json)}`).join(',')}}`;
}

/** Members of objects that are alike. */
interface Layout {
  readonly names: readonly string[];
  /** A record with the members in Python's order; null: a record cannot have it. */
  readonly blank: Readonly<Record<string, null>> | null;
}

/**
 * Returns `pythonForm` for many objects that are alike and have no text with a NUL: a copy with its members in order is
 * printed by the engine, many times faster.
 */
export function createPythonPrinter(): (value: Json) => string {
  /** By number of members: pages are alike, and so are the images in them. */
  const layouts = new Map<number, Layout>();
  const layoutOf = (object: JsonObject): Layout => {
    const names = Object.keys(object);
    const known = layouts.get(names.length);
    if (known?.names.every((name, index) => name === names[index])) return known;
    // A record has names such as `10` before all others, and the order of code units in the others.
    const isOrdinary = !names.some((name) => hasSurrogate(name) || /^\d/.test(name));
    const blank = isOrdinary ? Object.fromEntries(names.toSorted().map((name) => [name, null])) : null;
    const layout = { names, blank };
    layouts.set(names.length, layout);
    return layout;
  };
  /** undefined: JSON.stringify cannot print it in order. */
  const inPythonOrder = (value: Json): Json | undefined => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      if (value.every((item) => typeof item !== 'object')) return value;
      const items = value.map(inPythonOrder);
      return items.includes(undefined) ? undefined : (items as Json[]);
    }
    const object = value as JsonObject;
    const { names, blank } = layoutOf(object);
    if (blank === null) return undefined;
    const copy: Record<string, Json> = { ...blank };
    for (const name of names) {
      const member = inPythonOrder(object[name] as Json);
      if (member === undefined) return undefined;
      copy[name] = member;
    }
    return copy;
  };
  return (value) => {
    const copy = inPythonOrder(value);
    return copy === undefined ? pythonForm(value) : JSON.stringify(copy);
  };
}

const hasSurrogate = (name: string): boolean => /[\ud800-\udfff]/.test(name);

/** Python compares code points, JavaScript UTF-16 units; the order differs above U+FFFF only. */
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
