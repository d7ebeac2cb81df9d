import { createHash } from 'node:crypto';
import type { Json, JsonObject } from './json-value.ts';
import { sortedNames, sortedRecord } from './records.ts';

/**
 * Prints RFC 8785 (JCS): members sorted by UTF-16 code units, no spaces, ECMAScript's number form. Throws a TypeError for a
 * value that JSON cannot represent. That is a bug of the caller, because readers refuse bad input.
 */
export function canonical(value: Json): string {
  if (isOrdered(value)) return JSON.stringify(value);
  let text = '';
  write(value, (part) => {
    text += part;
  });
  return text;
}

/** Receives a text in parts, in order. */
export type AddText = (text: string) => void;

function write(value: Json, add: AddText): void {
  if (typeof value !== 'object' || value === null) add(scalar(value));
  else if (isOrdered(value)) add(JSON.stringify(value));
  else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value) {
      add(before);
      write(item, add);
      before = ',';
    }
    // An empty list is ordered, so it was written above.
    add(']');
  } else {
    const object = value as JsonObject;
    let before = '{';
    for (const name of sortedNames(object)) {
      add(`${before}${scalar(name)}:`);
      write(object[name] as Json, add);
      before = ',';
    }
    add('}');
  }
}

/** Nodes that are checked, and printed by JSON.stringify, in one go. */
const ORDERED_MAX = 2_000;

/**
 * Whether a value is small and JSON.stringify prints its canonical form: only JSON values, all members in code-unit order.
 * Nearly every resource is, and the engine prints it many times faster than this file does.
 */
function isOrdered(value: Json): boolean {
  return countOrdered(value, 0) <= ORDERED_MAX;
}

/** `before` plus the number of nodes in a value; more than ORDERED_MAX for a value that is not ordered or too large. */
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

/** Whether a text needs no escape in JSON: printable ASCII without quotes and backslashes, as nearly all texts are. */
export const isPlain = (text: string): boolean => /^[ !#-[\]-~]*$/.test(text);

/** SHA-256, 64 hex digits, of a text's UTF-8 bytes. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** SHA-256, 64 hex digits, of the RFC 8785 form. */
export function digest(value: Json): string {
  const whole = createTextDigest();
  whole.addValue(value);
  return whole.end();
}

/** Length of a piece in UTF-16 code units: a plan of hundreds of megabytes is never one string while it is digested. */
const PIECE = 65_536;

/** A digest of text that arrives in parts. `addValue` adds the RFC 8785 form; `end` returns the SHA-256, 64 hex digits. */
export interface TextDigest {
  readonly add: AddText;
  readonly addValue: (value: Json) => void;
  readonly end: () => string;
}

export function createTextDigest(): TextDigest {
  const hash = createHash('sha256');
  let pending = '';
  const add: AddText = (text) => {
    pending += text;
    if (pending.length <= PIECE) return;
    hash.update(pending);
    pending = '';
  };
  return {
    add,
    addValue: (value) => write(value, add),
    end: () => hash.update(pending).digest('hex'),
  };
}

/** The same value with all members in code-unit order; copies only parts that are not. */
export function inOrder(value: Json): Json {
  if (countOrdered(value, 0) <= ORDERED_MAX || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const object = value as JsonObject;
  return sortedRecord(Object.keys(object).map((name) => [name, inOrder(object[name] as Json)]));
}

/** Whether two JSON values are equal; the order of members is not compared. */
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
