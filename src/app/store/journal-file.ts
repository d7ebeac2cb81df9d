import { join } from 'node:path';
import { parseJournal } from '../../apply/journal-history.ts';
import type { Journal, JournalEntry } from '../../apply/ports.ts';
import type { Run } from '../../plan/report.ts';
import { exists, readText } from '../../platform/files.ts';
import { appendText } from '../../platform/write-files.ts';
import type { SecretGuard } from '../ports.ts';
import { type Folder, runsOf } from './plan-folder.ts';

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

/** The journal of a run; `kept` is what is durable. */
export function journalAt(
  path: string,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
  hooks: JournalHooks,
): Journal & { readonly kept: readonly JournalEntry[] } {
  const kept: JournalEntry[] = [];
  return {
    kept,
    write: async (entries: readonly JournalEntry[]) => {
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      secrets.assertNoSecret(lines, path);
      const isStart = entries.some(({ event }) => event === 'started');
      if (isStart) await hooks.before();
      appendText(path, lines);
      kept.push(...entries);
      if (isStart) await hooks.after();
      hooks.written(entries);
    },
  };
}

interface RunJournal {
  readonly number: number;
  readonly entries: readonly JournalEntry[];
}

/** The journals of all runs that wrote to the shop. */
export function journalsOf(folder: Folder): readonly RunJournal[] {
  return runsOf(folder).flatMap((number) => {
    const path = journalPath(folder, number);
    return exists(path) ? [{ number, entries: parseJournal(readText(path)) }] : [];
  });
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
