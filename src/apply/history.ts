import type { Entry, Reply, Step } from './ports.ts';

/** One run's journal; a torn line, which is what a crash leaves, says nothing. */
export function entriesIn(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line) => parsed(line));
}

function parsed(line: string): readonly Entry[] {
  try {
    const value: unknown = line === '' ? null : JSON.parse(line);
    return isEntry(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { at, event, refs = [] } = value as Readonly<Record<string, unknown>>;
  const areRefs = Array.isArray(refs) && refs.every((ref) => typeof ref === 'string');
  return typeof at === 'string' && typeof event === 'string' && areRefs;
}

/** A mutation that was about to be sent, and what came of it; without an outcome in the journal it may have arrived. */
interface Sending {
  readonly kind: Step['kind'];
  readonly refs: readonly string[];
  readonly state: Reply['state'];
}

/** In the order of their intents; the same mutation is never in flight twice. */
function sendingsIn(entries: readonly Entry[]): readonly Sending[] {
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
        sendings[index] = { ...sending, state: entry['state'] as Reply['state'] };
    }
  }
  return sendings;
}

/**
 * Refs that these runs of a plan wrote, or may have written: found as planned, they are its work. What Saleor refused,
 * what never left and what was taken back was not written.
 */
export function writtenIn(runs: readonly (readonly Entry[])[]): ReadonlySet<string> {
  const written = new Map<string, Step['kind']>();
  for (const { kind, refs, state } of runs.flatMap(sendingsIn)) {
    if (state !== 'done' && state !== 'unclear') continue;
    for (const ref of refs) {
      const isTakenBack = kind === 'delete_value' && written.get(ref) === 'create_values';
      if (!isTakenBack) written.set(ref, kind);
      else if (state === 'done') written.delete(ref);
    }
  }
  return new Set(written.keys());
}

/** Saleor refuses these when they come again, so they are never executed twice. */
const REFUSED_TWICE: ReadonlySet<string> = new Set(['create_attribute', 'create_values', 'assign']);

/** Refs whose update was sent again after it had arrived or may have: it may have been executed twice. */
export function sentTwiceIn(runs: readonly (readonly Entry[])[]): ReadonlySet<string> {
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
