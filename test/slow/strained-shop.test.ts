import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { parseJournal } from '../../src/apply/journal-history.ts';
import { parseFaults } from '../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server/server.ts';
import { CANARY, leakingFiles, leaksIn } from '../support/canary.ts';
import { draws } from '../support/draws.ts';
import { shopOf, siteOf } from '../support/scaled-catalogue.ts';
import {
  createWorkspace,
  type ProgramResult,
  removeWorkspaces,
  type Workspace,
} from '../support/workspace.ts';

/** `make sim` asks for 500. */
const PRODUCTS = Number(process.env['PRODUCTS'] ?? draws(60, 500));
const FAULTS = '429:0.2,500:0.1,drop:0.05,late:0.05';
const SCALE = { products: PRODUCTS, changed: PRODUCTS, terms: 6, newTerms: 4, unassigned: 2 };
const LONG_MS = 900_000;
const PRODUCT_WRITES = ['productUpdate', 'updateMetadata', 'deleteMetadata'];

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});
afterAll(removeWorkspaces);

async function shop(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed: shopOf(SCALE), tokens: { full: CANARY }, ...options });
  open.push(sandbox);
  return sandbox;
}

/** The same program, with time enough for a server that fails every third request. */
const caller =
  (at: Workspace, { url }: Sandbox) =>
  (...words: readonly string[]): Promise<ProgramResult> =>
    at.call(words, { env: { SALEOR_API_URL: url, SALEOR_TOKEN: CANARY }, timeoutMs: LONG_MS });

const PLAN = [
  'plan',
  '--desired',
  'catalog.json',
  '--create-missing',
  '--sync-attributes',
  '--sync-products',
];

/** Everything that the shop holds, without ids and times. */
function stateOf({ store }: Sandbox): readonly string[] {
  const slugOf = (pk: number) => store.values.get(pk)?.slug ?? '';
  const values = [...store.values.values()].map(({ attribute, name, slug, externalReference }) =>
    JSON.stringify([store.attributes.get(attribute)?.slug, name, slug, externalReference]),
  );
  const products = [...store.products.values()].map(({ slug, metadata, assigned }) => {
    const held = [...assigned].map(([pk, list]) => [store.attributes.get(pk)?.slug, list.map(slugOf).sort()]);
    return JSON.stringify([slug, [...metadata].sort(), held.sort()]);
  });
  return [...values, ...products].sort();
}

interface Executed {
  /** Executed creates, by what they make. */
  readonly creates: ReadonlyMap<string, number>;
  /** Executed updates of products, by ref. */
  readonly updates: ReadonlyMap<string, number>;
}

/** What the shop's own log says was carried out. */
function executed({ log, store }: Sandbox): Executed {
  const creates = new Map<string, number>();
  const updates = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const refs = new Map(
    [...store.products.values()].map(({ pk, slug }) => [btoa(`Product:${pk}`), `product.${slug}`]),
  );
  for (const { name, args, outcome } of log.mutations) {
    if (outcome !== 'ok') continue;
    if (PRODUCT_WRITES.includes(name)) add(updates, `${name} ${refs.get(String(args['id']))}`);
    for (const reference of JSON.stringify(args).matchAll(/"externalReference":"([^"]+)"/g))
      if (name === 'attributeBulkUpdate') add(creates, `value ${reference[1]}`);
    if (name === 'productAttributeAssign') {
      const operations = args['operations'] as readonly { readonly id: string }[];
      for (const { id } of operations) add(creates, `assignment ${args['productTypeId']} ${id}`);
    }
  }
  return { creates, updates };
}

/** A run that gets a signal right after the shop was asked to write so many of its products. */
async function endedAt(
  at: Workspace,
  sandbox: Sandbox,
  words: readonly string[],
  products: number,
  signal: NodeJS.Signals,
): Promise<ProgramResult> {
  const env = { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: CANARY };
  const started = at.start(words, { env, timeoutMs: LONG_MS });
  let isSent = false;
  sandbox.intercept = () => {
    const written = sandbox.log.mutations.filter(({ name }) => PRODUCT_WRITES.includes(name)).length;
    if (written >= products && !isSent) started.kill(signal);
    isSent ||= written >= products;
    return undefined;
  };
  const run = await started.done;
  sandbox.intercept = undefined;
  return run;
}

