import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  parseEvents,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** With --report-path every end of sync and apply leaves a report of this call there, and never one of an earlier call. */
const isReport = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync('schemas/report.schema.json', 'utf8')),
);
let shop: Sandbox;
let env: NodeJS.ProcessEnv;
let at: Workspace;

beforeEach(async () => {
  shop = await startSandbox({ seed: demoShop() });
  env = shopEnv(shop);
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
});
afterEach(() => shop.close());
afterAll(removeWorkspaces);

const SYNC = ['--desired', 'catalog.json', '--report-path', 'r.json'];
const sync = (words: readonly string[], given = env) => at.call(words, { env: given, bin: 'sync' });

function report(): AnyDocument {
  const found = at.json('r.json');
  expect([isReport(found), isReport.errors]).toEqual([true, null]);
  return found;
}

/** A report of an earlier call lies there. */
async function withEarlier(): Promise<void> {
  expect((await sync(SYNC)).code).toBe(0);
  expect(report().exit_code).toBe(0);
}

test('a dry run says what was typed, when, with what, and which pages were skipped; it names no plan', async () => {
  const before = Date.now();
  const site: AnyDocument = demoExport();
  site.offerings[1].saleor_product_slug = 'gone';
  at.write('catalog.json', JSON.stringify(site));
  const words = ['--create-missing', '--limit', '3', '--media-base-url', 'https://a:b@cdn.example.com/m?k=1'];
  const run = await sync([...SYNC, ...words]);
  const { written_at, skipped_pages, ...found } = report();
  expect(found).toMatchObject({
    format: 'sailplan-report',
    format_version: '1.0',
    tool: expect.stringMatching(/^sailplan \d/),
    command: 'sync',
    flags: {
      desired: 'catalog.json',
      'create-missing': true,
      limit: 3,
      'dry-run': true,
      'report-path': 'r.json',
      'media-base-url': 'https://cdn.example.com/m',
    },
    exit_code: run.code,
    mode: 'dry_run',
    plan: null,
    errored: false,
  });
  expect(Object.keys(found.flags)).not.toContain('sync-products');
  expect(Date.parse(written_at)).toBeGreaterThanOrEqual(before - 1);
  expect(skipped_pages).toMatchObject([{ page_id: site.offerings[1].page_id, codes: ['product_missing'] }]);
  for (const { ref, title, codes } of skipped_pages)
    expect(found.errors).toContainEqual(
      expect.objectContaining({ ref, code: codes[0], message: expect.stringContaining(title) }),
    );
  expect(found.skipped_by_flags).toBe(site.offerings.length - 3);
});

