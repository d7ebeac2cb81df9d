import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** Heap with which no more is read, in bytes: what planning, proving and printing add to it stays below 1 GB. */
const FULL_BYTES = 640 * 1024 * 1024;
/** The same as part of the memory that a person allows with --max-old-space-size. */
const ALLOWED_SHARE = 0.64;

/** null: the process is a caller's, who uses the library. */
let fullBytes: number | null = null;

/**
 * Called by an executable: the process is ours, so its memory may be managed. A library leaves that to its caller. `full`: heap
 * in bytes with which no more is read.
 */
export function ownProcess(full: number): void {
  fullBytes = full;
}

/** `options`: those that Node was started with. */
export function fullHeapOf(options: readonly string[]): number {
  const [, mib = '0'] = /--max[-_]old[-_]space[-_]size=(\d+)/.exec(options.join(' ')) ?? [];
  return Math.max(FULL_BYTES, Number(mib) * 1024 * 1024 * ALLOWED_SHARE);
}

/**
 * Percent that the heap may grow between two full collections, by the least size of a file in bytes; V8 lets a large heap
 * double. The content of the largest fills half of the memory that a plan may take.
 */
const GROWTH: readonly { readonly bytes: number; readonly percent: number }[] = [
  { bytes: 256 * 1024 * 1024, percent: 20 },
  { bytes: 64 * 1024 * 1024, percent: 30 },
  { bytes: 0, percent: 50 },
];

/**
 * Called before a large file is read: garbage is collected earlier from here on. This takes a little more time and saves a fifth
 * of the memory. `size`: of the file, in bytes.
 */
export function slowHeapGrowth(size: number): void {
  const growth = GROWTH.find(({ bytes }) => size >= bytes);
  if (fullBytes !== null && growth !== undefined)
    setFlagsFromString(`--heap-growing-percent=${growth.percent}`);
}

/** The process may hold so much more than the heap uses: a table of names, and pages with holes. */
const RESIDENT_SHARE = 1.25;

/** Whether what was read so far, with garbage, leaves no room for more. */
export const isHeapFull = (): boolean =>
  fullBytes !== null &&
  (getHeapStatistics().used_heap_size > fullBytes || process.memoryUsage.rss() > fullBytes * RESIDENT_SHARE);
