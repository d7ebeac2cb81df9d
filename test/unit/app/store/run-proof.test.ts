import { describe, expect, test } from '@jest/globals';
import {
  createLineChain,
  type ProofKey,
  proofKeyOf,
  provedLines,
  provesReport,
  reportCode,
} from '../../../../src/app/store/run-proof.ts';

const URL = 'https://shop.example.com/graphql/';
const keyOf = (token: string, url = URL): ProofKey => {
  const key = proofKeyOf(token, url);
  if (key === null) throw new Error('no key');
  return key;
};
const KEY = keyOf('token-of-the-app');
const RUN = { digest: 'd'.repeat(64), run: 1 };

const ENTRIES = ['started', 'intent', 'outcome', 'finished'].map((event, at) => ({ at: `${at}`, event }));

function journal(key = KEY, run = RUN): readonly string[] {
  const chain = createLineChain(key, run);
  return ENTRIES.map((entry) => {
    const { text, commit } = chain.seal([entry]);
    commit();
    return text;
  });
}

const proved = (lines: readonly string[], key: ProofKey | null = KEY, run = RUN) => {
  const { lines: ours, unproved } = provedLines(lines.join(''), key, run);
  return { events: ours.map((line) => JSON.parse(line).event), unproved };
};

const ALL = { events: ENTRIES.map(({ event }) => event), unproved: 0 };

describe('lines of a journal', () => {
  test('written with the key are proved', () => {
    expect(proved(journal())).toEqual(ALL);
  });

  test.each<[string, ProofKey | null, typeof RUN]>([
    ['another token', keyOf('token-of-another'), RUN],
    ['another shop', keyOf('token-of-the-app', 'https://other.example.com/graphql/'), RUN],
    ['another plan', KEY, { ...RUN, digest: 'e'.repeat(64) }],
    ['another run', KEY, { ...RUN, run: 2 }],
    ['no token', null, RUN],
  ])('are not, with %s', (_, key, run) => {
    expect(proved(journal(), key, run)).toEqual({ events: [], unproved: 4 });
  });

  test.each<[string, (lines: readonly string[]) => readonly string[], readonly string[]]>([
    ['one altered', (lines) => lines.map((line) => line.replace('"intent"', '"outcome"')), ['started']],
    ['one taken out', ([a = '', , c = '', d = '']) => [a, c, d], ['started']],
    ['one twice', ([a = '', ...rest]) => [a, a, ...rest], ALL.events],
    ['the first taken out', ([, ...rest]) => rest, []],
    ['another order', ([a = '', b = '', c = '', d = '']) => [a, c, b, d], ['started', 'intent']],
    ['a line without a code', (lines) => [...lines, '{"at":"9","event":"outcome"}\n'], ALL.events],
    [
      'a line with a code of its own',
      (lines) => [
        ...lines,
        `{"at":"9","event":"outcome","previous":"${'0'.repeat(32)}","mac":"${'0'.repeat(32)}"}\n`,
      ],
      ALL.events,
    ],
    ['members before the entry', (lines) => lines.map((line) => line.replace('{"at"', '{"x":1,"at"')), []],
  ])('of which %s: only what holds is proved, and the rest is counted', (_, change, events) => {
    const found = proved(change(journal()));
    expect(found.events).toEqual(events);
    expect(found.unproved).toBeGreaterThan(0);
  });

  test('after a write that failed follow the last one that was written, whether or not that one is there', () => {
    const chain = createLineChain(KEY, RUN);
    const first = chain.seal([{ event: 'started' }]);
    first.commit();
    const failed = chain.seal([{ event: 'intent' }]);
    const last = chain.seal([{ event: 'finished' }]);
    last.commit();
    expect(proved([first.text, last.text]).events).toEqual(['started', 'finished']);
    expect(proved([first.text, failed.text, last.text]).events).toEqual(['started', 'intent', 'finished']);
    expect(proved([first.text, failed.text.slice(0, 20), '\n', last.text])).toEqual({
      events: ['started', 'finished'],
      unproved: 0,
    });
  });
});

describe('a report', () => {
  const REPORT = 'a'.repeat(64);
  const code = reportCode(KEY, REPORT, RUN);

  test('is proved by its code, and by nothing else', () => {
    expect(provesReport(`${code}\n`, KEY, REPORT, RUN)).toBe(true);
    expect(provesReport(code, KEY, 'b'.repeat(64), RUN)).toBe(false);
    expect(provesReport(code, KEY, REPORT, { ...RUN, run: 2 })).toBe(false);
    expect(provesReport(code, keyOf('token-of-another'), REPORT, RUN)).toBe(false);
    expect(provesReport('', KEY, REPORT, RUN)).toBe(false);
    // A line of the journal is no proof of a report.
    expect(provesReport(JSON.parse(journal()[0] ?? '').mac, KEY, REPORT, RUN)).toBe(false);
  });
});

test('without a token there is no key', () => {
  expect([proofKeyOf(undefined, URL), proofKeyOf('', URL)]).toEqual([null, null]);
});
