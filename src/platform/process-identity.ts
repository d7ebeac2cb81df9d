import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from './files.ts';

/** One process among all processes ever, as far as the system can distinguish them. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot of the kernel and namespace of process ids; null if the system provides neither. */
  readonly boot: string | null;
  /** Clock ticks from the boot to the start of the process, so that a reused id is another process; null: unknown. */
  readonly started: string | null;
}

export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  host: hostname(),
  boot: bootId(),
  started: statOf(process.pid)?.started ?? null,
});

/**
 * Whether the process has certainly ended: it ran on this host, in this boot and in this namespace of process ids, and its
 * id is free or belongs to a process that started at another time. Of any other process nothing is certain.
 */
export function hasEnded({ pid, host, boot, started }: ProcessIdentity): boolean {
  if (host !== hostname() || boot !== bootId()) return false;
  if (!isAlive(pid)) return true;
  const now = statOf(pid);
  return now !== null && started !== null && (now.started !== started || now.isZombie);
}

/** Whether a process of this machine has this id, of any owner. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Containers of one machine share its boot and number their processes each by itself. */
function bootId(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** State and start of a process from /proc; the name before them may contain spaces and parentheses. null: unknown. */
function statOf(pid: number): { readonly started: string; readonly isZombie: boolean } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    return state === undefined || started === undefined
      ? null
      : { started, isZombie: state === 'Z' || state === 'X' };
  } catch {
    return null;
  }
}
