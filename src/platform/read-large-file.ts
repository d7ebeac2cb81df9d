import { createHash } from 'node:crypto';
import { sha256 } from '../core/json/canonical-json.ts';
import { chunksOf, isLarge, readText } from './files.ts';

/** What was read of a file, and the SHA-256 of its bytes. */
export interface Large<T> {
  readonly read: T;
  readonly sha256: string;
}

export const readWhole = <T>(content: string, whole: (content: string) => T): Large<T> => ({
  read: whole(content),
  sha256: sha256(content),
});

/**
 * A file by one of two readers: a great one in pieces, which need little memory; a small one, and one that the reader of
 * pieces has its doubts about (null), as one text, by the reader whose words say what is wrong.
 */
export function readLarge<T>(
  path: string,
  pieces: (chunks: Iterable<Uint8Array>) => T | null,
  whole: (content: string) => T,
): Large<T> {
  if (isLarge(path)) {
    const hash = createHash('sha256');
    const read = pieces(chunksOf(path, (bytes) => hash.update(bytes)));
    if (read !== null) return { read, sha256: hash.digest('hex') };
  }
  return readWhole(readText(path), whole);
}
