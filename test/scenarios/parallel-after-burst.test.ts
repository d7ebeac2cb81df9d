import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { runApply } from '../../src/apply/apply.ts';
import type { JournalEntry } from '../../src/apply/ports.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { build } from '../../src/plan/plan.ts';
import { createHttp } from '../../src/platform/http/client.ts';
import { createReader, createWriter } from '../../src/saleor/graphql/client.ts';
import { readActualState } from '../../src/saleor/read/read-actual.ts';
import { createShop } from '../../src/saleor/write/shop-adapter.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';
import { shopOf, siteOf } from '../support/scaled-catalogue.ts';

/** Real requests over HTTP to a shop that fails for a moment; only the waits are those of a clock that moves by sleeping. */

const PARALLEL = 4;
const SCALE = { products: 160, changed: 160, terms: 6, newTerms: 0, unassigned: 0 };
/** Of the writes. */
const BURST = { from: 10, to: 22 };
/** Writes after the burst until all are in flight again: from one to four takes six good answers. */
const SOON = 16;

interface Arrival {
  readonly hasFailed: boolean;
  /** Requests in flight, this one included. */
  readonly inFlight: number;
  readonly body: string;
}

/** What the server does instead of an answer. */
interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The clock moves on by so much meanwhile. */
  readonly takesMs?: number;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/`;
}

/** A shop behind a proxy that counts, and that answers the writes of the burst with the fault. */
async function burst(sandbox: Sandbox, fault: Fault) {
  const time = { nowMs: Date.parse('2026-11-30T12:00:00Z') };
  const clock = {
    now: () => time.nowMs,
    sleep: async (ms: number) => {
      time.nowMs += ms;
      await pause(1);
    },
  };
  const writes: Arrival[] = [];
  let mostInFlight = 0;
  let inFlight = 0;
  const url = await listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const isWrite = body.startsWith('{"query":"mutation');
      const hasFailed = isWrite && writes.length >= BURST.from && writes.length < BURST.to;
      if (isWrite) writes.push({ hasFailed, inFlight, body });
      // Long enough that those sent together are there together.
      await pause(10);
      time.nowMs += hasFailed ? (fault.takesMs ?? 0) : 0;
      const answer =
        hasFailed && fault.status !== 200
          ? new Response('', fault)
          : await fetch(sandbox.url, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                authorization: request.headers.authorization ?? '',
              },
              body,
            });
      const text = await answer.text();
      inFlight -= 1;
      response.writeHead(answer.status, hasFailed ? fault.headers : { 'content-type': 'application/json' });
      response.end(text);
    }),
  );
  return { url, clock, writes, mostInFlight: () => mostInFlight };
}

async function applied(fault: Fault) {
  const sandbox = await startSandbox({ seed: shopOf(SCALE) });
  closing.push(() => sandbox.close());
  const { url, clock, writes, mostInFlight } = await burst(sandbox, fault);
  const connection = {
    transport: createHttp({ clock, random: () => 1 }),
    clock,
    apiUrl: url,
    token: sandbox.tokens.full,
    parallel: PARALLEL,
  };
  const target = { name: null, api_url: url };
  const desired = readExport(JSON.stringify(siteOf(SCALE)), GTM_V1);
  const { actual } = await readActualState(createReader(connection), GTM_V1, {
    products: 'all',
    locales: [],
    target,
  });
  const inputs = { contract: GTM_V1, options: DEFAULT_OPTIONS, registry: null, desired, actual };
  const plan = build({ ...inputs, completeness: ['products'] });
  const shop = createShop(createWriter(connection), GTM_V1, { target, permissions: [], version: '3.23.28' });
  const result = await runApply(
    plan,
    { onConflict: 'stop', parallel: PARALLEL, isDryRun: false, isApplied: false, written: new Map() },
    {
      shop,
      clock,
      journal: { write: async (_: readonly JournalEntry[]) => undefined },
      isStopping: () => false,
    },
  );
  const last = writes.findLastIndex(({ hasFailed }) => hasFailed);
  return { result, writes, after: writes.slice(last + 1), mostInFlight: mostInFlight() };
}

const times = (bodies: readonly string[]): number =>
  Math.max(...bodies.map((body) => bodies.filter((other) => other === body).length));

describe('after a burst all allowed requests are in flight again within seconds, and never more', () => {
  test.each<[string, Fault]>([
    ['429', { status: 429 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '2' } }],
    ['502', { status: 502 }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '2' } }],
    ['answers that take 11 s', { status: 200, takesMs: 11_000 }],
  ])('%s', async (_, fault) => {
    const { result, writes, after, mostInFlight } = await applied(fault);
    expect(result).toMatchObject({ ending: 'done', converged: true, interruption: null });
    expect(mostInFlight).toBe(PARALLEL);
    expect(after.length).toBeGreaterThan(SOON);
    expect(Math.max(...after.slice(0, SOON).map(({ inFlight }) => inFlight))).toBe(PARALLEL);
    expect(times(writes.map(({ body }) => body))).toBeLessThanOrEqual(5);
  });
});
