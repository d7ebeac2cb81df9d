import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Desired } from '../../src/core/desired-state.ts';
import { Failure } from '../../src/core/failure.ts';
import { readApi } from '../../src/wagtail/api/read-api.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';
import { apiOf, recordedContent } from '../slow/wagtail/replay.ts';

const RECORDED = JSON.parse(readFileSync('test/recordings/wagtail-export.json', 'utf8')) as Record<
  string,
  unknown
>;
const SEED = { seed: 20261123, numRuns: 300 };

/** The recorded export, small, without its digest. */
const small = (): Record<string, unknown> => {
  const { content_sha256: _, offerings, ...rest } = structuredClone(RECORDED);
  return { ...rest, offerings: (offerings as unknown[]).slice(0, 3) };
};

/** Replaces what stands at a place that the numbers choose. */
function changed(document: unknown, steps: readonly number[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof document !== 'object' || document === null) return value;
  const members = Object.keys(document);
  const member = members[step % Math.max(members.length, 1)];
  if (member === undefined) return value;
  const record = document as Record<string, unknown>;
  record[member] = changed(record[member], rest, value);
  return document;
}

const steps = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });

test('whatever stands in an export: a desired state of the right shape, or a Failure that says where', () => {
  fc.assert(
    fc.property(steps, fc.jsonValue(), (path, value) => {
      const text = JSON.stringify(changed(small(), path, value));
      try {
        shaped(readExport(text, GTM_V1));
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
        expect((error as Failure).message).toMatch(/^The export /);
      }
    }),
    SEED,
  );
});

function shaped({ offerings, taxonomies }: Desired): void {
  for (const { page_id, title, fields } of offerings) {
    expect(Number.isSafeInteger(page_id)).toBe(true);
    expect(typeof title).toBe('string');
    for (const field of Object.values(fields))
      if (Array.isArray(field)) expect(field).toEqual([...new Set(field)].sort());
  }
  for (const { key, label } of Object.values(taxonomies).flat())
    expect([typeof key, typeof label]).toEqual(['string', 'string']);
}

test('the order of members, pages, terms and sets means nothing', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const shuffled = shuffle(small(), numbers);
      expect(readExport(JSON.stringify(shuffled), GTM_V1)).toEqual(
        readExport(JSON.stringify(small()), GTM_V1),
      );
    }),
    { ...SEED, numRuns: 30 },
  );
});

function shuffle(value: unknown, numbers: Iterator<number>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const mixed = <T>(items: readonly T[]): T[] =>
    items
      .map((item): [number, T] => [numbers.next().value as number, item])
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  if (Array.isArray(value)) return mixed(value.map((item) => shuffle(item, numbers)));
  return Object.fromEntries(
    mixed(Object.entries(value).map(([name, item]) => [name, shuffle(item, numbers)])),
  );
}

test('whatever stands in an answer of API v2: a desired state, or a Failure', async () => {
  const options = {
    baseUrl: 'http://cms.example.com/api/v2/',
    pageType: 'catalog.OfferingPage',
    locale: 'en',
    headers: {},
    renditionField: 'card_image_rendition',
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(10), steps, fc.jsonValue(), async (nth, path, value) => {
      const content = recordedContent();
      content.maximum = 500;
      const api = apiOf(content);
      const sender: typeof api = {
        send: async (request) => {
          const reply = await api.send(request);
          // The same answer of each read is wrong, else two equal reads would never come.
          const isWrong = (content.asked.length - 1) % 11 === nth;
          return isWrong
            ? { ...reply, text: JSON.stringify(changed(JSON.parse(reply.text), path, value)) }
            : reply;
        },
      };
      try {
        shaped((await readApi(sender, { ...options, maxReads: 3 }, GTM_V1)).desired);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }),
    { ...SEED, numRuns: 150 },
  );
});
