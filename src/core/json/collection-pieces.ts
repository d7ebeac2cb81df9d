import { decodeUtf8 } from '../text/utf8.ts';
import { excessIn, type Walk, walk } from './json-bounds.ts';
import type { Json } from './json-value.ts';

/** Some members of a collection, which were found to be within the limits of a document. */
export interface Piece extends Readonly<Walk> {
  /** A list or a record. */
  readonly members: Json;
  /** The same, unparsed. */
  readonly text: string;
}

/** Returns how many of the collection's members there are in a piece; 0: they are malformed. */
export type Take = (piece: Piece) => number;

/** A large list or record of a document, whose members are taken in pieces. */
export interface JsonCollection {
  readonly path: string;
  /** null: its members are skipped, unread and not counted. */
  readonly take: Take | null;
  readonly isList: boolean;
  /** Depth of the commas between its members. */
  readonly depth: number;
  /** Members taken so far. */
  count: number;
  /** Bytes around a comma between two members; null: not known yet. */
  separator: Uint8Array | null;
  /** Places where these bytes separate no members. */
  misses: number;
}

/** Least size of a piece, in bytes. */
export const PIECE_BYTES = 65_536;
/** Length up to which a piece is parsed before its limits are checked: it takes a few megabytes, whatever it contains. */
const PARSED_FIRST = 8 * PIECE_BYTES;
/** Each costs the time to parse a piece. */
const MOST_MISSES = 8;

const COMMA = 0x2c;

/**
 * Takes the members in some bytes. False if they are malformed. Throws a SyntaxError, for the reader of the whole document to
 * report, and a TypeError if they are not UTF-8.
 */
export function takePiece(open: JsonCollection, bytes: Uint8Array): boolean {
  if (open.take === null) return true;
  const text = textOf(open, bytes);
  if (text.length > PARSED_FIRST && excessIn(text, open.depth - 1) !== null) return false;
  return passOn(open, text, JSON.parse(text) as Json);
}

/**
 * Takes pieces from `comma`, which separates two members, up to the last place where the collection's separator ends a piece:
 * searching for bytes is many times faster than scanning all of them. A separator may also be found inside of a member or
 * after the end of the collection. What is before it is no list (or record) then, so it does not parse, and is left to the
 * scan. Returns the index after the last comma; -1 if members are malformed. Throws as takePiece does.
 */
export function takeSeparated(open: JsonCollection, bytes: Uint8Array, comma: number): number {
  let from = comma + 1;
  open.separator ??= separatorAt(bytes, comma);
  const { separator, take } = open;
  if (separator === null || take === null) return from;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const commaIn = separator.indexOf(COMMA);
  while (open.misses < MOST_MISSES) {
    const found = buffer.indexOf(separator, from + PIECE_BYTES);
    const to = found + commaIn;
    if (found < 0 || to - from > PARSED_FIRST) break;
    const text = textOf(open, bytes.subarray(from, to));
    const members = parsedOrNothing(text);
    if (members === undefined) {
      open.misses += 1;
      break;
    }
    if (!passOn(open, text, members)) return -1;
    from = to + 1;
  }
  return from;
}

/** With the blanks on both sides, which tell one level from another in an indented document; null: the bytes end too early. */
function separatorAt(bytes: Uint8Array, comma: number): Uint8Array | null {
  let from = comma - 1;
  while (isBlank(bytes[from - 1])) from -= 1;
  let to = comma + 1;
  while (isBlank(bytes[to])) to += 1;
  return to < bytes.length ? bytes.slice(from, to + 1) : null;
}

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function textOf({ isList }: JsonCollection, bytes: Uint8Array): string {
  const members = decodeUtf8(bytes);
  return isList ? `[${members}]` : `{${members}}`;
}

function parsedOrNothing(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function passOn(open: JsonCollection, text: string, members: Json): boolean {
  const count = open.take?.({ ...walk(members, open.depth - 1), members, text }) ?? 0;
  open.count += count;
  return count > 0;
}
