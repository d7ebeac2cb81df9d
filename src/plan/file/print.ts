import type { Json, JsonObject } from '../../core/json/json-value.ts';
import type { Plan } from '../plan.ts';
import { EXTENT_PRINTERS } from '../snapshots/extent-in-file.ts';
import { block, escapeHidden, type LinePrinter, line, lines, stringText } from './line-printers.ts';

/**
 * The plan file's printed form: members in a fixed order, one patch operation per line, one snapshot resource per line, so
 * that a pull request shows only the changes. The form is canonical: parsing and printing gives the same bytes, so a file has
 * only one reading.
 */
export const printPlan = (plan: Plan): string => [...printPieces(plan)].join('');

/** Length of a piece in UTF-16 code units. */
const PIECE = 65_536;

/** The same in pieces: the plan of a large catalogue has hundreds of megabytes. No text of the plan is cut in two. */
export function* printPieces(plan: Plan): Generator<string> {
  let piece = '';
  for (const part of printed(plan)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield withoutHidden(piece);
    piece = '';
  }
  yield withoutHidden(piece);
}

/** Nearly every piece is printable ASCII, which the test finds many times faster. */
const withoutHidden = (piece: string): string => (/[^\n -~]/.test(piece) ? escapeHidden(piece) : piece);

function* printed(plan: JsonObject): Generator<string> {
  let before = '{\n  ';
  for (const [name, print] of Object.entries(ORDER)) {
    if (!Object.hasOwn(plan, name)) continue;
    const text = print(plan[name] as Json);
    yield `${before}${stringText(name)}: `;
    if (typeof text === 'string') yield text;
    else yield* text;
    before = ',\n  ';
  }
  yield '\n}\n';
}

/** Whether a text is a plan's printed form; compares piece by piece, so that the whole form is never in memory. */
export function isPrinted(plan: Plan, text: string): boolean {
  let at = 0;
  for (const piece of printPieces(plan)) {
    if (!text.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === text.length;
}

const CHANGE = ['ref', 'action', 'reason', 'before', 'after', 'patch', 'needs', 'ids', 'provenance'];

const patch = lines(3);

function change(value: Json): string {
  const object = value as JsonObject;
  let text = '';
  for (const name of CHANGE) {
    const member = object[name] as Json;
    text += `${text === '' ? '{' : ','}\n      "${name}": ${name === 'patch' ? [...patch(member)].join('') : line(member)}`;
  }
  return `${text}\n    }`;
}

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
const ORDER: Readonly<Record<string, LinePrinter>> = {
  format_version: line,
  target: line,
  source: line,
  options: line,
  summary: line,
  errored: line,
  completeness: line,
  hazards: lines(1),
  skipped: lines(1),
  diagnostics: lines(1),
  changes: lines(1, change),
  contract,
  registry: line,
  control_plane: lines(1),
  desired,
  actual,
  ...EXTENT_PRINTERS,
};

/** Plain JSON with two spaces per level. Safe on a terminal and inside HTML: hidden characters and `<` are escaped. */
export const printJson = (value: Json | object): string => `${escaped(JSON.stringify(value, null, 2))}\n`;

/** The same on one line, without its end: an event or a line of a log. */
export const printJsonLine = (value: Json | object): string => escaped(JSON.stringify(value));

/** In JSON a `<` occurs only inside strings. */
const escaped = (json: string): string => escapeHidden(json).replaceAll('<', '\\u003c');
