import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { runApply } from '../../src/apply/apply.ts';
import type { JournalEntry } from '../../src/apply/ports.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Target } from '../../src/core/actual-state.ts';
import { DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { build, type Plan } from '../../src/plan/plan.ts';
import { createHttp } from '../../src/platform/http/client.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createReader, createWriter } from '../../src/saleor/graphql/client.ts';
import { greet } from '../../src/saleor/preflight.ts';
import { readActualState } from '../../src/saleor/read/read-actual.ts';
import { createShop } from '../../src/saleor/write/shop-adapter.ts';
import type { FaultAction } from '../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';
import { shopOf, siteOf } from '../support/scaled-catalogue.ts';

/** Real requests over HTTP; only the time between them is a clock that moves by sleeping. */

const SCALE = { products: 2, changed: 1, terms: 6, newTerms: 0, unassigned: 0 };
const TIMEOUT_MS = 1_500;

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

interface Trial {
  readonly sandbox: Sandbox;
  readonly plan: Plan;
  /** Milliseconds since the epoch. */
  now(): number;
  read(): Promise<string>;
  write(): Promise<string>;
}

async function startTrial(random = 1): Promise<Trial> {
  const sandbox = await startSandbox({ seed: shopOf(SCALE) });
  open.push(sandbox);
  const target: Target = { name: null, api_url: sandbox.url };
  const calm = { transport: createHttp({ clock: systemClock, random: () => 1 }), clock: systemClock };
  const reader = createReader({ ...calm, apiUrl: sandbox.url, token: sandbox.tokens.full });
  const desired = readExport(JSON.stringify(siteOf(SCALE)), GTM_V1);
  const { actual } = await readActualState(reader, GTM_V1, { products: 'all', locales: [], target });
  const contents = { contract: GTM_V1, options: DEFAULT_OPTIONS, registry: null, desired, actual };
  const plan = build({ ...contents, completeness: ['products'] });
  let nowMs = Date.parse('2026-11-23T12:00:00Z');
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  const writer = () => {
    const transport = createHttp({ clock, random: () => random });
    const { full: token } = sandbox.tokens;
    return createWriter({ transport, clock, apiUrl: sandbox.url, token, timeoutMs: TIMEOUT_MS });
  };
  return {
    sandbox,
    plan,
    now: clock.now,
    read: () =>
      greet(writer()).then(
        () => 'read',
        (error: Error) => error.message,
      ),
    write: async () => {
      const shop = createShop(writer(), GTM_V1, { target, permissions: [], version: '3.23.28' });
      const journal = { write: async (_: readonly JournalEntry[]) => undefined };
      const options = { onConflict: 'stop', parallel: 4, isDryRun: false, isApplied: false } as const;
      const ports = { shop, journal, clock, isStopping: () => false };
      const { tracker } = await runApply(plan, { ...options, written: new Map() }, ports);
      const { outcome, because } = tracker.of(plan.changes[0]?.ref ?? '');
      return `${outcome}${because === null ? '' : `: ${because}`}`;
    },
  };
}

type Fault = (trial: Trial) => FaultAction | Promise<FaultAction>;

const status =
  (code: number, retryAfter?: string | ((nowMs: number) => string)): Fault =>
  ({ now }) => ({
    kind: 'reply',
    status: code,
    contentType: 'text/html',
    body: '',
    ...(retryAfter === undefined
      ? {}
      : { headers: { 'retry-after': typeof retryAfter === 'string' ? retryAfter : retryAfter(now()) } }),
  });
const reset: Fault = () => ({ kind: 'drop', isExecuted: false });
const hang: Fault = async () => {
  await pause(2 * TIMEOUT_MS);
  return { kind: 'drop', isExecuted: false };
};
const dateIn = (ms: number) => (nowMs: number) => new Date(nowMs + ms).toUTCString();

const FAULTS: readonly (readonly [string, Fault])[] = [
  ['429', status(429)],
  ['429, `Retry-After: 1`', status(429, '1')],
  ['429, `Retry-After: 60`', status(429, '60')],
  ['429, `Retry-After:` a date 5 s ahead', status(429, dateIn(5_000))],
  ['429, `Retry-After: soon` (malformed)', status(429, 'soon')],
  ['500', status(500)],
  ['503', status(503)],
  ['503, `Retry-After: 1`', status(503, '1')],
  ['connection reset', reset],
  ['time-out', hang],
  ['403, and any other 4xx', status(403)],
];

/** When requests of this kind arrived that got the fault; the first `times` of them. */
async function arrivals(
  trial: Trial,
  kind: 'query' | 'mutation',
  fault: Fault,
  times = Number.POSITIVE_INFINITY,
) {
  const at: number[] = [];
  trial.sandbox.intercept = (request) => {
    if (request.kind !== kind || at.length >= times) {
      if (request.kind === kind) at.push(trial.now());
      return undefined;
    }
    at.push(trial.now());
    return fault(trial);
  };
  const ended = await (kind === 'query' ? trial.read() : trial.write());
  const waits = at.slice(1).map((ms, index) => (ms - (at[index] ?? 0)) / 1000);
  return { attempts: at.length, waits, ended };
}

const shown = ({ attempts, waits }: { readonly attempts: number; readonly waits: readonly number[] }) =>
  `${attempts}${waits.length === 0 ? '' : ` (${waits.join(', ')} s)`}`;

test('attempts and waits on the wire are those of docs/saleor.md#retries', async () => {
  const rows: string[] = [];
  for (const [name, fault] of FAULTS) {
    const read = await arrivals(await startTrial(), 'query', fault);
    const write = await arrivals(await startTrial(), 'mutation', fault);
    rows.push(`| ${name} | ${shown(read)} | ${shown(write)} | ${write.ended.split(':')[0]} |`);
  }
  const table = [
    '| every answer | read: attempts (waits) | write: attempts (waits) | the write’s outcome |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
  const docs = readFileSync('docs/saleor.md', 'utf8');
  const start = docs.indexOf('| every answer |');
  expect(docs.slice(start, docs.indexOf('\n\n', start))).toBe(table);
}, 120_000);

test.each([400, 401, 403, 404, 408, 409, 422])('%d: one attempt, of a read and of a write', async (code) => {
  expect(await arrivals(await startTrial(), 'query', status(code))).toMatchObject({ attempts: 1 });
  expect(await arrivals(await startTrial(), 'mutation', status(code))).toMatchObject({ attempts: 1 });
});

test('jitter takes away half of a wait at most', async () => {
  const least = { attempts: 5, waits: [0.25, 0.5, 1, 2] };
  expect(await arrivals(await startTrial(0), 'query', status(503))).toMatchObject(least);
  expect(await arrivals(await startTrial(0), 'mutation', status(429))).toMatchObject(least);
});

test('a write that is not executed four times is executed the fifth time', async () => {
  for (const fault of [status(429), status(500), reset]) {
    const trial = await startTrial();
    expect(await arrivals(trial, 'mutation', fault, 4)).toMatchObject({ attempts: 5, ended: 'applied' });
    expect(trial.sandbox.log.mutations).toHaveLength(1);
  }
});

test('a write that was executed and not confirmed is not sent again', async () => {
  const lost: Fault = () => ({ kind: 'drop', isExecuted: true });
  expect(await arrivals(await startTrial(), 'mutation', lost, 1)).toMatchObject({
    attempts: 1,
    ended: 'applied',
  });
});

test('the message says how often, and what the server asked for', async () => {
  const { ended } = await arrivals(await startTrial(), 'mutation', status(429, '60'));
  expect(ended).toMatch(/too many requests \(429\), 5 times; it asks to wait 60 s$/);
  const read = await arrivals(await startTrial(), 'query', status(429, '60'));
  expect(read.ended).toMatch(/too many requests \(429\), 5 times; it asks to wait 60 s$/);
});
