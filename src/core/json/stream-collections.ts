import { decodeUtf8 } from '../text/utf8.ts';
import type { Json } from './json-value.ts';

/**
 * A JSON document whose great collections are read in pieces, so that a file of hundreds of megabytes is never one text and
 * one tree at the same time.
 */
interface Pieces {
  /** The document with `[]` or `{}` in place of these collections. */
  readonly rest: string;
  /** The same, parsed. */
  readonly document: Json;
  /** How many members each of them has, by its path. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Takes some members of a collection, as the text of a list or of a record. Gives how many they are; 0: they are wrong. */
export type Take = (text: string) => number;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x5b, 0x5d, 0x7b, 0x7d];

/** So many bytes of a collection are taken at once. */
const PIECE_BYTES = 65_536;
/** More than that beside the collections is no document of ours. */
const REST_BYTES = 1 << 26;

/**
 * Cuts a document along its collections; `takers` are by path (`offerings`, `actual.products`; at most two names). It finds
 * members by their bytes and leaves judging them to JSON.parse: what is not plainly so (a path twice, an escaped name, cut
 * off, no UTF-8) gives null, and the caller reads the document whole, by the reader that can say what is wrong with it.
 */
export function readPieces(
  chunks: Iterable<Uint8Array>,
  takers: Readonly<Record<string, Take>>,
): Pieces | null {
  const cut = start(takers);
  let held: Uint8Array = new Uint8Array(0);
  try {
    for (const chunk of chunks) {
      const bytes = held.length === 0 ? chunk : joined(held, chunk);
      if (!scan(cut, bytes, held.length)) return null;
      held = bytes.subarray(cut.from);
      cut.textFrom -= cut.from;
      cut.from = 0;
      if (held.length > REST_BYTES) return null;
    }
    if (cut.depth !== 0 || cut.open !== null) return null;
    const rest = cut.rest.join('') + decodeUtf8(held);
    return { rest, document: JSON.parse(rest.replace(/^\ufeff/, '')) as Json, counts: cut.counts };
  } catch (error) {
    // JSON.parse and the decoder: the reader of the whole document says what it is.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

interface Collection {
  readonly path: string;
  readonly take: Take;
  readonly isList: boolean;
  /** How deep its members' commas stand. */
  readonly depth: number;
  /** Members that were taken so far. */
  count: number;
}

/** Where a scan stands between two bytes. */
interface Cut {
  readonly takers: Readonly<Record<string, Take>>;
  readonly rest: string[];
  readonly counts: Map<string, number>;
  /** Names of the members that the next value is in. */
  readonly names: string[];
  depth: number;
  isText: boolean;
  isEscaped: boolean;
  textFrom: number;
  /** The last text at the depth of names; null: it had an escape in it. */
  text: string | null;
  open: Collection | null;
  /** What was not handed on yet begins here: of the collection that is open, else of the rest. */
  from: number;
}

const start = (takers: Cut['takers']): Cut => ({
  takers,
  rest: [],
  counts: new Map(),
  names: [],
  depth: 0,
  isText: false,
  isEscaped: false,
  textFrom: 0,
  text: null,
  open: null,
  from: 0,
});

/** Names are followed so deep. */
const FOLLOWED = 2;

/** False: the document is not plainly as it should be. */
function scan(cut: Cut, bytes: Uint8Array, begin: number): boolean {
  for (let at = begin; at < bytes.length; at += 1) {
    if (cut.isText) {
      at = skipText(cut, bytes, at);
      continue;
    }
    if (cut.open !== null) at = skipMembers(cut, cut.open, bytes, at);
    if (at < 0) return false;
    const byte = bytes[at];
    if (byte === QUOTE) {
      cut.isText = true;
      cut.textFrom = at + 1;
      cut.text = '';
    } else if (byte === OPEN_LIST || byte === OPEN_RECORD) {
      cut.depth += 1;
      if (cut.names.length === cut.depth - 1 && !enter(cut, bytes, at)) return false;
    } else if (byte === CLOSE_LIST || byte === CLOSE_RECORD) {
      if (cut.open !== null && !leave(cut, cut.open, bytes, at)) return false;
      cut.depth -= 1;
      if (cut.names.length > cut.depth) cut.names.length = Math.max(0, cut.depth);
    } else if (byte === COMMA) {
      cut.names.length = Math.min(cut.names.length, Math.max(0, cut.depth - 1));
    } else if (byte === COLON && cut.depth <= FOLLOWED) {
      // A name that is spelt with an escape could be one of ours.
      if (cut.text === null || cut.depth === 0) return false;
      cut.names[cut.depth - 1] = cut.text;
    }
  }
  return true;
}

/**
 * Goes to the end of a collection, or of the bytes, and takes its members on the way: nearly all of a file is gone through here.
 * Gives the place of the bracket that closes it; -1: its members are wrong.
 */
function skipMembers(cut: Cut, open: Collection, bytes: Uint8Array, begin: number): number {
  let { depth } = cut;
  let at = begin;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at += 1;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      cut.isText = at >= bytes.length;
      cut.isEscaped = at > bytes.length;
    } else if (byte === OPEN_LIST || byte === OPEN_RECORD) {
      depth += 1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_RECORD) {
      if (depth === open.depth) break;
      depth -= 1;
    } else if (byte === COMMA && depth === open.depth && at - cut.from >= PIECE_BYTES) {
      if (!take(cut, open, bytes, at)) return -1;
      cut.from = at + 1;
    }
  }
  cut.depth = depth;
  return at;
}

/** Goes to the end of a text, or of the bytes; gives the place of the last byte that belongs to it. */
function skipText(cut: Cut, bytes: Uint8Array, begin: number): number {
  for (let at = begin; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (cut.isEscaped) cut.isEscaped = false;
    else if (byte === BACKSLASH) {
      cut.isEscaped = true;
      cut.text = null;
    } else if (byte === QUOTE) {
      cut.isText = false;
      if (cut.open === null && cut.text !== null && cut.depth <= FOLLOWED)
        cut.text = decodeUtf8(bytes.subarray(cut.textFrom, at));
      return at;
    }
  }
  return bytes.length;
}

/** A list or a record begins; if it is one of the collections, its members are taken from here on. */
function enter(cut: Cut, bytes: Uint8Array, at: number): boolean {
  const path = cut.names.join('.');
  const taker = Object.hasOwn(cut.takers, path) ? cut.takers[path] : undefined;
  if (taker === undefined) return true;
  if (cut.counts.has(path)) return false;
  cut.counts.set(path, 0);
  cut.open = { path, take: taker, isList: bytes[at] === OPEN_LIST, depth: cut.depth, count: 0 };
  cut.rest.push(decodeUtf8(bytes.subarray(cut.from, at + 1)));
  cut.from = at + 1;
  return true;
}

function leave(cut: Cut, open: Collection, bytes: Uint8Array, at: number): boolean {
  const isEmpty = open.count === 0 && /^\s*$/.test(decodeUtf8(bytes.subarray(cut.from, at)));
  if (!isEmpty && !take(cut, open, bytes, at)) return false;
  cut.open = null;
  cut.from = at;
  return true;
}

function take(cut: Cut, open: Collection, bytes: Uint8Array, to: number): boolean {
  const members = decodeUtf8(bytes.subarray(cut.from, to));
  const count = open.take(open.isList ? `[${members}]` : `{${members}}`);
  open.count += count;
  cut.counts.set(open.path, open.count);
  return count > 0;
}
