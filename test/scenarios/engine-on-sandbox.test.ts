import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { type EngineOptions, runApply } from '../../src/apply/apply.ts';
import type { JournalEntry } from '../../src/apply/ports.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/diff/model.ts';
import { localesOf } from '../../src/diff/translation-changes.ts';
import { build, type Plan } from '../../src/plan/plan.ts';
import { createHttp } from '../../src/platform/http/client.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createReader, createWriter } from '../../src/saleor/graphql/client.ts';
import { readActualState } from '../../src/saleor/read/read-actual.ts';
import { createShop } from '../../src/saleor/write/shop-adapter.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

const desired = readExport(readFileSync('test/recordings/wagtail-export.json', 'utf8'), GTM_V1);
const ALL: Options = { ...DEFAULT_OPTIONS, create_missing: true, sync_attributes: true };

async function shopAt(sandbox: Sandbox, token: string) {
  const target = { name: null, api_url: sandbox.url };
  const options = {
    transport: createHttp({ clock: systemClock, random: Math.random }),
    clock: systemClock,
    apiUrl: sandbox.url,
    token,
  };
  const reader = createReader(options);
  const plan = async (): Promise<Plan> => {
    const { actual } = await readActualState(reader, GTM_V1, {
      products: 'all',
      locales: localesOf({ contract: GTM_V1, desired }),
      target,
    });
    return build({
      contract: GTM_V1,
      options: ALL,
      registry: null,
      desired,
      actual,
      completeness: ['attributes'],
    });
  };
  const { actual } = await readActualState(reader, GTM_V1, {
    products: { ids: [], slugs: [] },
    locales: [],
    target,
  });
  const shop = createShop(createWriter(options), GTM_V1, {
    target,
    permissions: actual.permissions,
    version: '3.23.28',
  });
  return { plan, shop };
}

const once: EngineOptions = {
  onConflict: 'stop',
  parallel: 4,
  isDryRun: false,
  isApplied: false,
  written: new Map(),
};

test.each([
  'full',
  'two',
] as const)('with the token %s: plan, apply, and the next plan is empty', async (name) => {
  const sandbox = await startSandbox();
  open.push(sandbox);
  const { plan, shop } = await shopAt(sandbox, sandbox.tokens[name]);
  const entries: JournalEntry[] = [];
  const journal = { write: async (lines: readonly JournalEntry[]) => void entries.push(...lines) };
  const first = await plan();
  const before = { ...sandbox.log.counts };
  const result = await runApply(first, once, { shop, journal, clock: systemClock, isStopping: () => false });
  expect(
    first.changes
      .filter(({ ref }) => result.tracker.of(ref).outcome !== 'applied')
      .map(({ ref }) => [ref, result.tracker.of(ref)]),
  ).toEqual([]);
  expect(result).toMatchObject({ ending: 'done', converged: true, interruption: null });
  console.log(name, sandbox.log.counts, before);
  const second = await plan();
  expect(second.changes).toEqual([]);
  const again = await runApply(first, once, { shop, journal, clock: systemClock, isStopping: () => false });
  expect(again.ending).toBe('nothing_to_do');
});
