import { type AddText, createTextDigest } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { sortedNames } from '../../core/json/records.ts';
import { knownDigests } from '../known-digests.ts';
import type { Plan } from '../plan.ts';
import { EXTENT_PRINTERS } from '../snapshots/extent-in-file.ts';
import {
  block,
  escapeHidden,
  type LinePrinter,
  line,
  lines,
  stringText,
  textParts,
} from './line-printers.ts';

/**
 * The plan file's printed form: members in a fixed order, one patch operation per line, one snapshot resource per line, so
 * that a pull request shows only the changes. The form is canonical: parsing and printing gives the same bytes, so a file has
 * only one reading.
 */
export const printPlan = (plan: Plan): string => [...printPieces(plan)].join('');

/** Length of a piece in UTF-16 code units. */
const PIECE = 65_536;

/**
 * The same in pieces: the plan of a large catalogue has hundreds of megabytes. No text of the plan is cut in two. Once all are
 * taken, the plan's digest is known too.
 */
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

/** Nearly every piece is ASCII without DEL, which is found many times faster than what it may contain. */
const withoutHidden = (piece: string): string =>
  Buffer.byteLength(piece) === piece.length && !piece.includes('\u007f') ? piece : escapeHidden(piece);

/**
 * A plan's file in parts. Its digest needs the texts of the same records in the order of names: `changes` and `desired` are
 * made once for both. `actual` is made twice, because the digest has it first, and the file at its end.
 */
function* printed(plan: Plan): Generator<string> {
  const members = plan as JsonObject;
  const digest = createTextDigest();
  const names = sortedNames(members);
  let digested = 0;
  /** Digests the members before this one, and begins it; null: digests all that are left. */
  const digestUntil = (end: string | null): AddText => {
    for (; digested < names.length; digested += 1) {
      const name = names[digested] as string;
      digest.add(`${digested === 0 ? '{' : ','}${stringText(name)}:`);
      if (name === end) {
        digested += 1;
        break;
      }
      digest.addValue(members[name] as Json);
    }
    return digest.add;
  };

  let before = '{\n  ';
  for (const [name, print] of Object.entries(ORDER)) {
    if (!Object.hasOwn(members, name)) continue;
    yield `${before}${stringText(name)}: `;
    const add = name === 'changes' || name === 'desired' ? digestUntil(name) : ignore;
    yield* textParts(print(members[name] as Json, add));
    before = ',\n  ';
  }
  digestUntil(null);
  digest.add('}');
  knownDigests.set(plan, digest.end());
  yield '\n}\n';
}

const ignore: AddText = () => {};

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

/** The members are printed in another order than the digest's. */
function change(value: Json, addCanonical: AddText): string {
  const object = value as JsonObject;
  const texts: Record<string, string> = {};
  let before = '{';
  for (const name of sortedNames(object)) {
    addCanonical(`${before}${stringText(name)}:`);
    const print = name === 'patch' ? patch : line;
    texts[name] = joined(print(object[name] as Json, addCanonical));
    before = ',';
  }
  addCanonical('}');
  let text = '';
  for (const name of CHANGE) text += `${text === '' ? '{' : ','}\n      "${name}": ${texts[name]}`;
  return `${text}\n    }`;
}

function joined(parts: string | Iterable<string>): string {
  if (typeof parts === 'string') return parts;
  let text = '';
  for (const part of parts) text += part;
  return text;
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
