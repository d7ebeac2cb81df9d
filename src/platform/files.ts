import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Failure } from '../core/failure.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';
import { isHeapFull, slowHeapGrowth } from './heap-growth.ts';

/** Size of the largest file, or standard input, that is read at once: an export of 100,000 offerings has 110 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Files of this size and more fill the heap. */
const HUGE_BYTES = 32 * 1024 * 1024;

/** Size of the largest file that is read in pieces. */
const MAX_CHUNKED_BYTES = 4 * 1024 * 1024 * 1024;

/** Files of this size and more are read in pieces. */
const LARGE_BYTES = 4 * 1024 * 1024;

const CHUNK_BYTES = 1024 * 1024;

export interface ReadLimits {
  /** Most bytes (128 MiB). */
  readonly mostBytes?: number;
  /** Reads a pipe too, until its writer ends: only for a path that a person typed. A pipe without a writer never opens. */
  readonly allowsPipe?: boolean;
}

/** For lists of ids, and what sailplan writes beside a plan. */
export const SMALL_FILE: ReadLimits = { mostBytes: 16 * 1024 * 1024 };

/** For what people write by hand: config, contract, policy, signers. Its errors are searched for line by line. */
export const WRITTEN_FILE: ReadLimits = { mostBytes: 1024 * 1024 };

/** A file's text, which must be UTF-8. Throws a Failure (file_unreadable) that names it. */
export const readText = (path: string, limits?: ReadLimits): string =>
  decodeText(readBytes(path, limits), path);

/** A file's bytes. Throws a Failure (file_unreadable) that names it, also for a device, a socket and a folder. */
export function readBytes(path: string, limits: ReadLimits = {}): Uint8Array {
  let file: number | null = null;
  try {
    file = openForReading(path, limits);
    return readUpTo(file, path, limits.mostBytes ?? MAX_BYTES);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}

/**
 * Opens nothing but a regular file, or a pipe where that is allowed: a device or a pipe may never end. Looks before it opens,
 * because opening a device may do something, and again afterwards, because the path may lead elsewhere by then.
 */
function openForReading(path: string, { allowsPipe = false }: ReadLimits): number {
  const isReadable = (stat: Stats) => stat.isFile() || (allowsPipe && stat.isFIFO());
  assertKind(path, statSync(path), isReadable);
  // A pipe that took the place of a file would block without the flag.
  const file = openSync(path, allowsPipe ? 'r' : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    assertKind(path, fstatSync(file), isReadable);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function assertKind(path: string, stat: Stats, isReadable: (stat: Stats) => boolean): void {
  if (isReadable(stat)) return;
  throw new Failure(
    'file_unreadable',
    `${path} cannot be read (it is ${kindOf(stat)})`,
    stat.isDirectory() ? 'Check the path.' : 'Give a regular file.',
  );
}

const kindOf = (stat: Stats): string =>
  stat.isDirectory()
    ? 'a folder'
    : stat.isFIFO()
      ? 'a pipe'
      : stat.isSocket()
        ? 'a socket'
        : stat.isFile()
          ? 'a file'
          : 'a device';

/** The reported size of a file is not reliable: it may grow, and files of /proc have none. */
function readUpTo(file: number, name: string, mostBytes: number): Uint8Array {
  const { size } = fstatSync(file);
  if (size > mostBytes) throw tooLarge(name, mostBytes);
  const full: Buffer[] = [];
  let total = 0;
  // A buffer for the whole file, with one more byte to detect its end; more if the file is larger than reported.
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    length += count;
    total += count;
    if (total > mostBytes) throw tooLarge(name, mostBytes);
    if (count === 0) {
      const last = buffer.subarray(0, length);
      return full.length === 0 ? last : Buffer.concat([...full, last]);
    }
    if (length < buffer.length) continue;
    full.push(buffer);
    buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    length = 0;
  }
}

const tooLarge = (name: string, mostBytes: number): Failure =>
  new Failure(
    'file_unreadable',
    `${name} is larger than ${mostBytes < 1024 * 1024 ? `${mostBytes / 1024} KiB` : `${mostBytes / 1024 / 1024} MiB`}`,
  );

export const ALLOW_MORE_MEMORY = 'To allow 4 GB: NODE_OPTIONS=--max-old-space-size=4096 sailplan …';

export const tooMuch = (
  name: string,
  hint = `Split it (--only-slugs, or one contract per product type). ${ALLOW_MORE_MEMORY}`,
): Failure => new Failure('file_unreadable', `${name} needs more memory than sailplan takes (1 GB)`, hint);

/** All of standard input, which must be UTF-8. Throws a Failure (file_unreadable). */
export function readStdin(): string {
  try {
    return decodeText(readUpTo(0, 'standard input', MAX_BYTES), 'standard input');
  } catch (error) {
    throw unreadable('standard input', error, 'Pipe the document in: … | sailplan plan --desired -');
  }
}

/**
 * A file's bytes in chunks of 1 MiB, each valid until the next is asked for; `onChunk` is called with each before it is given.
 * Throws a Failure (file_unreadable).
 */
export function* chunksOf(
  path: string,
  onChunk: (bytes: Uint8Array) => void = () => {},
): Generator<Uint8Array> {
  let file: number | null = null;
  try {
    file = openForReading(path, {});
    const { size } = fstatSync(file);
    if (size >= HUGE_BYTES) slowHeapGrowth(size);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let total = 0; ; ) {
      const count = readSync(file, chunk);
      if (count === 0) return;
      total += count;
      if (total > MAX_CHUNKED_BYTES) throw tooLarge(path, MAX_CHUNKED_BYTES);
      if (isHeapFull()) throw tooMuch(path);
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

/**
 * Refuses a path that is a symbolic link below `root`, or leads through one: who proposes a plan could point it anywhere.
 * `root` itself may be one. Throws a Failure (file_unreadable).
 */
export function assertNoLinks(root: string, path: string): void {
  let at = root;
  for (const name of relative(root, path).split(sep)) {
    at = join(at, name);
    if (name === '' || !isLink(at)) continue;
    throw new Failure(
      'file_unreadable',
      `${at} is a symbolic link, and links below the plans folder are not followed`,
      'Replace it with the file itself.',
    );
  }
}

/** False if nothing exists there, also below a file; reading the path reports the error. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw unreadable(path, error);
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

/** 0 if the file does not exist. */
export const sizeOf = (path: string): number => statOf(path)?.size ?? 0;

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
    const isUtf16 = [0xfeff, 0xfffe].includes(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
    throw isUtf16
      ? new Failure(
          'file_unreadable',
          `${name} is UTF-16, not UTF-8 text`,
          'Save it as UTF-8. Windows PowerShell writes UTF-16 with >: use | Out-File -Encoding utf8.',
        )
      : new Failure('file_unreadable', `${name} is not UTF-8 text`, 'Save or export it as UTF-8.');
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
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left',
  EROFS: 'the file system is read-only',
  EEXIST: 'it already exists',
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
