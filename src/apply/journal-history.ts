import type { JournalEntry, Step, StepReply } from './ports.ts';

/** One run's journal; a torn line, which is what a crash leaves, says nothing. */
export function parseJournal(text: string): readonly JournalEntry[] {
  return text.split('\n').flatMap((line) => parsed(line));
}

function parsed(line: string): readonly JournalEntry[] {
  try {
    const value: unknown = line === '' ? null : JSON.parse(line);
    return isEntry(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { at, event, refs = [] } = value as Readonly<Record<string, unknown>>;
  const areRefs = Array.isArray(refs) && refs.every((ref) => typeof ref === 'string');
  return typeof at === 'string' && typeof event === 'string' && areRefs;
}

/** A mutation that was about to be sent, and what came of it; without an outcome in the journal it may have arrived. */
interface Sending {
  readonly kind: Step['kind'];
  readonly refs: readonly string[];
  readonly state: StepReply['state'];
}

/** In the order of their intents; the same mutation is never in flight twice. */
function sendingsIn(entries: readonly JournalEntry[]): readonly Sending[] {
  const sendings: Sending[] = [];
  const open = new Map<string, number>();
  for (const entry of entries) {
    const refs = entry.refs ?? [];
    const name = `${entry['kind']} ${refs.join(' ')}`;
    if (entry.event === 'intent') {
      open.set(name, sendings.length);
      sendings.push({ kind: entry['kind'] as Step['kind'], refs, state: 'unclear' });
    } else if (entry.event === 'outcome') {
      const index = open.get(name);
      const sending = index === undefined ? undefined : sendings[index];
      if (index !== undefined && sending !== undefined)
        sendings[index] = { ...sending, state: entry['state'] as StepReply['state'] };
    }
  }
  return sendings;
}

/**
 * How many sendings of each ref these runs wrote or may have written: found as planned, it is their work. What Saleor
 * refused and what never left was not written; a value that was taken back undoes one sending, and an earlier one whose
 * reply never came may still arrive.
 */
export function countWrites(runs: readonly (readonly JournalEntry[])[]): WriteCounts {
  const written = new Map<string, number>();
  const made = new Set<string>();
  for (const { kind, refs, state } of runs.flatMap(sendingsIn)) {
    if (kind === 'create_values') for (const ref of refs) made.add(ref);
    countSending(written, made, kind, refs, state);
  }
  return new Map([...written].filter(([, sendings]) => sendings > 0));
}

/** Ref → how many of its sendings were carried out, or may have been. */
export type WriteCounts = ReadonlyMap<string, number>;

/** One more sending with its reply; `made`: refs of values that are created, so that deleting one takes it back. */
export function countSending(
  written: Map<string, number>,
  made: ReadonlySet<string>,
  kind: Step['kind'],
  refs: readonly string[],
  state: StepReply['state'],
): void {
  if (state !== 'done' && state !== 'unclear') return;
  for (const ref of refs) {
    const isTakenBack = kind === 'delete_value' && made.has(ref);
    const sendings = written.get(ref) ?? 0;
    if (!isTakenBack) written.set(ref, sendings + 1);
    else if (state === 'done') written.set(ref, Math.max(0, sendings - 1));
  }
}

/** Saleor refuses these when they come again, so they are never executed twice. */
const REFUSED_TWICE: ReadonlySet<string> = new Set(['create_attribute', 'create_values', 'assign']);

/** Refs whose update was sent again after it had arrived or may have: it may have been executed twice. */
export function refsSentTwice(runs: readonly (readonly JournalEntry[])[]): ReadonlySet<string> {
  const before = new Set<string>();
  const twice = new Set<string>();
  for (const { kind, refs, state } of runs.flatMap(sendingsIn)) {
    if (REFUSED_TWICE.has(kind)) continue;
    for (const ref of refs) {
      if (before.has(`${kind} ${ref}`)) twice.add(ref);
      if (state === 'unclear' || state === 'done') before.add(`${kind} ${ref}`);
    }
  }
  return twice;
}
