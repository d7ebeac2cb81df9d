import { type Large, readLarge } from '../platform/read-large-file.ts';
import { parseSnapshot, parseSnapshotPieces, type StoredSnapshot } from '../saleor/snapshot-file.ts';

/** Reads a snapshot of a shop, of any size. Throws the Failures of parseSnapshot, and file_unreadable. */
export const readSnapshot = (path: string): Large<StoredSnapshot> =>
  readLarge(
    path,
    (chunks) => parseSnapshotPieces(chunks, path),
    (content) => parseSnapshot(content, path),
  );
