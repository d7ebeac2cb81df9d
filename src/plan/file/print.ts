import {
  canonical,
  isPlain,
  type Json,
  type JsonObject,
  sortedNames,
} from '../../core/json/canonical-json.ts';
import { HIDDEN } from '../../core/text/invisible-characters.ts';
import type { Plan } from '../plan.ts';

/**
 * The plan file's printed form: members in a fixed order, one patch operation a line, one snapshot resource a line,
 * so that a pull request shows what changed and nothing else. The form is canonical: parsing and printing gives the
 * same bytes, so no second reading of a file is possible.
 */
export const printPlan = (plan: Plan): string => [...printPieces(plan)].join('');

const PIECE = 65_536;

/** The same in pieces of whole lines: the plan of a great catalogue is hundreds of megabytes. */
export function* printPieces(plan: Plan): Generator<string> {
  let piece = '';
  for (const part of printed(plan)) {
    piece += part;
    if (piece.length < PIECE || !part.endsWith('\n')) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* printed(plan: JsonObject): Generator<string> {
  yield '{\n';
  let separator = '';
  for (const [name, print] of Object.entries(ORDER)) {
    if (!Object.hasOwn(plan, name)) continue;
    yield `${separator}  ${text(name)}: `;
    yield* print(plan[name] as Json);
    separator = ',\n';
  }
  yield '\n}\n';
}

/** Whether a text is a plan's printed form, without making that form whole. */
export function isPrinted(plan: Plan, text: string): boolean {
  let at = 0;
  for (const piece of printPieces(plan)) {
    if (!text.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === text.length;
}

/** A value's text, in parts; whoever puts them together decides how many at once. */
type Printer = (value: Json) => Iterable<string>;

/** Hidden characters are written as \u…, so that no editor or forge can hide one. */
const text = (value: string): string =>
  isPlain(value) ? `"${value}"` : JSON.stringify(value).replace(HIDDEN, escaped);

const escaped = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** On one line: canonical JSON, in which hidden characters are escaped. */
function lineOf(value: Json): string {
  const one = canonical(value);
  return /[^ -~]/.test(one) ? one.replace(HIDDEN, escaped) : one;
}

const indented = (depth: number): string => '  '.repeat(depth);

const line: Printer = (value) => [lineOf(value)];

/** One item a line. */
const lines = (depth: number, item: Printer = line): Printer =>
  function* (value) {
    const items = value as readonly Json[];
    if (items.length === 0) return yield '[]';
    let before = '[\n';
    for (const one of items) {
      yield before;
      yield indented(depth + 1);
      yield* item(one);
      before = ',\n';
    }
    yield `\n${indented(depth)}]`;
  };

/** One member a line, in code-unit order, each printed by its own printer. */
const block = (depth: number, printer: (name: string) => Printer): Printer =>
  function* (value) {
    const object = value as JsonObject;
    const names = sortedNames(object);
    if (names.length === 0) return yield '{}';
    let before = '{\n';
    for (const name of names) {
      yield before;
      yield `${indented(depth + 1)}${text(name)}: `;
      yield* printer(name)(object[name] as Json);
      before = ',\n';
    }
    yield `\n${indented(depth)}}`;
  };

const CHANGE = ['ref', 'action', 'reason', 'before', 'after', 'patch', 'needs', 'ids', 'provenance'];

const change: Printer = function* (value) {
  const object = value as JsonObject;
  let before = '{\n';
  for (const name of CHANGE) {
    yield `${before}      ${text(name)}: `;
    yield* (name === 'patch' ? lines(3) : line)(object[name] as Json);
    before = ',\n';
  }
  yield '\n    }';
};

const attribute = block(3, (name) => (name === 'values' ? block(4, () => line) : line));

const actual = block(1, (name) =>
  name === 'attributes'
    ? block(2, () => attribute)
    : name === 'permissions' || name === 'locales'
      ? line
      : block(2, () => line),
);

const reverts = block(2, (name) => (name === 'documents' ? block(3, () => line) : line));

const desired = block(1, (name) =>
  name === 'taxonomies' ? block(2, () => lines(3)) : name === 'reverts' ? reverts : lines(2),
);

const contract = block(1, (name) => (name === 'attributes' || name === 'metadata' ? lines(2) : line));

/** The members of a plan, in their printed order. */
const ORDER: Readonly<Record<string, Printer>> = {
  format_version: line,
  target: line,
  source: line,
  options: line,
  summary: line,
  errored: line,
  completeness: line,
  hazards: lines(1),
  left_out: lines(1),
  diagnostics: lines(1),
  changes: lines(1, change),
  contract,
  registry: line,
  desired,
  actual,
  rest: block(1, (name) => (name === 'values' ? block(2, () => line) : line)),
};

/** Plain JSON with two blanks a level and the same care for hidden characters. */
export const printJson = (value: Json): string =>
  `${JSON.stringify(value, null, 2).replace(HIDDEN, escaped)}\n`;
