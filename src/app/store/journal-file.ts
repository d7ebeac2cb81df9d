import { join } from 'node:path';
import { parseJournal } from '../../apply/journal-history.ts';
import type { Journal, JournalEntry } from '../../apply/ports.ts';
import { Failure } from '../../core/failure.ts';
import type { Run } from '../../plan/report.ts';
import { exists } from '../../platform/files.ts';
import { appendText } from '../../platform/write-files.ts';
import type { SecretGuard } from '../ports.ts';
import { type Folder, runsOf, storedText } from './plan-folder.ts';
import { createLineChain, type ProofKey, type ProvedRun, provedLines } from './run-proof.ts';

export const journalPath = (folder: Folder, run: number): string =>
  join(folder.path, 'runs', String(run), 'journal.jsonl');

export interface JournalHooks {
  /** Awaited before the first entry. */
  before(): Promise<void>;
  /** Awaited when the first entry is durable, before the first step. */
  after(): Promise<void>;
  /** Called with entries once they are durable. */
  written(entries: readonly JournalEntry[]): void;
}

interface JournalPlace extends ProvedRun {
  readonly path: string;
  readonly key: ProofKey;
}

/** The journal of a run; `kept` is what is durable. Entries that come during an append share the next one, and its fsync. */
export function journalAt(
  { path, key, ...run }: JournalPlace,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
  hooks: JournalHooks,
): Journal & { readonly kept: readonly JournalEntry[] } {
  const kept: JournalEntry[] = [];
  const chain = createLineChain(key, run);
  const append = shared(async (entries: readonly JournalEntry[]) => {
    const { text, commit } = chain.seal(entries);
    secrets.assertNoSecret(text, path);
    await appendText(path, text);
    commit();
    kept.push(...entries);
  });
  return {
    kept,
    write: async (entries: readonly JournalEntry[]) => {
      const isStart = entries.some(({ event }) => event === 'started');
      if (isStart) await hooks.before();
      await append(entries);
      if (isStart) await hooks.after();
      hooks.written(entries);
    },
  };
}

/** Calls `append` once at a time; what comes meanwhile waits and goes together. */
function shared<Entry>(append: (entries: readonly Entry[]) => Promise<void>) {
  const waiting: Entry[] = [];
  let last = Promise.resolve();
  let next: Promise<void> | null = null;
  return (entries: readonly Entry[]): Promise<void> => {
    waiting.push(...entries);
    next ??= last
      .catch(() => undefined)
      .then(() => {
        next = null;
        return append(waiting.splice(0));
      });
    last = next;
    return next;
  };
}

interface RunJournal {
  readonly number: number;
  readonly entries: readonly JournalEntry[];
}

/** Proved journals of a plan, and the paths of files with other content. */
export interface ProvedJournals {
  readonly journals: readonly RunJournal[];
  readonly unproved: readonly string[];
}

/** Of each run so far that came to writing. */
export function journalsOf(folder: Folder, digest: string, key: ProofKey | null): ProvedJournals {
  const journals: RunJournal[] = [];
  const unproved: string[] = [];
  for (const number of runsOf(folder)) {
    const path = journalPath(folder, number);
    if (!exists(path)) continue;
    const proved = provedIn(folder, path, key, { digest, run: number });
    if (proved.unproved > 0) unproved.push(path);
    if (proved.lines.length > 0) journals.push({ number, entries: parseJournal(proved.lines.join('\n')) });
  }
  return { journals, unproved };
}

/** What cannot be read proves nothing, and stops nothing. */
function provedIn(
  folder: Folder,
  path: string,
  key: ProofKey | null,
  run: ProvedRun,
): ReturnType<typeof provedLines> {
  try {
    return provedLines(storedText(folder.path, path), key, run);
  } catch (error) {
    if (error instanceof Failure) return { lines: [], unproved: 1 };
    throw error;
  }
}

/** The reported runs, and those that were killed before they could report. */
export function withKilled(reported: readonly Run[], journals: readonly RunJournal[]): readonly Run[] {
  const killed = journals.flatMap(({ number, entries }): readonly Run[] => {
    const [first] = entries;
    if (first === undefined || reported.some((run) => run.number === number)) return [];
    return [{ number, started_at: first.at, finished_at: null, requests: null }];
  });
  return [...reported, ...killed].sort((a, b) => a.number - b.number);
}
