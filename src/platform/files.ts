import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';

/** The greatest file that is read: an export of a large catalogue has some megabytes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A file's text, which must be UTF-8. Throws a Failure (file_unreadable) that names it. */
export const readText = (path: string): string => decodeUtf8(readBytes(path), path);

/** From here on a file is read in pieces. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** Whether there is a file that can be read more than once: no folder, no pipe. */
export const isFile = (path: string): boolean => statOf(path)?.isFile() === true;

/** Whether a file is so large that it should be read in pieces; never one that can be read once only. */
export function isLarge(path: string): boolean {
  const stat = statOf(path);
  return stat?.isFile() === true && stat.size >= LARGE_BYTES;
}

const CHUNK_BYTES = 1024 * 1024;

/** A file's bytes, some megabytes at a time, of whatever size it is; `each` sees them too. Throws a Failure (file_unreadable). */
export function* chunksOf(path: string, each: (bytes: Uint8Array) => void = () => {}): Generator<Uint8Array> {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return;
      const bytes = chunk.subarray(0, count);
      each(bytes);
      yield bytes;
    }
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure('file_unreadable', `${path} cannot be read (${reasonOf(error)})`, 'Check the path.');
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** A file's bytes. Throws a Failure (file_unreadable) that names it. */
export function readBytes(path: string): Uint8Array {
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new Failure('file_unreadable', `${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return readFileSync(path);
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure('file_unreadable', `${path} cannot be read (${reasonOf(error)})`, 'Check the path.');
  }
}

/** Bytes as UTF-8 text; anything else is refused instead of being mended. */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('file_unreadable', `${name} is not UTF-8 text`, 'Save or export it as UTF-8.');
  }
}

/** Everything of standard input, as UTF-8 text. */
export function readStdin(): string {
  try {
    return decodeUtf8(readFileSync(0), 'standard input');
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure(
          'file_unreadable',
          `standard input cannot be read (${reasonOf(error)})`,
          'Pipe the document in: … | sailplan plan --desired -',
        );
  }
}

/** A file's text, whole or in pieces; pieces can be gone through more than once. */
export type Text = string | Iterable<string>;

const piecesOf = (text: Text): Iterable<string> => (typeof text === 'string' ? [text] : text);

/** Whether a file holds just this text. */
export function hasContent(path: string, text: Text): boolean {
  const content = readText(path);
  let at = 0;
  for (const piece of piecesOf(text)) {
    if (!content.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === content.length;
}

/**
 * Writes a file whole or not at all: beside its place, synced, then renamed over it. Makes its folder.
 * Throws a Failure (file_unwritable); no half-written file is left behind.
 */
export function writeText(path: string, text: Text): void {
  const temporary = join(dirname(path), `.${process.pid}-${Date.now().toString(36)}.tmp`);
  try {
    if (isFolder(path)) throw Object.assign(new Error(), { code: 'EISDIR' });
    makeFolder(dirname(path));
    const file = openSync(temporary, 'wx');
    try {
      for (const piece of piecesOf(text)) writeAll(file, piece);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    // Whoever makes the pieces may refuse to go on.
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}

/** Takes away what is left of a failed write; where even that fails there is nothing left. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The reason that counts is the first one, which is on its way already.
  }
}

/** Throws a Failure (file_unwritable) when a file could certainly not be written there. Makes nothing. */
export function assertWritable(path: string): void {
  try {
    if (isFolder(path)) throw Object.assign(new Error(), { code: 'EISDIR' });
    let folder = dirname(path);
    while (!exists(folder) && dirname(folder) !== folder) folder = dirname(folder);
    if (!isFolder(folder)) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Makes a folder and those above it. (Node's own `recursive` never ends below /proc, where mkdir says ENOENT for ever.) */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (isFolder(path)) return;
    throw exists(path) ? Object.assign(new Error(), { code: 'ENOTDIR' }) : error;
  }
}

const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;

/** Undefined also where a part of the path is a file, which Node throws for. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Appends lines and syncs them: durable when it returns. Where that fails, what was half written is cut off again; where
 * even that fails, the next line begins a new one and is not glued to it.
 */
export function appendText(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    const file = openSync(path, 'a+');
    try {
      const { size } = fstatSync(file);
      try {
        writeAll(file, isTorn(file, size) ? `\n${text}` : text);
        fsyncSync(file);
      } catch (error) {
        cutTo(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

function isTorn(file: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function cutTo(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // A torn line says nothing; the failure that counts is the first one.
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

export const unwritable = (path: string, error: unknown): Failure =>
  new Failure(
    'file_unwritable',
    `${path} cannot be written (${reasonOf(error)})`,
    'Check the path, its permissions and the free space.',
  );

export const exists = (path: string): boolean => existsSync(path);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'no space left',
  EROFS: 'the file system is read-only',
  EEXIST: 'it exists already',
  EAGAIN: 'nothing is piped in',
  EBADF: 'it is closed',
};

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code || String(error));
}