/** Updates that were sent again although a reply had said that they were done. */
function sentForNothing(at: Workspace): readonly string[] {
  const done = new Set<string>();
  const again: string[] = [];
  for (const name of at.files().filter((file) => file.endsWith('journal.jsonl'))) {
    for (const { event, refs = [], ...entry } of parseJournal(at.read(name))) {
      const key = `${entry['kind']} ${refs.join(' ')}`;
      if (event === 'intent' && done.has(key)) again.push(key);
      if (event === 'outcome' && entry['state'] === 'done') done.add(key);
    }
  }
  return again;
}

test(
  `${PRODUCTS} products through a shop that fails (${FAULTS}), killed and ended on the way: again until done, and the shop is as planned`,
  async () => {
    const at = createWorkspace();
    at.write('catalog.json', JSON.stringify(siteOf(SCALE)));
    const calm = await shop({});
    const port = Number(new URL(calm.url).port);
    expect(await caller(at, calm)(...PLAN)).toMatchObject({ code: 0 });
    const [id = ''] = at.ids();
    expect(await caller(at, calm)('approve', id, '--as', 'ada@example.com', '--yes')).toMatchObject({
      code: 0,
    });
    const aside = createWorkspace();
    cpSync(join(at.path, 'plans'), join(aside.path, 'plans'), { recursive: true });
    expect(await caller(aside, calm)('apply', id, '--no-policy')).toMatchObject({ code: 0 });
    const reached = stateOf(calm);
    await calm.close();

    const strained = await shop({ port, faults: parseFaults(FAULTS, 7) });
    const apply = ['apply', id, '--no-policy'];
    const killed = await endedAt(at, strained, apply, PRODUCTS / 3, 'SIGKILL');
    expect(killed.code).toBeNull();
    const ended = await endedAt(
      at,
      strained,
      [...apply, '--force-unlock', id],
      (2 * PRODUCTS) / 3,
      'SIGTERM',
    );
    expect(ended.code).toBe(5);
    expect(stateOf(strained)).not.toEqual(reached);
    const runs: ProgramResult[] = [killed, ended];
    while (runs.length < 20 && runs.at(-1)?.code !== 0) runs.push(await caller(at, strained)(...apply));
    expect(runs.at(-1)).toMatchObject({ code: 0 });
    expect(stateOf(strained)).toEqual(reached);

    const { creates, updates } = executed(strained);
    expect(creates.size).toBeGreaterThan(SCALE.newTerms);
    expect([...creates].filter(([, count]) => count !== 1)).toEqual([]);
    const report = at.json(`plans/${id}/report.json`);
    const listed: readonly string[] = report.warnings
      .filter(({ code }: { readonly code: string }) => code === 'sent_twice')
      .map(({ ref }: { readonly ref: string }) => ref);
    const twice = [...updates].flatMap(([name, count]) => (count > 1 ? [name.split(' ')[1] ?? ''] : []));
    expect(twice.filter((ref) => !listed.includes(ref))).toEqual([]);
    expect(sentForNothing(at)).toEqual([]);
    expect(report).toMatchObject({ converged: true, totals: { failed: 0, unknown: 0 } });

    // A read that fails five times ends a run before it writes (one in 190 requests here); the next one starts again.
    const again: ProgramResult[] = [];
    while (again.length < 5 && again.at(-1)?.code !== 0) again.push(await caller(at, strained)(...apply));
    expect(again.map(({ code }) => code)).toEqual([...again.slice(1).map(() => 1), 0]);
    expect(executed(strained)).toEqual({ creates, updates });
    const said = [...runs, ...again].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(leaksIn(said)).toEqual([]);
    expect(leakingFiles(at.path)).toEqual([]);
    console.log(
      `${runs.length} runs (exit ${runs.map(({ code }) => code).join(', ')}), ${strained.log.counts.requests} requests, ` +
        `${creates.size} creates once each, ${updates.size} updates, ${twice.length} of them twice, ${listed.length} listed`,
    );
  },
  LONG_MS,
);
