import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

/** What happened to one resource, over three applies: the catalogue, a new tagline and role, and an edit in the shop taken back. */

jest.setTimeout(120_000);

let desk: ShopWorkspace;
const ids: string[] = [];
beforeAll(async () => {
  desk = await openShopWorkspace();
  await applied('ada@example.com');
  desk.write('catalog.json', changedExport());
  await applied('grace@example.com');
  desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', 'Edited by hand');
  await applied('ada@example.com');
});
afterAll(() => desk.close());

async function applied(approver: string): Promise<void> {
  const { id } = await desk.plan();
  ids.push(id);
  await desk.runExpecting(0, 'approve', id, '--as', approver, '--yes', '--comment', 'read it');
  await desk.runExpecting(0, 'apply', id, '--no-policy');
}

interface Offering {
  saleor_product_slug: string;
  page_id: number;
  card_tagline: string;
  roles: string[];
}

const offeringOf = (document: object): Offering =>
  (document as { offerings: Offering[] }).offerings.find(
    (one) => one.saleor_product_slug === 'churn-watch',
  ) as Offering;

function changedExport(): object {
  const document = structuredClone(demoExport());
  const offering = offeringOf(document);
  offering.card_tagline = 'Keeps your best customers';
  offering.roles = ['controller'];
  (document as { taxonomies: Record<string, { key: string; label: string }[]> }).taxonomies['roles']?.push({
    key: 'night_watch',
    label: 'Night watch',
  });
  return document;
}

async function history(...words: readonly string[]) {
  const document = JSON.parse(await desk.runExpecting(0, 'history', ...words, '--json'));
  expect(document).toMatchObject({ ok: true, asked: words[0], archives: [{ applies: 3, problem: null }] });
  return document.archives[0].steps;
}

test('of a product: each apply that changed it, from what to what, by which plan, approved by whom', async () => {
  const steps = await history('product.churn-watch');
  expect(steps.map(({ plan }: { plan: { id: string } }) => plan.id)).toEqual(ids);
  expect(steps[1]).toMatchObject({
    result: 'converged',
    approvals: [{ approver: 'grace@example.com', comment: 'read it' }],
    changes: [{ ref: 'product.churn-watch', action: 'update', outcome: 'applied' }],
  });
  const tagline = (step: { changes: { fields: { name: string }[] }[] }) =>
    step.changes[0]?.fields.find(({ name }) => name === 'metadata.outcome_tagline');
  const before = offeringOf(demoExport()).card_tagline;
  expect(tagline(steps[1])).toEqual({
    name: 'metadata.outcome_tagline',
    before,
    after: 'Keeps your best customers',
  });
  expect(tagline(steps[2])).toEqual({
    name: 'metadata.outcome_tagline',
    before: 'Edited by hand',
    after: 'Keeps your best customers',
  });
});

test('a slug, a page and its id say the same', async () => {
  const whole = await history('product.churn-watch');
  const { page_id } = offeringOf(demoExport());
  for (const word of ['churn-watch', `page.${page_id}`, String(page_id)]) {
    const steps = await history(word);
    expect(steps.map(({ changes }: { changes: unknown }) => changes)).toEqual(
      whole.map(({ changes }: { changes: unknown }) => changes),
    );
  }
});

test('of a value: its creation, its labels, and the products that got or lost it', async () => {
  const [created, ...others] = await history('value.gsv_roles.night_watch');
  expect(others).toEqual([]);
  expect(created.plan.id).toBe(ids[1]);
  expect(created.changes.map(({ ref }: { ref: string }) => ref)).toEqual([
    'value.gsv_roles.night_watch',
    'translation.gsv_roles.night_watch.en',
  ]);
  const moved = await history('value.gsv_roles.controller');
  expect(moved.at(-1)).toMatchObject({
    plan: { id: ids[1] },
    given: ['product.churn-watch'],
    taken: [],
    changes: [],
  });
  const [lost] = offeringOf(demoExport()).roles;
  const left = await history(String(lost));
  expect(left.at(-1)).toMatchObject({ taken: ['product.churn-watch'] });
});

test('of a page with an error: why it was skipped', async () => {
  const page = (demoExport() as { offerings: (Offering & { cp_offering_id: string })[] }).offerings.find(
    (one) => one.cp_offering_id === '',
  );
  const steps = await history(`page.${page?.page_id}`);
  expect(steps.map(({ skipped }: { skipped: string[] }) => skipped)).toEqual(
    ids.map(() => ['required_field_empty']),
  );
  expect(await desk.runExpecting(0, 'history', `page.${page?.page_id}`)).not.toContain('changed it');
});

test('of an apply that was killed: who started it, also where a later run only recorded its end', async () => {
  const killed = await openShopWorkspace();
  try {
    const { id } = await killed.plan();
    await killed.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes');
    killed.env['SAILPLAN_USER'] = 'max@example.com';
    await killed.runExpecting(0, 'apply', id, '--no-policy');
    const folder = join(killed.folder, 'plans');
    const [archive = ''] = readdirSync(join(folder, 'archive'));
    const path = join(folder, 'archive', archive);
    writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0]}\n`);
    for (const file of ['report.json', 'runs/1/report.json', 'runs/1/report.mac'])
      rmSync(join(folder, id, file), { force: true });
    const before = await killed.runExpecting(0, 'audit');
    expect(before).toContain('its end is not recorded');
    expect(before).toContain('applied by max@example.com');
    expect(await killed.runExpecting(0, 'audit', 'verify')).toContain(': 1 line is intact');
    await killed.runExpecting(0, 'apply', id, '--no-policy');
    const after = await killed.runExpecting(0, 'history', 'product.churn-watch');
    expect(after).toContain('converged');
    expect(after).toContain('applied by max@example.com');
    rmSync(path);
    expect(await killed.runExpecting(0, 'audit')).toContain('but 1 plan has files of runs');
    expect(await killed.runExpecting(0, 'verify', id, '--no-policy')).toContain(
      'the archive lists no apply, and no file',
    );
  } finally {
    await killed.close();
  }
});

test('as text and Markdown, with people, fields and results', async () => {
  const text = await desk.runExpecting(0, 'history', 'product.churn-watch');
  expect(text).toContain('product.churn-watch in ');
  expect(text).toMatch(/: part of 3 of\s3 applies/);
  expect(text).toContain(`plan ${ids[1]}: converged`);
  expect(text).toContain('approved by grace@example.com');
  expect(text).toContain('"Edited by hand" -> "Keeps your best customers"');
  const markdown = await desk.runExpecting(0, 'history', 'product.churn-watch', '--format', 'markdown');
  expect(markdown).toContain('`"Edited by hand"` → `"Keeps your best customers"`');
  const nobody = await desk.run('history', 'value.nobody');
  expect(nobody).toMatchObject({ code: 0, out: expect.stringContaining('0 of 3 applies') });
  expect(nobody.err).toContain('write product.SLUG');
});

test('of an altered archive: said, with exit 3', async () => {
  const archive = `plans/archive/${readdirSync(join(desk.folder, 'plans/archive')).find((name) => name.endsWith('.jsonl'))}`;
  const original = desk.read(archive);
  desk.write(archive, original.replace('"converged"', '"incomplete"'));
  const { code, out, err } = await desk.run('history', 'product.churn-watch');
  desk.write(archive, original);
  expect([code, err]).toEqual([3, '']);
  expect(out).toContain('REFUSED');
});
