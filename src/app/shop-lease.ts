import { hostname } from 'node:os';
import { parseTime } from '../approval/timestamps.ts';
import { isRecord } from '../core/json/records.ts';
import { parseJsonOrNothing } from '../core/json/untrusted-json.ts';
import type { Notice } from '../plan/report.ts';
import { isAlive } from '../platform/process-identity.ts';
import { writeMark } from '../saleor/app-metadata.ts';
import type { Writer } from '../saleor/graphql/client.ts';
import type { Notes } from './ports.ts';

/** In the app's own private metadata, beside the mark: informs other machines that an apply is running. */
export const LEASE_KEY = 'sailplan_lease';

/** Longer than any measured apply; an older lease is ignored. */
const LASTS_MS = 6 * 3_600_000;

interface Lease {
  /** Id of the plan. */
  readonly plan: string;
  readonly host: string;
  readonly pid: number;
  readonly at: string;
}

/** A warning, not a lock, because Saleor has no compare-and-set. Empty where no other apply seems to run. */
export function adviceOf(text: string | undefined, nowMs: number): readonly Notice[] {
  const lease = leaseIn(text);
  if (lease === null || nowMs - Date.parse(lease.at) > LASTS_MS) return [];
  // On this machine the lock refuses a second apply, and a dead one needs no warning.
  if (lease.host === hostname() && !isAlive(lease.pid)) return [];
  return [
    {
      code: 'other_apply',
      ref: 'shop',
      message: `another apply may be running: plan ${lease.plan}, started at ${lease.at} by process ${lease.pid} on ${lease.host}`,
      hint: 'If it is running, wait for it and check both reports: Saleor does not separate two writers.',
    },
  ];
}

/** Longer than any lease. */
const MOST_CHARACTERS = 4_096;

/** Lease of another machine. Anyone with access to the app's metadata can write it, so the form of each part is checked. */
function leaseIn(text: string | undefined): Lease | null {
  const value = parseJsonOrNothing((text ?? '').slice(0, MOST_CHARACTERS));
  if (!isRecord(value)) return null;
  const { plan, host, pid, at } = value;
  const isLease =
    typeof plan === 'string' &&
    /^[0-9a-f]{16}$/.test(plan) &&
    typeof host === 'string' &&
    host.length <= 255 &&
    typeof pid === 'number' &&
    Number.isSafeInteger(pid) &&
    typeof at === 'string' &&
    parseTime(at) !== null;
  return isLease ? { plan, host, pid, at } : null;
}

/** Written before the first write of a run. A lease that cannot be written is a note and changes nothing else. */
export async function takeLease(writer: Writer, app: string, plan: string, notes: Notes): Promise<void> {
  const lease: Lease = { plan, host: hostname(), pid: process.pid, at: new Date().toISOString() };
  await note(writer, app, JSON.stringify(lease), notes);
}

/** The key's value while no apply runs. */
export const NO_LEASE = 'null';

export const dropLease = (writer: Writer, app: string, notes: Notes): Promise<void> =>
  note(writer, app, NO_LEASE, notes);

async function note(writer: Writer, app: string, value: string, notes: Notes): Promise<void> {
  try {
    await writeMark(writer, app, { [LEASE_KEY]: value });
  } catch (error) {
    // A bug in reading the answer must not end a run that writes.
    notes.warn(
      `note: the lease in the shop was not written: ${error instanceof Error ? error.message : error}`,
    );
  }
}
