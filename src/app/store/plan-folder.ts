import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { ParsedPlan } from '../../plan/file/integrity.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { parsePlanPieces, provePlanPieces } from '../../plan/file/parse-pieces.ts';
import {
  assertNoLinks,
  chunksOf,
  exists,
  isLarge,
  type ReadLimits,
  readBytes,
  readText,
  sizeOf,
} from '../../platform/files.ts';
import {
  hasContent,
  makeFolder,
  removeQuietly,
  syncFolder,
  type Text,
  unwritable,
  writeText,
} from '../../platform/write-files.ts';
import { namesIn } from './plan-files.ts';

/** One plan's folder, `plans/<id>/`: plan.json, provenance.json, review.md, approvals/, runs/, report.json. */
export interface Folder {
  readonly path: string;
  /** The folder's name, if it is a plan's id; else null (a plan.json that was copied elsewhere). */
  readonly id: string | null;
  /** The folder of the plans that it belongs to, with lock and archive: where the plan is, not where one calls from. */
  readonly plans: string;
}

/** A plan's id: the first 16 digits of its digest. */
export const PLAN_ID = /^[0-9a-f]{16}$/;

/** A file below a folder of plans, reached without a link. Throws a Failure (file_unreadable). */
export function storedText(root: string, path: string, limits?: ReadLimits): string {
  assertNoLinks(root, path);
  return readText(path, limits);
}

/** As storedText, for the bytes. */
export function storedBytes(root: string, path: string, limits?: ReadLimits): Uint8Array {
  assertNoLinks(root, path);
  return readBytes(path, limits);
}

/** Plans of at least this size keep no patches in memory. */
const COMPACT_BYTES = 128 * 1024 * 1024;

/**
 * The plan of a folder; a large file is read in pieces. Throws a Failure (file_unreadable), and those of parsePlan.
 */
export function readPlan(folder: Folder): ParsedPlan {
  const path = join(folder.path, 'plan.json');
  const text = () => storedText(folder.path, path);
  if (!isLarge(path)) return parsePlan(text());
  assertNoLinks(folder.path, path);
  const isCompact = sizeOf(path) >= COMPACT_BYTES;
  return parsePlanPieces({ chunks: () => chunksOf(path), isCompact, text }) ?? parsePlan(text());
}

/**
 * The same for a caller that reads `integrity`: a large plan that its own inputs prove is not read further. Throws as readPlan.
 */
export function readProvedPlan(folder: Folder): ParsedPlan {
  const path = join(folder.path, 'plan.json');
  if (!isLarge(path)) return readPlan(folder);
  assertNoLinks(folder.path, path);
  return provePlanPieces(() => chunksOf(path)) ?? readPlan(folder);
}

/** The files of a new plan. Who writes plan.json learns the plan's digest from it, so what names the digest is made later. */
interface PlanFiles {
  readonly plan: Text;
  readonly id: () => string;
  /** Name in the folder → content. */
  readonly beside: () => Readonly<Record<string, string>>;
}

/**
 * Writes a new plan's folder atomically: under another name first, then renamed. An existing plan.json with the same id and
 * bytes is kept, with its approvals. Returns the folder and whether it existed.
 */
export function writeFolder(out: string, files: PlanFiles): { folder: Folder; isOld: boolean } {
  const temporary = join(out, `.new-${process.pid}.tmp`);
  const isFirst = !exists(out);
  try {
    removeQuietly(temporary);
    makeFolder(temporary);
    removeLeftovers(out);
    const written = join(temporary, 'plan.json');
    writeText(written, files.plan);
    const id = files.id();
    const path = join(out, id);
    const folder = { path, id, plans: out };
    const stored = join(path, 'plan.json');
    if (exists(stored) && hasContent(stored, chunksOf(written))) return { folder, isOld: true };
    const beside = files.beside();
    for (const [name, text] of Object.entries(beside)) writeText(join(temporary, name), text);
    if (exists(path))
      for (const name of [...Object.keys(beside), 'plan.json'])
        renameSync(join(temporary, name), join(path, name));
    else renameSync(temporary, path);
    syncFolder(path);
    syncFolder(out);
    return { folder, isOld: false };
  } catch (error) {
    throw error instanceof Failure ? error : unwritable(out, error);
  } finally {
    removeQuietly(temporary);
    if (isFirst) removeIfEmpty(out);
  }
}

