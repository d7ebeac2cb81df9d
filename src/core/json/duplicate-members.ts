import { Failure } from '../failure.ts';
import { decodeUtf8, withoutByteOrderMark } from '../text/utf8.ts';
import { endOfText } from './json-bounds.ts';
import type { Json } from './json-value.ts';
import { parseJson } from './untrusted-json.ts';

/**
 * JSON that people write by hand and that decides something: UTF-8, and no member twice in one object (JSON.parse takes
 * the last one, a reviewer may read the first). `refused` makes the reader's own error of what is wrong.
 */
export function parseStrictOr(bytes: Uint8Array, refused: (because: string, hint: string) => Failure): Json {
  try {
    return parseStrict(bytes);
  } catch (error) {
    throw error instanceof Failure ? refused(error.message, error.hint) : error;
  }
}

function parseStrict(bytes: Uint8Array): Json {
  const text = decode(bytes);
  const value = parseJson(text);
  const repeated = firstDuplicate(withoutByteOrderMark(text));
  if (repeated !== null) {
    throw new Failure(
      'document_malformed',
      `the member ${repeated.token} occurs twice`,
      'Keep one of the two.',
    );
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new Failure('document_malformed', 'not UTF-8', 'Save the file as UTF-8.');
  }
}

/**
 * Whether no member of a text occurs twice, found by counting: `members` is the number of members from JSON.parse. Also false
 * if counting is not conclusive (a space between name and colon, a name that ends with a backslash).
 */
export function isOnce(text: string, members: number): boolean {
  if (text.includes('\\\\"')) return false;
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const unit = text.charCodeAt(at - 1);
    // Ends of names only: a quote inside a string is escaped.
    if (unit === QUOTE && text.charCodeAt(at - 2) !== BACKSLASH) count += 1;
    else if (unit <= SPACE && text.slice(0, at).trimEnd().endsWith('"')) return false;
  }
  return count === members;
}

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];

/** The place of the first member whose name occurs twice in one object (`a[1].b`); null: none. `text` is valid JSON. */
export const memberTwice = (text: string): string | null => firstDuplicate(text)?.place ?? null;

interface Level {
  /** Names of the members so far; null: a list. */
  readonly names: Set<string> | null;
  /** The last name, or the index. */
  step: string | number;
  isName: boolean;
}

/** `token`: the repeated name as the text spells it, in its quotes. */
function firstDuplicate(text: string): { readonly token: string; readonly place: string } | null {
  const levels: Level[] = [];
  for (const token of tokensOf(text)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[')
      levels.push({ names: token === '{' ? new Set() : null, step: token === '{' ? '' : 0, isName: true });
    else if (token === '}' || token === ']') levels.pop();
    else if (level === undefined) continue;
    else if (token === ',') {
      if (typeof level.step === 'number') level.step += 1;
      level.isName = true;
    } else if (token !== ':' && level.names !== null && level.isName) {
      const name = JSON.parse(token) as string;
      level.step = name;
      level.isName = false;
      if (level.names.has(name)) return { token, place: placeOf(levels) };
      level.names.add(name);
    }
  }
  return null;
}

const MARK = /["{}[\],:]/g;

/** Strings and punctuation of a valid text. (One expression for a whole string would overflow the engine's stack at 10 MB.) */
function* tokensOf(text: string): Generator<string> {
  MARK.lastIndex = 0;
  for (let found = MARK.exec(text); found !== null; found = MARK.exec(text)) {
    const from = found.index;
    const end = found[0] === '"' ? endOfText(text, from) : from;
    if (end < 0) return;
    yield text.slice(from, end + 1);
    MARK.lastIndex = end + 1;
  }
}

const placeOf = (levels: readonly Level[]): string =>
  levels
    .map(({ step }, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
