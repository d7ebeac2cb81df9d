import { closeSync, existsSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';

/** Size of the largest file that is read at once; an export of a large catalogue has some megabytes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Files of this size and more are read in pieces. */
const LARGE_BYTES = 4 * 1024 * 1024;

const CHUNK_BYTES = 1024 * 1024;

/** A file's text, which must be UTF-8. Throws a Failure (file_unreadable) that names it. */
export const readText = (path: string): string => decodeText(readBytes(path), path);

/** A file's bytes. Throws a Failure (file_unreadable) that names it. */
export function readBytes(path: string): Uint8Array {
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new Failure('file_unreadable', `${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** All of standard input, which must be UTF-8. Throws a Failure (file_unreadable). */
export function readStdin(): string {
  try {
    return decodeText(readFileSync(0), 'standard input');
  } catch (error) {
    throw unreadable('standard input', error, 'Pipe the document in: … | sailplan plan --desired -');
  }
}

/**
 * A file's bytes in chunks of 1 MiB, whatever its size; `onChunk` is called with each before it is given. Throws a Failure
 * (file_unreadable).
 */
export function* chunksOf(
  path: string,
  onChunk: (bytes: Uint8Array) => void = () => {},
): Generator<Uint8Array> {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return;
      const bytes = chunk.subarray(0, count);
      onChunk(bytes);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}

export const exists = (path: string): boolean => existsSync(path);

/** Whether the path is a file that can be read more than once: no folder, no pipe. */
export const isFile = (path: string): boolean => statOf(path)?.isFile() === true;

export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true;

/** Whether the path is a file that should be read in pieces; never one that can be read only once. */
export function isLarge(path: string): boolean {
  const stat = statOf(path);
  return stat?.isFile() === true && stat.size >= LARGE_BYTES;
}

/** Undefined also where a part of the path is a file, for which Node throws. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Bytes as UTF-8 text. Throws a Failure (file_unreadable) for anything else. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new Failure('file_unreadable', `${name} is not UTF-8 text`, 'Save or export it as UTF-8.');
  }
}

function unreadable(name: string, error: unknown, hint = 'Check the path.'): Failure {
  return error instanceof Failure
    ? error
    : new Failure('file_unreadable', `${name} cannot be read (${reasonOf(error)})`, hint);
}

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

/** Why the file system refused, by the error's code. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return REASONS[code] ?? (code || String(error));
}

/** Node's code of an error, for example ENOENT; '' where it has none. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