/** Milliseconds after which no process writes the folder any more. */
const LEFT_MS = 3_600_000;

/** Removes what killed processes left half-written. */
function removeLeftovers(out: string): void {
  for (const name of namesIn(out)) {
    if (!/^\.new-\d+\.tmp$/.test(name)) continue;
    const path = join(out, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > LEFT_MS) removeQuietly(path);
  }
}

/** A plan that is refused leaves no folder that was made for it. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It has a plan, or was never made.
  }
}

/** Other plans that nobody approved and no run touched. Their content is not checked. */
export function untouchedFolders(out: string, except: string): readonly Folder[] {
  return folders(out).filter(
    ({ path, id }) =>
      id !== except &&
      !exists(join(path, 'approvals')) &&
      !exists(join(path, 'runs')) &&
      !exists(join(path, 'report.json')),
  );
}

export function folders(out: string): readonly Folder[] {
  if (!exists(out)) return [];
  return readdirSync(out, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && PLAN_ID.test(entry.name) && exists(join(out, entry.name, 'plan.json')),
    )
    .map(({ name }) => ({ path: join(out, name), id: name, plans: out }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Everything named like a plan, also without a plan.json or as a link. For listing, never for removing. */
export function namedLikePlans(out: string): readonly Folder[] {
  if (!exists(out)) return [];
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => PLAN_ID.test(entry.name) && !entry.isFile())
    .map(({ name }) => ({ path: join(out, name), id: name, plans: out }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const removeFolder = ({ path }: Folder): void => rmSync(path, { recursive: true, force: true });

/** Paths of a sub-folder's files with an ending, sorted by name; empty if the folder does not exist. */
export function filesIn(folder: Folder, name: string, ending: string): readonly string[] {
  const path = join(folder.path, name);
  if (!exists(path)) return [];
  assertNoLinks(folder.path, path);
  return namesIn(path)
    .filter((file) => file.endsWith(ending) && !file.startsWith('.'))
    .sort()
    .map((file) => join(path, file));
}

/** Makes the folder of a new run; no two starts get the same number. Throws a Failure (file_unwritable). */
export const claimRun = (folder: Folder): number => claimNumber(folder, 'runs');

/** Releases the number of a run that wrote nothing, and creates a folder for its report in `refusals/`. */
export function turnIntoRefusal(folder: Folder, run: number): number {
  removeQuietly(join(folder.path, 'runs', String(run)));
  try {
    rmdirSync(join(folder.path, 'runs'));
  } catch {
    // It contains other runs.
  }
  return claimNumber(folder, 'refusals');
}

function claimNumber(folder: Folder, name: 'runs' | 'refusals'): number {
  assertNoLinks(folder.path, join(folder.path, name));
  for (let number = (numbersIn(folder, name).at(-1) ?? 0) + 1; ; number += 1) {
    const path = join(folder.path, name, String(number));
    try {
      makeFolder(dirname(path));
      mkdirSync(path);
      syncFolder(dirname(path));
      return number;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, error);
    }
  }
}

/** Numbers of the runs so far, rising. */
export const runsOf = (folder: Folder): readonly number[] => numbersIn(folder, 'runs');

function numbersIn(folder: Folder, name: 'runs' | 'refusals'): readonly number[] {
  const path = join(folder.path, name);
  if (!exists(path)) return [];
  assertNoLinks(folder.path, path);
  return namesIn(path)
    .filter((name) => /^[1-9][0-9]{0,8}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
