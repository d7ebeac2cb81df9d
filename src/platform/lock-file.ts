import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { makeFolder, removeQuietly, unwritable } from './files.ts';

interface Lock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly plan: string;
  readonly at: string;
}

/** The path of a target's lock file; the name is made of letters and digits only. */
export const lockPath = (out: string, target: string): string => join(out, `.lock-${target}`);

/**
 * One apply at a time for each target. Throws a Failure (locked) that names the holder, dead or alive: a dead one's lock
 * is freed by `--force-unlock ID` only, because only a person knows that no other machine shares this folder.
 */
export function takeLock(path: string, plan: string, forced: string | null): Lock {
  if (forced !== null) breakLock(path, forced);
  const mine: Holder = { pid: process.pid, host: hostname(), plan, at: new Date().toISOString() };
  const text = `${JSON.stringify(mine)}\n`;
  try {
    makeFolder(dirname(path));
    placeNew(path, text);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unwritable(path, error);
    throw refusal(path);
  }
  return {
    // After --force-unlock it may be another's by now.
    release: () => {
      if (textOf(path) === text) removeQuietly(path);
    },
  };
}

/** A lock is there whole or not at all, so that whoever is refused can name its holder. */
function placeNew(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    write(temporary, text, 'w');
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    write(path, text, 'wx');
  } finally {
    removeQuietly(temporary);
  }
}

/** Of file systems that know no hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

function write(path: string, text: string, flags: 'w' | 'wx'): void {
  const file = openSync(path, flags);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Moved away and looked at again: of several that free the same dead lock, none takes the lock that another took since. */
function breakLock(path: string, forced: string): void {
  const holder = holderOf(path);
  if (holder !== null && holder.plan !== forced) {
    throw new Failure(
      'locked',
      `the lock is held for plan ${holder.plan}, not ${forced}`,
      `Say --force-unlock ${holder.plan} if no apply of it is running anywhere.`,
    );
  }
  const dead = textOf(path);
  const aside = `${path}.${process.pid}.freed`;
  try {
    renameSync(path, aside);
    if (textOf(aside) !== dead) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw unwritable(path, error);
  } finally {
    removeQuietly(aside);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function refusal(path: string): Failure {
  const holder = holderOf(path);
  if (holder === null)
    return new Failure(
      'locked',
      `${path} is there but says nothing of its holder`,
      'If no apply is running, delete that file.',
    );
  const dead = isDead(holder);
  const state = dead ? 'which is not running any more' : 'which may be running';
  return new Failure(
    'locked',
    `plan ${holder.plan} is being applied since ${holder.at} by process ${holder.pid} on ${holder.host}, ${state}`,
    `${dead ? 'Go on' : 'Wait for it; if it is dead, go on'} with --force-unlock ${holder.plan}.`,
  );
}

function holderOf(path: string): Holder | null {
  try {
    return JSON.parse(textOf(path) ?? '') as Holder;
  } catch {
    return null;
  }
}

/** Known only for processes of this machine. */
const isDead = ({ pid, host }: Holder): boolean => host === hostname() && !isAlive(pid);

/** Whether this machine has such a process, anybody's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
