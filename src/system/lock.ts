import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../state/failure.ts';
import { makeFolder, unwritable } from './files.ts';

export interface Lock {
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
  if (forced !== null) {
    const holder = holderOf(path);
    if (holder !== null && holder.plan !== forced) {
      throw new Failure(
        'locked',
        `the lock is held for plan ${holder.plan}, not ${forced}`,
        `Say --force-unlock ${holder.plan} if no apply of it is running anywhere.`,
      );
    }
    rmSync(path, { force: true });
  }
  const mine: Holder = { pid: process.pid, host: hostname(), plan, at: new Date().toISOString() };
  try {
    makeFolder(dirname(path));
    const file = openSync(path, 'wx');
    try {
      writeSync(file, `${JSON.stringify(mine)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw unwritable(path, error);
    throw refusal(path);
  }
  return { release: () => rmSync(path, { force: true }) };
}

function refusal(path: string): Failure {
  const holder = holderOf(path);
  if (holder === null)
    return new Failure(
      'locked',
      `${path} is there but says nothing of its holder`,
      'If no apply is running, delete that file.',
    );
  const state = isDead(holder) ? 'which is not running any more' : 'which may be running';
  return new Failure(
    'locked',
    `plan ${holder.plan} is being applied since ${holder.at} by process ${holder.pid} on ${holder.host}, ${state}`,
    `Wait for it; if it is dead, say --force-unlock ${holder.plan}.`,
  );
}

function holderOf(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** Known only for processes of this machine. */
function isDead({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
