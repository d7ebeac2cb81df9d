import { decodeUtf8, withoutByteOrderMark } from '../text/utf8.ts';
import {
  type JsonCollection,
  PIECE_BYTES,
  type Take,
  takePiece,
  takeSeparated,
} from './collection-pieces.ts';
import { excessIn } from './json-bounds.ts';
import type { Json } from './json-value.ts';
import { parsePiece } from './untrusted-json.ts';

/**
 * A JSON document whose large collections are read in pieces, so that a file of hundreds of megabytes is never one text and
 * one tree at the same time.
 */
interface Pieces {
  /** Text of the document with `[]` or `{}` instead of these collections. */
  readonly rest: string;
  /** The same, parsed. */
  readonly document: Json;
  /** Path of a collection → number of its members. */
  readonly counts: ReadonlyMap<string, number>;
}

/** By path of a collection; null: its members are skipped, unread and not counted. */
type Takers = Readonly<Record<string, Take | null>>;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Most bytes beside the collections: a document of ours has fewer. */
const REST_BYTES = 1 << 26;

/**
 * Splits a document along its collections; `takers` by path (`offerings`, `actual.products`; at most two names). Finds members
 * by their bytes and leaves their syntax to JSON.parse. Returns null if the bytes alone are not conclusive (a path twice, an
 * escaped name, truncated, not UTF-8). Keeps no chunk. The caller then parses the whole document, with the parser that reports the error.
 */
