import { createHash } from 'node:crypto';
import { sha256 } from '../core/json/canonical-json.ts';
import { chunksOf, isLarge, type ReadLimits, readText } from './files.ts';

/** What was read of a file, and the SHA-256 of its bytes. */
export interface Large<T> {
  readonly read: T;
  readonly sha256: string;
}

export const readWhole = <T>(content: string, parse: (content: string) => T): Large<T> => ({
  read: parse(content),
  sha256: sha256(content),
});

/**
 * Reads a file with one of two parsers: a large one in pieces, which needs little memory; a small one at once. If the parser
 * of pieces returns null, the file is read at once too, because the other parser reports the error.
 */
export function readLarge<T>(
  path: string,
  parsePieces: (chunks: Iterable<Uint8Array>) => T | null,
  parse: (content: string) => T,
  limits?: ReadLimits,
): Large<T> {
  if (isLarge(path)) {
    const hash = createHash('sha256');
    const read = parsePieces(chunksOf(path, (bytes) => hash.update(bytes)));
    if (read !== null) return { read, sha256: hash.digest('hex') };
  }
  return readWhole(readText(path, limits), parse);
}
