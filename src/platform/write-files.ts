import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../core/failure.ts';
import { isSameBytes, utf8Chunks } from '../core/text/same-bytes.ts';
import { chunksOf, errorCode, exists, isFolder, reasonOf } from './files.ts';

/** A file's text, as one string or in pieces. */
export type Text = string | Iterable<string>;

const piecesOf = (text: Text): Iterable<string> => (typeof text === 'string' ? [text] : text);

/** Whether a file has exactly this content, a text or bytes in chunks; false if it cannot be read. */
export function hasContent(path: string, content: string | Iterable<Uint8Array>): boolean {
  try {
    return isSameBytes(chunksOf(path), typeof content === 'string' ? utf8Chunks([content]) : content);
  } catch (error) {
    if (error instanceof Failure && error.code === 'file_unreadable') return false;
    throw error;
  }
}

/**
 * Writes a file atomically: writes beside its place, syncs, then renames. Creates its folder. Throws a Failure
 * (file_unwritable), and errors of iterating the pieces; no partial file remains.
 */
export function writeText(path: string, text: Text): void {
  const temporary = join(dirname(path), `.${process.pid}-${Date.now().toString(36)}.tmp`);
  try {
    if (isFolder(path)) throw withCode('EISDIR');
    makeFolder(dirname(path));
    const file = openSync(temporary, 'wx');
    try {
      for (const bytes of utf8Chunks(piecesOf(text))) writeAll(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeQuietly(temporary);
    throw error instanceof Failure ? error : unwritable(path, error);
  }
}

const sync = promisify(fsync);

/**
 * Appends lines and syncs them: written when it returns, durable when its promise resolves. One call at a time. After a failure
 * it truncates what was half written; where that fails too, the next line starts on a new line and is not joined to it. Throws
 * a Failure (file_unwritable).
 */
export async function appendText(path: string, text: string): Promise<void> {
  try {
    makeFolder(dirname(path));
    const file = openSync(path, 'a+');
    try {
      const { size } = fstatSync(file);
      try {
        writeAll(file, Buffer.from(isTorn(file, size) ? `\n${text}` : text));
        // Takes milliseconds, in which replies arrive.
        await sync(file);
        if (size === 0) syncFolder(dirname(path));
      } catch (error) {
        truncateQuietly(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Errors of systems that cannot sync a folder: Windows, and some network file systems. */
const NO_FOLDER_SYNC: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'EISDIR',
  'EINVAL',
  'ENOTSUP',
  'EBADF',
]);

/** Makes a new name in a folder durable: without it a crash can take a file away that was synced and renamed. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(errorCode(error))) throw error;
  }
}

/** Removes what is left of a failed write. Ignores errors: the first failure is the one to report. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // See above.
  }
}

/** Throws a Failure (file_unwritable) when a file could certainly not be written there. Makes nothing. */
export function assertWritable(path: string): void {
  try {
    if (isFolder(path)) throw withCode('EISDIR');
    let folder = dirname(path);
    while (!exists(folder) && dirname(folder) !== folder) folder = dirname(folder);
    if (!isFolder(folder)) throw withCode('ENOTDIR');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Creates a folder and its parents. (mkdirSync's own `recursive` never returns below /proc, where mkdir always fails with
 * ENOENT.)
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
    syncFolder(dirname(path));
  } catch (error) {
    if (isFolder(path)) return;
    throw exists(path) ? withCode('ENOTDIR') : error;
  }
}

export const unwritable = (path: string, error: unknown): Failure =>
  new Failure(
    'file_unwritable',
    `${path} cannot be written (${reasonOf(error)})`,
    'Check the path, its permissions and the free space.',
  );

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

/** Whether the file ends in the middle of a line. */
function isTorn(file: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

function truncateQuietly(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // Readers skip a torn line, and the failure to report is the first one.
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
