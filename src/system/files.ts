import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../state/failure.ts';

/** The greatest file that is read: an export of a large catalogue has some megabytes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A file's text, which must be UTF-8. Throws a Failure (file_unreadable) that names it. */
export const readText = (path: string): string => decode(readBytes(path), path);

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
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('file_unreadable', `${name} is not UTF-8 text`);
  }
}

/** Everything of standard input, as UTF-8 text. */
export const readStdin = (): string => decode(readFileSync(0), 'standard input');

/**
 * Writes a file whole or not at all: beside its place, synced, then renamed over it. Makes its folder.
 * Throws a Failure (file_unwritable); no half-written file is left behind.
 */
export function writeText(path: string, text: string): void {
  const temporary = join(dirname(path), `.${process.pid}-${Date.now().toString(36)}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'wx');
    try {
      writeAll(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, error);
  }
}

/** Appends lines and syncs them: durable when it returns. */
export function appendText(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a');
    try {
      writeAll(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unwritable(path, error);
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
};

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code || String(error));
}
