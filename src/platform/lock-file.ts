import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { errorCode } from './files.ts';
import { makeFolder, removeQuietly, unwritable } from './write-files.ts';

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
 * Allows one apply at a time for each target. `plan`: id of the plan to apply; `forced`: id of the plan whose lock is
 * broken first. Throws a Failure (locked) that names the holder, dead or alive: only a person knows that no other machine
 * shares this folder, so a dead holder's lock needs `--force-unlock ID` too.
 */
export function takeLock(path: string, plan: string, forced: string | null): Lock {
  if (forced !== null) breakLock(path, forced);
  const mine: Holder = { pid: process.pid, host: hostname(), plan, at: new Date().toISOString() };
  const text = `${JSON.stringify(mine)}\n`;
  try {
    makeFolder(dirname(path));
    placeNew(path, text);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw unwritable(path, error);
    throw refusal(path);
  }
  return {
    // After --force-unlock another process may hold it by now.
    release: () => {
      if (textOf(path) === text) removeQuietly(path);
    },
  };
}

/** Writes the lock whole or not at all, so that it names its holder to everyone who is refused. */
function placeNew(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    write(temporary, text, 'w');
    linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    write(path, text, 'wx');
  } finally {
    removeQuietly(temporary);
  }
}

/** Errors of file systems without hard links. */
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

/** Moves the lock away and compares it: of several processes that break the same lock, none removes one taken since. */
function breakLock(path: string, forced: string): void {
  const holder = holderOf(path);
  if (holder !== null && holder.plan !== forced) {
    throw new Failure(
      'locked',
      `the lock is held for plan ${holder.plan}, not ${forced}`,
      `Say --force-unlock ${holder.plan} if no apply of it is running anywhere.`,
    );
  }
  const before = textOf(path);
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

/** Whether a process of this machine has this id, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
