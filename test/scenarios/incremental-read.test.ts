import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { writeCatalogue } from '../../scripts/bench/catalogue.mjs';
import { replicaOf } from '../../src/cli/sandbox-seed.ts';
import { parseSnapshot } from '../../src/saleor/snapshot-file.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  createWorkspace,
  EXPORT,
  removeWorkspaces,
  SNAPSHOT,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** `plan --refresh changed`, through the built program. */

afterAll(removeWorkspaces);

const OFFERINGS = 3000;
const CHANGED = 10;
const slugOf = (number: number) => `offering-${String(number).padStart(7, '0')}`;

describe('a shop of 3,000 products of which 10 were written since', () => {
  let sandbox: Sandbox;
  let at: Workspace;
  const plan = async (...words: readonly string[]) => {
    const before = sandbox.log.counts.requests;
    const said = await at.call(['plan', '--desired', 'catalog.json', '--json', '--keep', ...words], {
      env: shopEnv(sandbox),
      timeoutMs: 60_000,
    });
    expect(said.code).toBe(0);
    return { ...said, requests: sandbox.log.counts.requests - before, ...JSON.parse(said.stdout) };
  };

  beforeAll(async () => {
    at = createWorkspace();
    const files = { desired: join(at.path, 'catalog.json'), actual: join(at.path, 'seed.json') };
    writeCatalogue(OFFERINGS, 0, files);
    const snapshot = parseSnapshot(readFileSync(files.actual, 'utf8'), 'seed.json');
    sandbox = await startSandbox({ seed: replicaOf(snapshot, Date.now()) });
    // Somebody works there: else all of it would be as new as its newest product.
    sandbox.edit.setMetadata(slugOf(OFFERINGS), 'unmanaged', 'x');
    const taken = await at.call(['snapshot', 'saleor', '--out', 'shop.json', '--locale', 'en'], {
      env: shopEnv(sandbox),
      timeoutMs: 60_000,
    });
    expect(taken.code).toBe(0);
    for (let number = 1; number <= CHANGED; number += 1)
      sandbox.edit.setMetadata(slugOf(number * 7), 'cp_offering_version_id', 'old');
  }, 120_000);
  afterAll(() => sandbox.close());

  test('is planned with the same bytes as by a full read, in a fraction of the requests', async () => {
    const full = await plan();
    const bytes = at.read(full.plan);
    rmSync(join(at.path, 'plans'), { recursive: true });
    const some = await plan('--refresh', 'changed', '--since', 'shop.json');
    expect({ id: some.id, bytes: at.read(some.plan) === bytes }).toEqual({ id: full.id, bytes: true });
    expect(some.summary.update).toBe(CHANGED);
    expect(full.requests).toBeGreaterThanOrEqual(OFFERINGS / 100);
    expect(some.requests).toBeLessThanOrEqual(4);
    expect(some.stderr).toMatch(
      new RegExp(
        `^note: of the products ${OFFERINGS - CHANGED - 1} are as shop.json has them, 11 of the shop were written since 20`,
        'm',
      ),
    );
    const made = at.json(join('plans', some.id, 'provenance.json'));
    expect(made.refreshed).toMatchObject({
      from: 'shop.json',
      written: 11,
      read_again: 0,
      kept: OFFERINGS - 11,
    });
    expect(made.reads.products).toEqual({ requests: 1, items: OFFERINGS, total: OFFERINGS });
    // A reviewer is told that not all of it was asked for again.
    for (const format of ['text', 'markdown', 'html', 'json']) {
      const shown = await at.call(['show', some.id, '--format', format]);
      expect([format, shown.stdout.replace(/`/g, '').replace(/\s+/g, ' ')]).toEqual([
        format,
        expect.stringContaining(format === 'json' ? '"kept": 2989' : '2,989 are kept from shop.json'),
      ]);
    }
  }, 120_000);

  test('the newest plan of the shop is where it begins when none is named, and by its id', async () => {
    const { id } = await plan('--refresh', 'changed', '--since', 'shop.json');
    sandbox.edit.setMetadata(slugOf(2000), 'cp_offering_version_id', 'older');
    const next = await plan('--refresh', 'changed');
    expect(next.summary.update).toBe(CHANGED + 1);
    expect(next.stderr).toContain(`as plan ${id} has them`);
    expect((await plan('--refresh', 'changed', '--since', id)).id).toBe(next.id);
    expect((await plan()).id).toBe(next.id);
  }, 120_000);
});

describe('where there is nothing to begin at', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(removeWorkspaces);
  afterAll(() => sandbox.close());
  const called = (at: Workspace, ...words: readonly string[]) =>
    at.call(['plan', '--desired', EXPORT, '--create-missing', ...words], { env: shopEnv(sandbox) });

  test('all products are read, and said why', async () => {
    const at = createWorkspace();
    const said = await called(at, '--refresh', 'changed');
    expect(said.code).toBe(0);
    expect(said.stderr).toContain(
      'note: all products were read: plans contains no plan of this shop with full snapshots',
    );
    rmSync(join(at.path, 'plans'), { recursive: true });
    expect((await called(at, '--snapshots', 'changed')).code).toBe(0);
    const [part = ''] = at.ids();
    expect((await called(at, '--refresh', 'changed', '--keep')).stderr).toContain('all products were read');
    expect(singleErrorOf(await called(at, '--refresh', 'changed', '--since', part))).toMatch(
      /cannot be used as the earlier read/,
    );
    // The full plan beside it is one to begin at, unless nothing says when the shop was written.
    expect((await called(at, '--refresh', 'changed')).stderr).not.toContain('no plan of this shop');
    for (const id of at.ids()) rmSync(join(at.path, 'plans', id, 'provenance.json'));
    expect((await called(at, '--refresh', 'changed')).stderr).toContain('no plan of this shop');
  });

  test('what cannot be meant is refused, with the next step', async () => {
    const at = createWorkspace();
    const refused = async (...words: readonly string[]) => {
      const said = await called(at, ...words);
      expect(said.code).toBe(1);
      return singleErrorOf(said);
    };
    expect(await refused('--since', SNAPSHOT)).toMatch(/needs --refresh changed/);
    expect(await refused('--refresh', 'changed', '--actual', SNAPSHOT)).toMatch(
      /--refresh changed and --actual cannot be combined/,
    );
    expect(await refused('--refresh', 'some')).toMatch(/full|changed/);
    expect(await refused('--refresh', 'changed', '--since', 'nowhere.json')).toMatch(/nowhere.json/);
    expect(await refused('--refresh', 'changed', '--since', '0123456789abcdef')).toMatch(
      /(there is no|no) plan/,
    );
    expect(await refused('--refresh', 'changed', '--since', SNAPSHOT)).toMatch(
      /is from http.*, not from http/,
    );
    const old = JSON.parse(readFileSync(SNAPSHOT, 'utf8'));
    old.actual.target.api_url = sandbox.url;
    writeFileSync(join(at.path, 'old.json'), JSON.stringify(old));
    expect(await refused('--refresh', 'changed', '--since', 'old.json')).toMatch(/does not contain the time/);
    const looked = { updated_at: '2026-99-99T00:00:00Z', contract: 'a'.repeat(64) };
    writeFileSync(join(at.path, 'odd.json'), JSON.stringify({ ...old, looked }));
    expect(await refused('--refresh', 'changed', '--since', 'odd.json')).toMatch(/does not contain the time/);
  }, 60_000);

  test('a plan from a snapshot of another contract is nothing to begin at', async () => {
    const at = createWorkspace();
    const taken = await at.call(['snapshot', 'saleor', '--out', 'shop.json'], { env: shopEnv(sandbox) });
    expect(taken.code).toBe(0);
    const snapshot = at.json('shop.json');
    expect(snapshot).toMatchObject({
      format_version: '1.1',
      looked: { contract: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    for (const [contract, written] of [
      [snapshot.looked.contract, snapshot.looked.updated_at],
      ['b'.repeat(64), undefined],
    ]) {
      at.write('other.json', JSON.stringify({ ...snapshot, looked: { ...snapshot.looked, contract } }));
      const said = await called(at, '--actual', 'other.json', '--json');
      const { id } = JSON.parse(said.stdout);
      expect(at.json(join('plans', id, 'provenance.json')).shop_written_at).toBe(written);
      rmSync(join(at.path, 'plans'), { recursive: true });
    }
  }, 60_000);
});

test('sandbox --shop is a copy of the shop that a snapshot holds', async () => {
  const at = createWorkspace();
  const started = at.start(['sandbox', '--shop', SNAPSHOT, '--json']);
  try {
    while (!started.stdoutSoFar().includes('\n')) await new Promise((again) => setTimeout(again, 50));
    const { saleor_api_url, token } = JSON.parse(started.stdoutSoFar());
    const env = { SALEOR_API_URL: saleor_api_url, SALEOR_TOKEN: token };
    expect((await at.call(['snapshot', 'saleor', '--out', 'copy.json'], { env })).code).toBe(0);
    const [copy, first] = [at.json('copy.json').actual, JSON.parse(readFileSync(SNAPSHOT, 'utf8')).actual];
    for (const name of ['attributes', 'product_types', 'products']) expect(copy[name]).toEqual(first[name]);
  } finally {
    started.kill('SIGKILL');
    await started.done;
  }
  const both = await at.call(['sandbox', '--shop', SNAPSHOT, '--recorded']);
  expect(singleErrorOf(both)).toMatch(/--recorded and --shop name two shops/);
}, 60_000);
