import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { risingClock } from '../../src/sandbox/store/rising-clock.ts';
import { difference } from './json-difference.ts';
import { type Exchange, exchangesOf, isRecordedInPart, replay } from './replay.ts';
import { allSeries, prepared, type Series, type Step, skippedByFlags } from './series.ts';
import { type Ids, replaySymbolic, SYMBOLIC_RECORDINGS, symbolicExchangesOf } from './symbolic-replay.ts';

interface Row {
  readonly recording: string;
  readonly exchanges: number;
  equal: number;
  /** Equal exchanges whose answer was recorded only in part. */
  partial: number;
  readonly skipped: Map<string, number>;
}

const rows = new Map<string, Row>();

function addRow(step: Step, exchanges: readonly Exchange[]): Row {
  const row: Row = {
    recording: step.recording,
    exchanges: exchanges.length,
    equal: 0,
    partial: 0,
    skipped: new Map(),
  };
  rows.set(step.recording, row);
  return row;
}

const countSkipped = (row: Row, why: string, count = 1): void => {
  row.skipped.set(why, (row.skipped.get(why) ?? 0) + count);
};

async function replayAll(sandbox: Sandbox, step: Step): Promise<readonly string[]> {
  const exchanges = exchangesOf(step.recording);
  const row = addRow(step, exchanges);
  if (step.skipAll) {
    countSkipped(row, step.skipAll, exchanges.length);
    return [];
  }
  step.before?.(sandbox);
  const differences: string[] = [];
  for (const [place, exchange] of exchanges.entries()) {
    const why = step.skip?.[place];
    if (why) {
      countSkipped(row, why);
      continue;
    }
    const found = await replay(sandbox, exchange);
    if (found === null) {
      row.equal += 1;
      if (isRecordedInPart(exchange)) row.partial += 1;
    } else differences.push(`[${place}] ${exchange.note}: ${found}`);
  }
  return differences;
}

function describeSeries(series: Series): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    const started = Date.now();
    const clock = risingClock(() => Date.parse(series.from) + Date.now() - started);
    sandbox = await startSandbox({ clock });
  });
  afterAll(() => sandbox.close());
  for (const step of series.steps)
    test(step.recording, async () => {
      expect(await replayAll(sandbox, step)).toEqual([]);
    });
}

for (const series of allSeries)
  describe(`the sandbox answers as the real Saleor did from ${series.from.slice(11, 16)} on`, () =>
    describeSeries(series));

function table(): string {
  const sorted = [...rows.values()].sort((a, b) => (a.recording < b.recording ? -1 : 1));
  const lines = sorted.map((row) => {
    const why = [...row.skipped].map(([reason, count]) => `${count}: ${reason}`).join('; ');
    return `| ${row.recording} | ${row.exchanges} | ${row.equal} | ${row.partial || ''} | ${why} |`;
  });
  const sum = (of: (row: Row) => number) => sorted.reduce((total, row) => total + of(row), 0);
  return `# What the sandbox imitates

Why, and what it excludes: [decisions/sandbox-scope.md](decisions/sandbox-scope.md). Each recording in
\`test/recordings/saleor\` is a list of requests to a real Saleor 3.23.28 with its answers. \`test/conformance/recordings.test.ts\`
sends the same requests to the sandbox, in the recorded order, and compares status and body: ids, cursors, messages, codes,
locations and cost must be equal; times written after the recording began must only be times. The last four, in
\`test/recordings/sandbox\`, were recorded to check the sandbox: their ids and times are symbolic, and reads that showed rows
of other users were excluded. \`make golden\` writes this table; the test fails when it is not up to date.

${sum((r) => r.equal)} of ${sum((r) => r.exchanges)} exchanges are equal (${sum((r) => r.partial)} of them were recorded only in part: a
shortened body, a removed member, the page of the playground). ${sum((r) => r.exchanges - r.equal)} are not replayed, for the reasons given.

| recording | exchanges | equal | in part | not replayed, and why |
|---|---:|---:|---:|---|
${lines.join('\n')}
`;
}

describe('the sandbox answers as a real Saleor did to requests made to check it', () => {
  for (const recording of SYMBOLIC_RECORDINGS)
    test(recording, async () => {
      const sandbox = await startSandbox();
      prepared[recording]?.(sandbox);
      const ids: Ids = new Map();
      const exchanges = symbolicExchangesOf(recording);
      const row: Row = { recording, exchanges: exchanges.length, equal: 0, partial: 0, skipped: new Map() };
      rows.set(recording, row);
      const differences: string[] = [];
      for (const [place, exchange] of exchanges.entries()) {
        const found = await replaySymbolic(sandbox, exchange, ids);
        const why = skippedByFlags[recording]?.[place];
        if (why) countSkipped(row, why);
        else if (found === null) row.equal += 1;
        else differences.push(`[${place}] ${exchange.request.query.slice(0, 80)}: ${found}`);
      }
      await sandbox.close();
      expect(differences).toEqual([]);
    });
});

describe('the comparison', () => {
  const recorded = { data: { value: { slug: 'a_b', at: '2026-11-23T14:05:00+00:00' } } };

  test('sees another slug, a missing and an additional member', () => {
    expect(difference(recorded, recorded)).toBeNull();
    expect(difference(recorded, { data: { value: { ...recorded.data.value, slug: 'a-b' } } })).toMatch(
      /slug/,
    );
    expect(difference(recorded, { data: { value: { slug: 'a_b' } } })).toMatch(/at: recorded/);
    expect(difference(recorded, { ...recorded, errors: [] })).toMatch(/errors/);
  });

  test('lets through another time after the seeding, not before it', () => {
    const at = (time: string) => ({ data: { value: { slug: 'a_b', at: time } } });
    expect(difference(recorded, at('2026-11-23T14:06:00.000001+00:00'))).toBeNull();
    expect(difference(recorded, at('2026-11-23T13:59:46+00:00'))).toMatch(/at: recorded/);
  });
});

describe('the table of what is copied', () => {
  const file = new URL('../../docs/sandbox-coverage.md', import.meta.url);

  test('names every recording', () => {
    const recorded = readdirSync(new URL('../recordings/saleor', import.meta.url)).map((name) =>
      name.replace('.json', ''),
    );
    expect([...rows.keys()].sort()).toEqual([...recorded, ...SYMBOLIC_RECORDINGS].sort());
  });

  test('is up to date', () => {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, table());
    expect(readFileSync(file, 'utf8')).toBe(table());
  });
});
