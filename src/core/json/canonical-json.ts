import { createHash } from 'node:crypto';
import type { Json, JsonObject } from './json-value.ts';
import { sortedNames, sortedRecord } from './records.ts';

/**
 * RFC 8785 (JCS): members sorted by UTF-16 code units, no blanks, ECMAScript's own number form.
 * Throws a TypeError for what JSON cannot carry (a bug of the caller, never bad input: readers refuse that).
 */
export function canonical(value: Json): string {
  if (isOrdered(value)) return JSON.stringify(value);
  const pieces: string[] = [];
  writeAll(value, (piece) => pieces.push(piece));
  return pieces.join('');
}

/** Text that is written in pieces, so that a plan of a hundred megabytes is never one string on its way to its digest. */
interface ChunkWriter {
  pending: string;
  readonly flush: (piece: string) => void;
}

const PIECE = 65_536;

function writeAll(value: Json, flush: (piece: string) => void): void {
  const pen: ChunkWriter = { pending: '', flush };
  write(value, pen);
  flush(pen.pending);
}

function write(value: Json, pen: ChunkWriter): void {
  if (typeof value !== 'object' || value === null) add(scalar(value), pen);
  else if (isOrdered(value)) add(JSON.stringify(value), pen);
  else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value) {
      add(before, pen);
      write(item, pen);
      before = ',';
    }
    // An empty one is in order, and was written above.
    add(']', pen);
  } else {
    const object = value as JsonObject;
    let before = '{';
    for (const name of sortedNames(object)) {
      add(`${before}${scalar(name)}:`, pen);
      write(object[name] as Json, pen);
      before = ',';
    }
    add('}', pen);
  }
}

function add(text: string, pen: ChunkWriter): void {
  pen.pending += text;
  if (pen.pending.length <= PIECE) return;
  pen.flush(pen.pending);
  pen.pending = '';
}

/** So many nodes at most are looked at, and so much at most is written, in one go. */
const ORDERED_MAX = 2_000;

/**
 * Whether a value is small and JSON's own writing of it is the canonical one: nothing but JSON, all members in code-unit
 * order. Nearly every resource is so, and the engine writes it many times faster than we do.
 */
function isOrdered(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return countOrdered(value, 0) <= ORDERED_MAX;
  if (ordered.has(value)) return true;
  const nodes = countOrdered(value, 0);
  if (nodes > WORTH_KEEPING && nodes <= ORDERED_MAX) ordered.add(value);
  return nodes <= ORDERED_MAX;
}

/** Values never change, and each resource is compared, digested and printed: once looked at is enough. */
const ordered = new WeakSet<object>();
const WORTH_KEEPING = 16;

/** How many nodes were looked at; more than the most there may be where the answer is no. */
function countOrdered(value: Json, before: number): number {
  const seen = before + 1;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return seen;
  if (typeof value === 'number') return Number.isFinite(value) ? seen : Infinity;
  if (typeof value !== 'object' || seen > ORDERED_MAX) return Infinity;
  return Array.isArray(value) ? countItems(value, seen) : countMembers(value as JsonObject, seen);
}

function countItems(items: readonly Json[], before: number): number {
  let seen = before;
  for (let index = 0; index < items.length && seen <= ORDERED_MAX; index += 1)
    seen = countOrdered(items[index] as Json, seen);
  return seen;
}

function countMembers(object: JsonObject, before: number): number {
  let seen = before;
  let last = '';
  for (const name in object) {
    if (name < last) return Infinity;
    last = name;
    seen = countOrdered(object[name] as Json, seen);
    if (seen > ORDERED_MAX) return Infinity;
  }
  return seen;
}

function scalar(value: null | boolean | number | string): string {
  if (typeof value === 'string') return isPlain(value) ? `"${value}"` : JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') throw new TypeError(`not a JSON value: ${typeof value}`);
  if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`);
  return JSON.stringify(value);
}

/** Whether a text stands in JSON as it is: printable ASCII without quotes and backslashes, as nearly all of it is. */
export const isPlain = (text: string): boolean => /^[ !#-[\]-~]*$/.test(text);

/** SHA-256, 64 hex digits, of a text's UTF-8 bytes. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** SHA-256, 64 hex digits, of the RFC 8785 form. */
export function digest(value: Json): string {
  const hash = createHash('sha256');
  writeAll(value, (piece) => hash.update(piece));
  return hash.digest('hex');
}

/** The same value with all members in code-unit order; what is in it already is not copied. */
export function inOrder(value: Json): Json {
  if (countOrdered(value, 0) <= ORDERED_MAX || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const object = value as JsonObject;
  return sortedRecord(Object.keys(object).map((name) => [name, inOrder(object[name] as Json)]));
}

/** Equal as JSON values; the order of members means nothing. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => isSame(item, b[index]))
    );
  }
  const [left, right] = [a as JsonObject, b as JsonObject];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}