test.each<[string, readonly string[], NodeJS.ProcessEnv, string, number]>([
  ['a shop that is not there', SYNC, { SALEOR_API_URL: 'http://127.0.0.1:9/graphql/' }, 'unreachable', 1],
  ['no shop named', SYNC, { SALEOR_API_URL: '' }, 'usage', 1],
  ['a wrong token', SYNC, { SALEOR_TOKEN: 'wrong-token-0001' }, 'token_invalid', 1],
  ['no such export', [...SYNC, '--desired', 'none.json'].slice(2), {}, 'file_unreadable', 1],
  ['flags that exclude each other', [...SYNC, '--strict', '--create-missing'], {}, 'usage', 1],
  ['an option that is none', [...SYNC, '--bogus'], {}, 'usage', 1],
  ['a value that is none', [...SYNC, '--limit', 'many'], {}, 'usage', 1],
  ['no terminal for a write', [...SYNC, '--no-dry-run'], {}, 'confirmation_missing', 3],
  [
    'a plan that is not there',
    ['--plan', '0123456789abcdef', '--report-path', 'r.json'],
    {},
    'file_unreadable',
    1,
  ],
])('sync with %s leaves its own report', async (_, words, more, code, exitCode) => {
  await withEarlier();
  const run = await sync(words, { ...env, ...more });
  expect(run.code).toBe(exitCode);
  expect(report()).toMatchObject({ exit_code: exitCode, converged: false });
  expect(report().errors[0]).toMatchObject({ code, message: expect.any(String) });
  const shown = await at.call(['show', 'r.json']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('Nothing was written');
  for (const format of ['markdown', 'html', 'json'])
    expect((await at.call(['show', 'r.json', '--format', format])).code).toBe(0);
});

test('sync --json prints the report of a failure too', async () => {
  const run = await sync(['--desired', 'catalog.json', '--json'], {
    ...env,
    SALEOR_API_URL: 'http://127.0.0.1:9/graphql/',
  });
  expect(JSON.parse(run.stdout)).toMatchObject({
    exit_code: 1,
    plan: null,
    errors: [{ code: 'unreachable' }],
  });
});

test('a write run without a terminal reports its plan, which is there', async () => {
  const run = await sync([...SYNC, '--create-missing', '--no-dry-run', '--out', 'kept']);
  const { plan, mode, totals, updated_products } = report();
  expect(run.stderr).toContain(`sailplan approve ${plan.id} --out kept`);
  expect(run.stderr).toContain(`sync_wagtail_to_saleor --no-dry-run --plan ${plan.id} --out kept`);
  expect(at.files()).toContain(`kept/${plan.id}/plan.json`);
  expect(mode).toBe('apply');
  expect(totals.not_attempted).toBeGreaterThan(0);
  expect(updated_products.length).toBeGreaterThan(0);
});

test('apply leaves a report where it is refused, stale, unreachable, unknown and done', async () => {
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  const [id = ''] = at.ids();
  const apply = (...words: readonly string[]) =>
    at.call(['apply', id, '--report-path', 'r.json', ...words], { env });
  const codes: unknown[] = [];
  const kept = (run: { code: number | null }) => {
    const { exit_code, command, plan, errors } = report();
    expect([command, exit_code]).toEqual(['apply', run.code]);
    codes.push([exit_code, plan?.id ?? null, errors[0]?.code]);
  };
  kept(await apply('--no-policy'));
  kept(await at.call(['apply', '0123456789abcdef', '--report-path', 'r.json'], { env }));
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  kept(
    await at.call(['apply', id, '--no-policy', '--report-path=r.json'], {
      env: { ...env, SALEOR_TOKEN: '' },
    }),
  );
  kept(await apply('--bogus'));
  shop.edit.setMetadata('churn-watch', 'credits_estimate_min', '21');
  kept(await apply('--no-policy'));
  expect(codes).toEqual([
    [3, id, 'plan_not_approved'],
    [1, null, 'file_unreadable'],
    [1, id, expect.any(String)],
    [1, null, 'usage'],
    [4, id, expect.any(String)],
  ]);
  expect(report().errors).toContainEqual(expect.objectContaining({ code: 'conflict' }));
});

test('apply --json ends in a finished line with the report, also where no plan was found', async () => {
  const run = await at.call(['apply', '0123456789abcdef', '--json'], { env });
  expect(parseEvents(run.stdout)).toMatchObject([
    { event: 'finished', ending: 'failed', exit_code: 1, report: { errors: [{ code: 'file_unreadable' }] } },
  ]);
});

test('a file that is no report, and the report in a plan’s folder, are not removed beforehand', async () => {
  at.write('r.json', '{"mine": true}');
  expect((await sync(['--desired', 'none.json', '--report-path', 'r.json'])).code).toBe(1);
  expect(report().exit_code).toBe(1);
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  const [id = ''] = at.ids();
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect((await at.call(['apply', id, '--no-policy'], { env })).code).toBe(0);
  const own = `plans/${id}/report.json`;
  expect((await at.call(['apply', id, '--no-policy', '--report-path', own], { env })).code).toBe(0);
  expect(at.json(own).runs).toHaveLength(2);
});
