import { closeSync, fsyncSync, linkSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { isRecord } from '../core/json/records.ts';
import { parseJsonOrNothing } from '../core/json/untrusted-json.ts';
import { errorCode, readText } from './files.ts';
import { hasEnded, isAlive, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { makeFolder, removeQuietly, syncFolder, unwritable } from './write-files.ts';

interface Lock {
  /** Removes the lock; a second call does nothing. */
  release(): void;
  /** Who left the lock that was taken over; null: there was none. */
  readonly takenFrom: LockHolder | null;
}

/** Content of a lock file. */
export interface LockHolder extends ProcessIdentity {
  /** Id of the plan. */
  readonly plan: string;
  readonly at: string;
}

/** The path of a target's lock file; its name has only letters and digits. */
export const lockPath = (out: string, target: string): string => join(out, `.lock-${target}`);

/**
 * Allows one apply at a time per target. `plan`: id of the plan to apply; `forced`: id of the plan whose lock is removed
 * first. Takes over the lock of a process that certainly ended. Throws a Failure (locked) that names any other holder: only a
 * person can know about processes on other machines, in other containers and before a restart.
 */
export function takeLock(path: string, plan: string, forced: string | null): Lock {
  if (forced !== null) breakLock(path, forced);
  const text = `${JSON.stringify({ ...thisProcess(), plan, at: new Date().toISOString() })}\n`;
  const takenFrom = isPlaced(path, text) ? null : takeOver(path, text);
  return {
    takenFrom,
    // After --force-unlock another process may already have it.
    release: () => {
      if (textOf(path) === text) removeQuietly(path);
    },
  };
}

/** Puts the lock in the place of one whose process ended. Throws a Failure (locked). */
function takeOver(path: string, text: string): LockHolder {
  const before = textOf(path);
  const holder = holderIn(before);
  if (holder === null || !hasEnded(holder)) throw refusal(path);
  moveAway(path, before);
  // Several may try: the one that places its lock first has it.
  if (!isPlaced(path, text)) throw refusal(path);
  return holder;
}

/** Whether the lock was free and is ours now. Throws a Failure (file_unwritable). */
function isPlaced(path: string, text: string): boolean {
  try {
    makeFolder(dirname(path));
    placeNew(path, text);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw unwritable(path, error);
    return false;
  }
}

/** Writes the lock atomically, so that everyone who is refused can read its holder. */
function placeNew(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // Never through a link that somebody left under this name.
    removeQuietly(temporary);
    write(temporary, text);
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    write(path, text);
  } finally {
    removeQuietly(temporary);
  }
  syncFolder(dirname(path));
}

/** Errors of file systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

function write(path: string, text: string): void {
  const file = openSync(path, 'wx');
  const bytes = Buffer.from(text);
  try {
    // A full disk writes a part and reports it only at the next write.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } catch (error) {
    removeQuietly(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function breakLock(path: string, forced: string): void {
  const before = textOf(path);
  const holder = holderIn(before);
  if (holder !== null && holder.plan !== forced) {
    throw new Failure(
      'locked',
      `the lock is held for plan ${holder.plan}, not ${forced}`,
      `Give --force-unlock ${holder.plan} if no apply of it is running anywhere.`,
    );
  }
  moveAway(path, before);
}

/** Moves the lock away and compares it: of several processes that break the same lock, none removes one taken since. */
function moveAway(path: string, before: string | null): void {
  const aside = `${path}.${process.pid}.freed`;
  try {
    renameSync(path, aside);
    if (textOf(aside) !== before) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error))) throw unwritable(path, error);
  } finally {
    removeQuietly(aside);
  }
}

/** Longer than any lock. A device, a pipe or a folder is none. */
const MOST_BYTES = 16 * 1024;

function textOf(path: string): string | null {
  try {
    return readText(path, { mostBytes: MOST_BYTES });
  } catch {
    return null;
  }
}

function refusal(path: string): Failure {
  const holder = holderIn(textOf(path));
  if (holder === null)
    return new Failure(
      'locked',
      `${path} exists but was not written as a lock file by sailplan`,
      'If no apply is running, delete that file.',
    );
  const isGone = hasEnded(holder) || (holder.host === thisProcess().host && !isAlive(holder.pid));
  const state = isGone ? 'which is no longer running' : 'which may be running';
  return new Failure(
    'locked',
    `plan ${holder.plan} is being applied since ${holder.at} by process ${holder.pid} on ${holder.host}, ${state}`,
    `${isGone ? 'Continue' : 'Wait for it; if it has crashed, continue'} with --force-unlock ${holder.plan}.`,
  );
}

/** null: the text is not a lock. Locks of earlier versions contain neither boot nor start. */
function holderIn(text: string | null): LockHolder | null {
  const value: unknown = parseJsonOrNothing(text ?? '');
  if (!isRecord(value)) return null;
  const { pid, host, plan, at, boot = null, started = null } = value;
  const isHolder =
    typeof pid === 'number' &&
    Number.isSafeInteger(pid) &&
    pid > 0 &&
    pid < 2 ** 31 &&
    typeof host === 'string' &&
    /^[\w.-]{1,255}$/.test(host) &&
    typeof plan === 'string' &&
    /^[0-9a-f]{16}$/.test(plan) &&
    typeof at === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) &&
    (boot === null || typeof boot === 'string') &&
    (started === null || typeof started === 'string');
  return isHolder ? { pid, host, plan, at, boot, started } : null;
}
