import { canonical, isPlain } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { sortedNames } from '../../core/json/records.ts';
import { HIDDEN } from '../../core/text/invisible-characters.ts';

/** The text of a value, on one or more lines; for a long one its parts, which the caller joins. Hidden characters are in it. */
export type LinePrinter = (value: Json) => string | Iterable<string>;

const toEscape = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** Writes hidden characters as \u…, so that no editor or forge can hide one. */
export const escapeHidden = (json: string): string => json.replace(HIDDEN, toEscape);

/** A JSON string; hidden characters in it are escaped with all of the text. */
export const stringText = (value: string): string => (isPlain(value) ? `"${value}"` : JSON.stringify(value));

/** Canonical JSON on one line. */
export const line = canonical;

const indent = (depth: number): string => '  '.repeat(depth);

/** A list with one item a line; `depth`: levels of the line on which the list begins. */
export const lines = (depth: number, item: (value: Json) => string = line): LinePrinter => {
  const [first, next, end] = [`[\n${indent(depth + 1)}`, `,\n${indent(depth + 1)}`, `\n${indent(depth)}]`];
  return function* (value) {
    const items = value as readonly Json[];
    if (items.length === 0) return yield '[]';
    let before = first;
    for (const one of items) {
      yield before + item(one);
      before = next;
    }
    yield end;
  };
};

/** An object with one member a line, in code-unit order, each printed by its own printer. */
export const block = (depth: number, printerOf: (name: string) => LinePrinter): LinePrinter => {
  const [first, next, end] = [`{\n${indent(depth + 1)}`, `,\n${indent(depth + 1)}`, `\n${indent(depth)}}`];
  return function* (value) {
    const object = value as JsonObject;
    const names = sortedNames(object);
    if (names.length === 0) return yield '{}';
    let before = first;
    for (const name of names) {
      const text = printerOf(name)(object[name] as Json);
      if (typeof text === 'string') yield `${before}${stringText(name)}: ${text}`;
      else {
        yield `${before}${stringText(name)}: `;
        yield* text;
      }
      before = next;
    }
    yield end;
  };
};
