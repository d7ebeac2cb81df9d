import { afterEach, expect, test } from '@jest/globals';
import { runApply } from '../../src/apply/apply.ts';
import { countWrites, parseJournal, refsSentTwice } from '../../src/apply/journal-history.ts';
import type { JournalEntry } from '../../src/apply/ports.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { localesOf } from '../../src/diff/translation-changes.ts';
import { build, type Plan } from '../../src/plan/plan.ts';
import { createHttp } from '../../src/platform/http/client.ts';
import { createReader, createWriter } from '../../src/saleor/graphql/client.ts';
import { readActualState } from '../../src/saleor/read/read-actual.ts';
import { createShop } from '../../src/saleor/write/shop-adapter.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { faultIntercept, parseFaults } from '../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

const COUNT = 500;

/** The demo's catalogue, many times over: every product differs, and some values are missing. */
function catalogue(): { seed: Seed; desired: ReturnType<typeof readExport> } {
  const shop = demoShop();
  const document = JSON.parse(JSON.stringify(demoExport()));
  const pages = document.offerings as { [name: string]: unknown }[];
  const named = (number: number) => `offering-${String(number).padStart(3, '0')}`;
  const numbers = Array.from({ length: COUNT }, (_, index) => index);
  const page = (number: number) => pages[number % pages.length] ?? {};
  document.offerings = numbers.map((number) => ({
    ...page(number),
    page_id: 1000 + number,
    cp_offering_id: `off_${number}`,
    saleor_product_slug: named(number),
    saleor_product_id: null,
  }));
  delete document.content_sha256;
  if (document.counts) document.counts.offerings = COUNT;
  const products = numbers.map((number) => {
    const original = shop.products.find(({ slug }) => slug === page(number)['saleor_product_slug']);
    return {
      ...(original ?? shop.products[0]),
      slug: named(number),
      name: named(number),
      metadata: { stale: 'x' },
    };
  });
  return { seed: { ...shop, products } as Seed, desired: readExport(JSON.stringify(document), GTM_V1) };
}

test(`${COUNT} products through a strained server: again and again until done, no value twice, what is sent twice is listed`, async () => {
  const { seed, desired } = catalogue();
  const sandbox = await startSandbox({ seed });
  open.push(sandbox);
  const target = { name: null, api_url: sandbox.url };
  const clock = {
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms / 50)),
  };
  /** Of a process: its requests share a number of retries. */
  const options = (timeoutMs: number) => ({
    transport: createHttp({ clock, random: Math.random }),
    clock,
    apiUrl: sandbox.url,
    token: sandbox.tokens.full,
    timeoutMs,
  });
  const calm = options(30_000);
  const planned = async (): Promise<Plan> => {
    const locales = localesOf({ contract: GTM_V1, desired });
    const { actual } = await readActualState(createReader(calm), GTM_V1, {
      products: 'all',
      locales,
      target,
    });
    return build({
      contract: GTM_V1,
      options: { ...DEFAULT_OPTIONS, create_missing: true, sync_attributes: true },
      registry: null,
      desired,
      actual,
      completeness: ['products'],
    });
  };
  const plan = await planned();
  expect(plan.changes.filter(({ ref }) => ref.startsWith('product.'))).toHaveLength(COUNT);
  const { permissions } = plan.actual;
  const strained = faultIntercept({ ...parseFaults('429:0.2,500:0.1,drop:0.05,late:0.05', 7, 600) });
  const journals: string[] = [];
  const outcomes: string[] = [];
  for (let run = 1; run <= 10 && outcomes.at(-1) !== 'converged'; run += 1) {
    sandbox.intercept = strained;
    const shop = createShop(createWriter(options(400)), GTM_V1, { target, permissions, version: '3.23.28' });
    let text = '';
    const journal = {
      write: async (lines: readonly JournalEntry[]) => {
        text += lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      },
    };
    const written = countWrites(journals.map(parseJournal));
    try {
      const result = await runApply(
        plan,
        { onConflict: 'stop', parallel: 4, isDryRun: false, isApplied: false, written },
        { shop, journal, clock, isStopping: () => false },
      );
      outcomes.push(
        result.converged ? 'converged' : `${result.ending} ${result.interruption?.message ?? ''}`,
      );
    } catch (error) {
      outcomes.push(String(error));
    }
    journals.push(text);
  }
  sandbox.intercept = undefined;
  console.log(outcomes.join('\n'), sandbox.log.counts);
  expect(outcomes.at(-1)).toBe('converged');
  expect((await planned()).changes).toEqual([]);
  expect((await planned()).skipped).toEqual([]);
  const references = [...sandbox.store.values.values()].flatMap(
    ({ externalReference }) => externalReference ?? [],
  );
  expect(new Set(references).size).toBe(references.length);
  const twice = refsSentTwice(journals.map(parseJournal));
  const slugOf = new Map(
    [...sandbox.store.products.values()].map(({ pk, slug }) => [
      Buffer.from(`Product:${pk}`).toString('base64'),
      slug,
    ]),
  );
  const executed = new Map<string, number>();
  for (const { name, args, outcome } of sandbox.log.mutations) {
    if (outcome !== 'ok' || !['productUpdate', 'updateMetadata', 'deleteMetadata'].includes(name)) continue;
    const key = `${name} product.${slugOf.get(String(args['id']))}`;
    executed.set(key, (executed.get(key) ?? 0) + 1);
  }
  const again = [...executed].filter(([, count]) => count > 1).map(([key]) => key.split(' ')[1] ?? '');
  expect(again.filter((ref) => !twice.has(ref))).toEqual([]);
  console.log(`${again.length} updates executed twice, ${twice.size} listed`);
}, 120_000);
