import { type AddText, canonical, isPlain } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { sortedNames } from '../../core/json/records.ts';
import { HIDDEN } from '../../core/text/invisible-characters.ts';

/**
 * The text of a value, on one or more lines; for a long one its parts, which the caller joins. Hidden characters are in it.
 * `addCanonical` receives the value's RFC 8785 form meanwhile: both forms consist of the same texts of records, and making
 * those is most of the work.
 */
export type LinePrinter = (value: Json, addCanonical: AddText) => string | Iterable<string>;

export const textParts = (text: string | Iterable<string>): Iterable<string> =>
  typeof text === 'string' ? [text] : text;

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
export const line = (value: Json, addCanonical: AddText): string => {
  const text = canonical(value);
  addCanonical(text);
  return text;
};

const indent = (depth: number): string => '  '.repeat(depth);

/** A list with one item a line; `depth`: levels of the line on which the list begins. */
export const lines = (
  depth: number,
  item: (value: Json, addCanonical: AddText) => string = line,
): LinePrinter => {
  const [first, next, end] = [`[\n${indent(depth + 1)}`, `,\n${indent(depth + 1)}`, `\n${indent(depth)}]`];
  return function* (value, addCanonical) {
    const items = value as readonly Json[];
    if (items.length === 0) return yield line(value, addCanonical);
    let [before, separator] = [first, '['];
    for (const one of items) {
      addCanonical(separator);
      yield before + item(one, addCanonical);
      [before, separator] = [next, ','];
    }
    addCanonical(']');
    yield end;
  };
};

/** An object with one member a line, in code-unit order, each printed by its own printer. */
export const block = (depth: number, printerOf: (name: string) => LinePrinter): LinePrinter => {
  const [first, next, end] = [`{\n${indent(depth + 1)}`, `,\n${indent(depth + 1)}`, `\n${indent(depth)}}`];
  return function* (value, addCanonical) {
    const object = value as JsonObject;
    const names = sortedNames(object);
    if (names.length === 0) return yield line(value, addCanonical);
    let [before, separator] = [first, '{'];
    for (const name of names) {
      const key = stringText(name);
      addCanonical(`${separator}${key}:`);
      const text = printerOf(name)(object[name] as Json, addCanonical);
      if (typeof text === 'string') yield `${before}${key}: ${text}`;
      else {
        yield `${before}${key}: `;
        yield* text;
      }
      [before, separator] = [next, ','];
    }
    addCanonical('}');
    yield end;
  };
};
