import { isRecord } from '../core/json/records.ts';
import { parseJsonOrNothing } from '../core/json/untrusted-json.ts';
import type { JournalEntry, Step, StepReply } from './ports.ts';

/** The entries of one run's journal. Ignores incomplete lines: a crash leaves one. */
export function parseJournal(text: string): readonly JournalEntry[] {
  return text.split('\n').flatMap((line) => entryIn(line));
}

function entryIn(line: string): readonly JournalEntry[] {
  const value: unknown = line === '' ? null : parseJsonOrNothing(line);
  return isEntry(value) ? [value] : [];
}

function isEntry(value: unknown): value is JournalEntry {
  if (!isRecord(value)) return false;
  const { at, event, refs = [] } = value;
  const areRefs = Array.isArray(refs) && refs.every((ref) => typeof ref === 'string');
  return typeof at === 'string' && typeof event === 'string' && areRefs;
}

/** A step that was about to be sent, with the state of its reply. Without an outcome in the journal it is unclear. */
export interface SentStep {
  readonly kind: Step['kind'];
  readonly refs: readonly string[];
  readonly state: StepReply['state'];
}

/** In the order of their intents. The same step is never in flight twice, so kind and refs identify it. */
function sentStepsIn(entries: readonly JournalEntry[]): readonly SentStep[] {
  const sent: SentStep[] = [];
  const open = new Map<string, number>();
  for (const entry of entries) {
    const refs = entry.refs ?? [];
    const name = `${entry['kind']} ${refs.join(' ')}`;
    if (entry.event === 'intent') {
      open.set(name, sent.length);
      sent.push({ kind: entry['kind'] as Step['kind'], refs, state: 'unclear' });
    } else if (entry.event === 'outcome') {
      const index = open.get(name);
      const step = index === undefined ? undefined : sent[index];
      if (index !== undefined && step !== undefined)
        sent[index] = { ...step, state: entry['state'] as StepReply['state'] };
    }
  }
  return sent;
}

/**
 * Counts the writes of each ref that these runs made or may have made: a change with such a write that the shop shows
 * counts as applied. Steps that Saleor refused or that were not sent do not count. Rolling back a created value undoes
 * one write; an earlier one with an unclear reply may still arrive.
 */
export function countWrites(runs: readonly (readonly JournalEntry[])[]): WriteCounts {
  const counts = new Map<string, number>();
  const created = new Set<string>();
  for (const step of runs.flatMap(sentStepsIn)) {
    if (step.kind === 'create_values') for (const ref of step.refs) created.add(ref);
    countWrite(counts, created, step);
  }
  return new Map([...counts].filter(([, count]) => count > 0));
}

/** Ref → number of its writes that were executed or may have been. */
export type WriteCounts = ReadonlyMap<string, number>;

/** Adds one step to the counts. `created`: refs of values that the plan creates; deleting one of them is a rollback. */
export function countWrite(
  counts: Map<string, number>,
  created: ReadonlySet<string>,
  { kind, refs, state }: SentStep,
): void {
  if (state !== 'done' && state !== 'unclear') return;
  for (const ref of refs) {
    const isRollback = kind === 'delete_value' && created.has(ref);
    const count = counts.get(ref) ?? 0;
    if (!isRollback) counts.set(ref, count + 1);
    else if (state === 'done') counts.set(ref, Math.max(0, count - 1));
  }
}

/** Saleor refuses these steps when they are sent again, so they are never executed twice. */
const REFUSED_IF_REPEATED: ReadonlySet<string> = new Set(['create_attribute', 'create_values', 'assign']);

/** Refs whose update was sent again after it arrived or may have arrived: it may have been executed twice. */
export function refsSentTwice(runs: readonly (readonly JournalEntry[])[]): ReadonlySet<string> {
  const sentBefore = new Set<string>();
  const twice = new Set<string>();
  for (const { kind, refs, state } of runs.flatMap(sentStepsIn)) {
    if (REFUSED_IF_REPEATED.has(kind)) continue;
    for (const ref of refs) {
      if (sentBefore.has(`${kind} ${ref}`)) twice.add(ref);
      if (state === 'unclear' || state === 'done') sentBefore.add(`${kind} ${ref}`);
    }
  }
  return twice;
}
