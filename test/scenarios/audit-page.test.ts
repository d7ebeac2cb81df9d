import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { auditEntry } from '../../src/review/html/audit-entry.ts';
import { auditPage } from '../../src/review/html/audit-page.ts';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { auditedPlans } from '../support/audited-plans.ts';
import { recordedPlan } from '../support/recorded-plan.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

/** The audit as one page: what it holds of two applies, and of an archive that was altered. */

jest.setTimeout(120_000);

let desk: ShopWorkspace;
const ids: string[] = [];
beforeAll(async () => {
  desk = await openShopWorkspace();
  await applied('ada@example.com', 'max@example.com');
  const document = structuredClone(demoExport()) as { offerings: { card_tagline: string }[] };
  for (const offering of document.offerings.slice(0, 2))
    offering.card_tagline = '<script>alert(1)</script> \u202etagline';
  desk.write('catalog.json', document);
  await applied('grace@example.com', 'kim@example.com');
});
afterAll(() => desk.close());

async function applied(approver: string, planner: string): Promise<void> {
  desk.env['SAILPLAN_USER'] = planner;
  const { id } = await desk.plan();
  ids.push(id);
  await desk.runExpecting(0, 'approve', id, '--as', approver, '--yes', '--comment', 'read every line');
  desk.env['SAILPLAN_USER'] = 'ci@example.com';
  await desk.runExpecting(0, 'apply', id, '--no-policy');
}

const page = () => desk.runExpecting(0, 'audit', '--format', 'html');

test('each apply with who planned, approved and applied it, its changes, and its lines in the archive', async () => {
  const html = await page();
  const [second = '', first = ''] = ids
    .toReversed()
    .map((id) => html.split('\n').find((line) => line.includes(`>${id}<`)) ?? '');
  expect(html.indexOf(second)).toBeLessThan(html.indexOf(first));
  expect(first).toContain('Planned by max@example.com');
  expect(first).toContain('Approved by ada@example.com');
  expect(first).toContain('read every line');
  expect(first).toContain('Applied by ci@example.com');
  expect(first).toContain('product.churn-watch');
  expect(first).toContain('credits_estimate_max');
  expect(second).toContain('Planned by kim@example.com');
  const json = JSON.parse(await desk.runExpecting(0, 'audit', '--json'));
  const [archive] = json.archives;
  for (const hash of archive.hashes) expect(html).toContain(hash);
  expect(html).toContain(`Head <code>${archive.head}</code>`);
  expect(html).toContain('The archive is intact');
});

test('one file without network, in which nothing from outside is markup', async () => {
  const html = await page();
  expect(html).toContain('default-src &#39;none&#39;');
  expect(html).not.toMatch(/<script>alert|\u202e/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/ (?:src|href)="(?!#)/);
});

test('an altered plan is named, its apply stays, and `audit verify` ends in 3', async () => {
  const path = `plans/${ids[0]}/plan.json`;
  const original = desk.read(path);
  desk.write(path, original.replace('"~40/run"', '"~41/run"'));
  const html = await page();
  const verified = await desk.run('audit', 'verify', '--format', 'html');
  desk.write(path, original);
  expect(html).toContain('The archive was altered');
  expect(html).toContain(`plan ${ids[0]} was altered`);
  expect(html).toContain('the plan is missing or was altered');
  expect(verified.code).toBe(3);
});

test('a broken chain shows nothing of itself but that', async () => {
  const archive = `plans/archive/${readdirSync(join(desk.folder, 'plans/archive')).find((name) => name.endsWith('.jsonl'))}`;
  const original = desk.read(archive);
  desk.write(archive, original.replace('"converged"', '"incomplete"'));
  const html = await page();
  desk.write(archive, original);
  expect(html).toContain('The archive was altered');
  expect(html).not.toContain('ada@example.com');
});

test('without an archive the page is empty; --head belongs to verify', async () => {
  expect(await desk.runExpecting(0, 'audit', '--format', 'html', '--out', 'elsewhere')).toContain(
    '<h1>0 applies</h1>',
  );
  const { code, err } = await desk.run('audit', '--format', 'html', '--head', 'f'.repeat(64));
  expect(code).toBe(1);
  expect(err).toContain('sailplan audit verify --head');
});

test('of many applies the first fifty are elements, the others lines of text for the script', () => {
  const entries = auditedPlans(recordedPlan(), 120, 3).map(auditEntry);
  const archive = {
    file: 'a.jsonl',
    target: null,
    lines: 240,
    head: 'f'.repeat(64),
    signed: 0,
    problem: null,
    entries,
  };
  const html = auditPage([archive], '2026-11-29T20:00:00.000Z');
  const elements = html.replace(/<noscript>[\s\S]*?<\/noscript>/g, '');
  expect([...elements.matchAll(/<details class="c /g)]).toHaveLength(50);
  expect([...html.matchAll(/<details class="c /g)]).toHaveLength(120);
  expect(html).toContain('Search 120 applies');
});
