import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { journalAt } from '../../../../src/app/store/journal-file.ts';
import { type ProofKey, proofKeyOf, provedLines } from '../../../../src/app/store/run-proof.ts';
import type { JournalEntry } from '../../../../src/apply/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEY = proofKeyOf('token-of-the-app', 'https://shop.example.com/graphql/') as ProofKey;
const RUN = { digest: 'd'.repeat(64), run: 1 };

const entry = (step: number): JournalEntry => ({ at: '2026-11-30T00:00:00.000Z', event: 'intent', step });
const COUNT = 30;
const numbers = Array.from({ length: COUNT }, (_, index) => index);

function open(name: string) {
  const path = join(folder, name);
  const steps = (): readonly number[] =>
    provedLines(readFileSync(path, 'utf8'), KEY, RUN).lines.map((line) => JSON.parse(line).step);
  const hooks = { before: async () => undefined, after: async () => undefined, written: () => undefined };
  return { path, steps, hooks, place: { path, key: KEY, ...RUN } };
}

test('writers at one time: each entry is in the file when its promise resolves, proved and in order', async () => {
  const { place, steps, hooks } = open('together.jsonl');
  const journal = journalAt(place, { assertNoSecret: () => undefined }, hooks);
  await Promise.all(
    numbers.map(async (step) => {
      await journal.write([entry(step)]);
      expect(steps()).toContain(step);
    }),
  );
  expect(steps()).toEqual(numbers);
  expect(journal.kept.map(({ step }) => step)).toEqual(numbers);
});

test('what comes during an append goes with the next one', async () => {
  const { place, hooks } = open('shared.jsonl');
  let appends = 0;
  const counting = {
    assertNoSecret: () => {
      appends += 1;
    },
  };
  const journal = journalAt(place, counting, hooks);
  const first = journal.write([entry(0)]);
  // The first append has begun, and syncs.
  await Promise.resolve();
  await Promise.resolve();
  await Promise.all([first, ...numbers.slice(1).map((step) => journal.write([entry(step)]))]);
  expect(appends).toBeLessThanOrEqual(2);
  expect(journal.kept).toHaveLength(COUNT);
});

test('a failed append fails those who wait for it, and no later one', async () => {
  const { place, steps, hooks } = open('failed.jsonl');
  let isFull = true;
  const secrets = {
    assertNoSecret: () => {
      if (isFull) throw new Error('no');
    },
  };
  const journal = journalAt(place, secrets, hooks);
  const ends = await Promise.allSettled([journal.write([entry(0)]), journal.write([entry(1)])]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isFull = false;
  await journal.write([entry(2)]);
  expect(steps()).toEqual([2]);
});
