import { join } from 'node:path';
import { parseJournal } from '../../apply/journal-history.ts';
import type { Journal, JournalEntry } from '../../apply/ports.ts';
import type { Io } from '../../cli/io.ts';
import type { Run } from '../../plan/report.ts';
import { appendText, exists, readText } from '../../platform/files.ts';
import { type Folder, runsOf } from './plan-folder.ts';

export const journalPath = (folder: Folder, run: number): string =>
  join(folder.path, 'runs', String(run), 'journal.jsonl');

/** `before` is awaited before the first entry, `after` when it is durable, and both before the first step; `kept` is what is durable. */
export function journalAt(
  path: string,
  io: Io,
  before: () => Promise<void>,
  after: () => Promise<void>,
): Journal & { readonly kept: readonly JournalEntry[] } {
  const kept: JournalEntry[] = [];
  return {
    kept,
    write: async (entries: readonly JournalEntry[]) => {
      const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      io.assertNoSecret(lines, path);
      const isStart = entries.some(({ event }) => event === 'started');
      if (isStart) await before();
      appendText(path, lines);
      kept.push(...entries);
      if (isStart) await after();
    },
  };
}

interface RunJournal {
  readonly number: number;
  readonly entries: readonly JournalEntry[];
}

/** Of each run so far that came to writing. */
export function journalsOf(folder: Folder): readonly RunJournal[] {
  return runsOf(folder).flatMap((number) => {
    const path = journalPath(folder, number);
    return exists(path) ? [{ number, entries: parseJournal(readText(path)) }] : [];
  });
}

/** The runs that reported, with those among them that were killed before they could. */
export function withKilled(reported: readonly Run[], journals: readonly RunJournal[]): readonly Run[] {
  const killed = journals.flatMap(({ number, entries }): readonly Run[] => {
    const [first] = entries;
    if (first === undefined || reported.some((run) => run.number === number)) return [];
    return [{ number, started_at: first.at, finished_at: null, requests: null }];
  });
  return [...reported, ...killed].sort((a, b) => a.number - b.number);
}
