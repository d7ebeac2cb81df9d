import type { Json, JsonObject } from './json-value.ts';

/** Levels of lists and objects in a document. */
export const MAX_DEPTH = 64;

/** Lists, objects and members take some 60 bytes of memory each, however short they are in the text. */
const MANY = 1_000_000;
/** Minimum bytes of text for each of many values and of many commas. A plan has 18 and 30, independent of its size. */
const PART_BYTES = 10;
const COMMA_BYTES = 4;
/** Most of them in a document that is parsed at once: a list, an object or a member takes up to 110 bytes, an item 30. */
const MOST_PARTS = 5_000_000;
const MOST_COMMAS = 10_000_000;
/** The same for one answer of a server, which comes on top of what was read before it. A page of a list has some 50,000. */
export const MOST_ANSWER_PARTS = 1_500_000;

const QUOTE = 0x22;
const [COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Why a text must not be given to JSON.parse, found without building anything: it is nested too deep, or would become too
 * many values. A few megabytes of `[` take gigabytes once parsed. `above`: levels around the text in its document. `mostParts`:
 * lists, objects and members. null: it may be parsed, and need not be JSON.
 */
export function excessIn(text: string, above = 0, mostParts = MOST_PARTS): string | null {
  let depth = above;
  let parts = 0;
  let commas = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        if (at < 0) return null;
        break;
      case OPEN_LIST:
      case OPEN_RECORD:
        depth += 1;
        parts += 1;
        if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
        break;
      case CLOSE_LIST:
      case CLOSE_RECORD:
        depth -= 1;
        break;
      case COLON:
        parts += 1;
        break;
      case COMMA:
        commas += 1;
        break;
    }
  }
  const isDense = (count: number, bytes: number) => count > MANY && count * bytes > text.length;
  if (parts > mostParts) return `${parts} lists, objects and members, where ${mostParts} are allowed`;
  if (commas > MOST_COMMAS) return `${commas} commas, where ${MOST_COMMAS} are allowed`;
  return isDense(parts, PART_BYTES) || isDense(commas, COMMA_BYTES)
    ? `${parts + commas} values in ${text.length} characters`
    : null;
}

/** What one walk through a parsed value finds. */
export interface Walk {
  /** Number of members of all objects. */
  names: number;
  /** The members of every object are in code-unit order. */
  isOrdered: boolean;
}

/**
 * Walks through a value that was parsed before its limits were checked. Throws a SyntaxError, for the reader of the whole
 * document to report, if the value is nested too deep, has a member `__proto__`, or a number that became Infinity. `above`:
 * levels around the value in its document.
 */
export function walk(value: Json, above: number, found: Walk = { names: 0, isOrdered: true }): Walk {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SyntaxError('a number is too large');
  if (typeof value !== 'object' || value === null) return found;
  if (above >= MAX_DEPTH) throw new SyntaxError('nested too deep');
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== 'string') walk(item, above + 1, found);
    return found;
  }
  const object = value as JsonObject;
  let last = '';
  for (const name in object) {
    found.names += 1;
    if (name === '__proto__') throw new SyntaxError('a member has the name __proto__');
    if (found.isOrdered && name < last) found.isOrdered = false;
    last = name;
    const member = object[name] as Json;
    if (typeof member === 'object' || typeof member === 'number') walk(member, above + 1, found);
  }
  return found;
}

/** The index of the quote that ends the string which begins at `from`; -1: it does not end. */
export function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Something else than a string: a bracket, a comma, a colon, a number or a word. */
const TOKEN = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANKS = /[\t\n\r ]*/y;
const BAD_STRING = /[\u0000-\u001f]|\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/;

/**
 * Position at which a text stops being JSON, for errors: the engine's own message quotes the surroundings, which may be a
 * secret. `text` is a text that JSON.parse refused.
 */
export function placeOfFault(text: string): string {
  const open: string[] = [];
  let expected = 'value';
  let at = 0;
  for (;;) {
    at = after(BLANKS, text, at) ?? at;
    if (at >= text.length) return 'it ends too early';
    const end = endOfToken(text, at);
    const next = end === null ? null : follow(expected, text.slice(at, Math.min(end, at + 5)), open);
    if (end === null || next === null) return placeText(text, at);
    expected = next;
    at = end;
  }
}

function after(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

/** null: no token begins there. */
function endOfToken(text: string, at: number): number | null {
  if (text[at] !== '"') return after(TOKEN, text, at);
  const end = endOfText(text, at);
  return end < 0 || BAD_STRING.test(text.slice(at, end)) ? null : end + 1;
}

/**
 * The expected tokens after a token, where `expected` was expected; null if the token is not allowed there. `open` is updated
 * with the brackets.
 */
function follow(expected: string, token: string, open: string[]): string | null {
  const isName = token.startsWith('"');
  const isOpening = token === '[' || token === '{';
  switch (expected) {
    case 'first item':
    case 'value':
      if (expected === 'first item' && token === ']') return closed(token, open);
      if (isOpening) {
        open.push(token);
        return token === '[' ? 'first item' : 'first name';
      }
      return /^[}\],:]/.test(token) ? null : afterValue(open);
    case 'first name':
      if (token === '}') return closed(token, open);
      return isName ? 'colon' : null;
    case 'name':
      return isName ? 'colon' : null;
    case 'colon':
      return token === ':' ? 'value' : null;
    case 'comma':
      if (token === ',') return open.at(-1) === '[' ? 'value' : 'name';
      return closed(token, open);
    default:
      return null;
  }
}

const afterValue = (open: readonly string[]): string => (open.length === 0 ? 'end' : 'comma');

function closed(token: string, open: string[]): string | null {
  if (token !== (open.at(-1) === '[' ? ']' : '}')) return null;
  open.pop();
  return afterValue(open);
}

function placeText(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `not valid from line ${line}, column ${at - before.lastIndexOf('\n')}`;
}
