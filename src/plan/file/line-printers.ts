import { canonical, isPlain } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { sortedNames } from '../../core/json/records.ts';
import { HIDDEN } from '../../core/text/invisible-characters.ts';

/** A value's text in parts; the caller decides how many parts it joins at once. */
export type LinePrinter = (value: Json) => Iterable<string>;

const toEscape = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** Writes hidden characters as \u…, so that no editor or forge can hide one. */
export const escapeHidden = (json: string): string => json.replace(HIDDEN, toEscape);

/** A JSON string. */
export const stringText = (value: string): string =>
  isPlain(value) ? `"${value}"` : escapeHidden(JSON.stringify(value));

/** Canonical JSON on one line. */
export const line: LinePrinter = (value) => {
  const text = canonical(value);
  return [/[^ -~]/.test(text) ? escapeHidden(text) : text];
};

const indent = (depth: number): string => '  '.repeat(depth);

/** A list with one item a line; `depth`: levels of the line on which the list begins. */
export const lines = (depth: number, item: LinePrinter = line): LinePrinter =>
  function* (value) {
    const items = value as readonly Json[];
    if (items.length === 0) return yield '[]';
    let before = '[\n';
    for (const one of items) {
      yield before;
      yield indent(depth + 1);
      yield* item(one);
      before = ',\n';
    }
    yield `\n${indent(depth)}]`;
  };

/** An object with one member a line, in code-unit order, each printed by its own printer. */
export const block = (depth: number, printerOf: (name: string) => LinePrinter): LinePrinter =>
  function* (value) {
    const object = value as JsonObject;
    const names = sortedNames(object);
    if (names.length === 0) return yield '{}';
    let before = '{\n';
    for (const name of names) {
      yield before;
      yield `${indent(depth + 1)}${stringText(name)}: `;
      yield* printerOf(name)(object[name] as Json);
      before = ',\n';
    }
    yield `\n${indent(depth)}}`;
  };