export function readPieces(chunks: Iterable<Uint8Array>, takers: Takers): Pieces | null {
  const scanner = start(takers);
  let pending = new Uint8Array(0);
  try {
    for (const chunk of chunks) {
      const bytes = joined(pending, chunk);
      if (!scan(scanner, bytes, pending.length)) return null;
      pending = bytes.subarray(scanner.from);
      scanner.textFrom -= scanner.from;
      scanner.from = 0;
      if (pending.length > REST_BYTES) return null;
    }
    if (scanner.depth !== 0 || scanner.open !== null) return null;
    const rest = scanner.rest.join('') + decodeUtf8(pending);
    if (excessIn(rest) !== null) return null;
    return { rest, document: parsePiece(withoutByteOrderMark(rest)), counts: scanner.counts };
  } catch (error) {
    // From JSON.parse or the decoder: the parser of the whole document reports it.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

/** The pending bytes and a chunk after them, in the buffer of the pending bytes where it is large enough. */
function joined(pending: Uint8Array<ArrayBuffer>, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = pending.length + chunk.length;
  const { buffer } = pending.buffer.byteLength < length ? new Uint8Array(2 * length) : pending;
  const both = new Uint8Array(buffer, 0, length);
  both.set(pending);
  both.set(chunk, pending.length);
  return both;
}

/** State of a scan between two bytes. */
interface Scanner {
  readonly takers: Takers;
  readonly rest: string[];
  readonly counts: Map<string, number>;
  /** Names of the members that the next value is in. */
  readonly names: string[];
  depth: number;
  isText: boolean;
  isEscaped: boolean;
  textFrom: number;
  /** The last text at the depth of names; null: it had an escape. */
  text: string | null;
  open: JsonCollection | null;
  /** Start of the bytes that were not handed on yet: of the open collection, else of the rest. */
  from: number;
}

const start = (takers: Scanner['takers']): Scanner => ({
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

/** Depth to which names are followed. */
const FOLLOWED = 2;

/** False: bytes alone do not decide. */
function scan(scanner: Scanner, bytes: Uint8Array, begin: number): boolean {
  for (let at = begin; at < bytes.length; at += 1) {
    if (scanner.isText) {
      at = skipText(scanner, bytes, at);
      continue;
    }
    if (scanner.open !== null) at = skipMembers(scanner, scanner.open, bytes, at);
    if (at < 0) return false;
    const byte = bytes[at];
    if (byte === QUOTE) {
      scanner.isText = true;
      scanner.textFrom = at + 1;
      scanner.text = '';
    } else if (byte === OPEN_LIST || byte === OPEN_RECORD) {
      scanner.depth += 1;
      if (scanner.names.length === scanner.depth - 1 && !enter(scanner, bytes, at)) return false;
    } else if (byte === CLOSE_LIST || byte === CLOSE_RECORD) {
      if (scanner.open !== null && !leave(scanner, scanner.open, bytes, at)) return false;
      scanner.depth -= 1;
      if (scanner.names.length > scanner.depth) scanner.names.length = Math.max(0, scanner.depth);
    } else if (byte === COMMA) {
      scanner.names.length = Math.min(scanner.names.length, Math.max(0, scanner.depth - 1));
    } else if (byte === COLON && scanner.depth <= FOLLOWED) {
      // A name with an escape could be that of a collection.
      if (scanner.text === null || scanner.depth === 0) return false;
      scanner.names[scanner.depth - 1] = scanner.text;
    }
  }
  return true;
}

/**
 * Moves to the end of a collection, or of the bytes, and passes its members on; nearly all bytes of a file are handled here.
 * Returns the index of the closing bracket; -1 if its members are malformed.
 */
function skipMembers(scanner: Scanner, open: JsonCollection, bytes: Uint8Array, begin: number): number {
  let { depth } = scanner;
  let at = begin;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at += 1;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      scanner.isText = at >= bytes.length;
      scanner.isEscaped = at > bytes.length;
    } else if (byte === OPEN_LIST || byte === OPEN_RECORD) {
      depth += 1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_RECORD) {
      if (depth === open.depth) break;
      depth -= 1;
    } else if (byte === COMMA && depth === open.depth && at - scanner.from >= PIECE_BYTES) {
      if (!takePiece(open, bytes.subarray(scanner.from, at))) return -1;
      scanner.from = takeSeparated(open, bytes, at);
      if (scanner.from < 0) return -1;
      at = scanner.from - 1;
    }
  }
  scanner.depth = depth;
  return at;
}

/** Moves to the end of a string, or of the bytes; returns the index of its last byte. */
function skipText(scanner: Scanner, bytes: Uint8Array, begin: number): number {
  for (let at = begin; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (scanner.isEscaped) scanner.isEscaped = false;
    else if (byte === BACKSLASH) {
      scanner.isEscaped = true;
      scanner.text = null;
    } else if (byte === QUOTE) {
      scanner.isText = false;
      if (scanner.open === null && scanner.text !== null && scanner.depth <= FOLLOWED)
        scanner.text = decodeUtf8(bytes.subarray(scanner.textFrom, at));
      return at;
    }
  }
  return bytes.length;
}

/** A list or a record begins; if it is one of the collections, its members are taken from here on. */
function enter(scanner: Scanner, bytes: Uint8Array, at: number): boolean {
  const path = scanner.names.join('.');
  const taker = Object.hasOwn(scanner.takers, path) ? scanner.takers[path] : undefined;
  if (taker === undefined) return true;
  if (scanner.counts.has(path)) return false;
  scanner.counts.set(path, 0);
  const isList = bytes[at] === OPEN_LIST;
  scanner.open = { path, take: taker, isList, depth: scanner.depth, count: 0, separator: null, misses: 0 };
  scanner.rest.push(decodeUtf8(bytes.subarray(scanner.from, at + 1)));
  scanner.from = at + 1;
  return true;
}

function leave(scanner: Scanner, open: JsonCollection, bytes: Uint8Array, at: number): boolean {
  const members = bytes.subarray(scanner.from, at);
  const isEmpty = open.count === 0 && /^\s*$/.test(decodeUtf8(members));
  if (!isEmpty && !takePiece(open, members)) return false;
  scanner.counts.set(open.path, open.count);
  scanner.open = null;
  scanner.from = at;
  return true;
}
