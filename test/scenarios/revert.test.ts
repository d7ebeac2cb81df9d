import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

const desks: ShopWorkspace[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

async function at(seed?: Seed): Promise<ShopWorkspace> {
  const desk = await openShopWorkspace(seed);
  desks.push(desk);
  return desk;
}

const FLAGS = ['--adopt', '--sync-attributes', '--sync-products'];

/**
 * Something of every kind to do: new values, a rename, values under another spelling, a stale translation, attributes that
 * are not assigned, products and their metadata.
 */
function shop(): Seed {
  const seed = demoShop();
  const respelt = (name: string): { name: string; translations?: Record<string, string> } | null =>
    ({
      marketing: { name: 'marketing' },
      data_analyst: { name: 'Data analyst', translations: { EN: 'Data analyst' } },
      save_time: { name: 'save_time', translations: { EN: 'Saves time' } },
    })[name.toLowerCase()] ?? null;
  const without = new Set(['gsv_badges', 'gsv_verified']);
  return {
    ...seed,
    attributes: (seed.attributes ?? []).map((attribute) => ({
      ...attribute,
      values: (attribute.values ?? []).flatMap((value) =>
        value.name === 'support_agent' ? [] : [respelt(value.name) ?? value],
      ),
    })),
    productTypes: (seed.productTypes ?? []).map((type) => ({
      ...type,
      attributes: (type.attributes ?? []).filter((slug) => !without.has(slug)),
    })),
    products: (seed.products ?? []).map((product) => {
      const attributes = Object.entries(product.attributes ?? {})
        .filter(([slug]) => !without.has(slug))
        .map(([slug, held]) => [slug, typeof held === 'boolean' ? held : respeltIn(held)] as const);
      return { ...product, attributes: Object.fromEntries(attributes) };
    }),
  };
}

const respeltIn = (held: readonly string[]): readonly string[] =>
  held.filter((key) => key !== 'support_agent').map((key) => (key === 'data_analyst' ? 'data-analyst' : key));

/** All but when the shop was last written, which no way back undoes. */
const state = async (desk: ShopWorkspace) =>
  (await desk.runExpecting(0, 'snapshot', 'saleor', '--locale', 'en')).replace(/"updated_at":"[^"]*"/, '');

async function carryOut(desk: ShopWorkspace, id: string): Promise<void> {
  await desk.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes');
  await desk.runExpecting(0, 'apply', id, '--no-policy');
}

describe('plan, apply, revert, apply brings the shop back to its former state', () => {
  test.each(['key', 'external_reference'])('digest for digest, naming %s', async (naming) => {
    const desk = await at(shop());
    desk.write('contract.json', { ...GTM_V1, naming });
    desk.write('sailplan.config.json', {
      format: 'sailplan-config',
      format_version: '1.0',
      contract: 'contract.json',
    });
    const before = await state(desk);
    const { id, summary } = await desk.plan(...FLAGS);
    expect(summary.by_kind).toMatchObject({
      assignment: { create: 6 },
      value: { create: 3 },
      product: { update: 23 },
    });
    expect(summary.by_kind.value.update).toBeGreaterThanOrEqual(2);
    await carryOut(desk, id);
    expect(await state(desk)).not.toBe(before);
    const inverse = JSON.parse(await desk.runExpecting(0, 'revert', id, '--json'));
    expect(inverse.diagnostics.map(({ code, ref }: { code: string; ref: string }) => [code, ref])).toEqual([
      ['reverts', 'shop'],
    ]);
    await carryOut(desk, inverse.id);
    expect(await state(desk)).toBe(before);
    expect(JSON.parse(await desk.runExpecting(0, 'revert', id, '--json')).plan).toBeNull();
    const { code, out: text, err } = await desk.run('revert', id);
    expect(code).toBe(0);
    expect(err).toContain(`note: plan ${id} was reverted by plan ${inverse.id}, applied at `);
    expect(text).toContain('No changes: nothing is left to revert.');
    expect(text).not.toMatch(/matches Wagtail|Warning|reverts plan/);
  });
});

type Told = { readonly code: string; readonly ref: string; readonly data: Record<string, unknown> };
const toldIn = ({ diagnostics }: { diagnostics: readonly Told[] }) =>
  diagnostics.map(({ code, ref, data }) => [code, ref, data['because'] ?? data['field'] ?? null]);

async function applied(
  seed?: Seed,
  ...flags: readonly string[]
): Promise<{ desk: ShopWorkspace; id: string }> {
  const desk = await at(seed);
  const { id } = await desk.plan(...flags);
  await carryOut(desk, id);
  return { desk, id };
}

const revert = async (desk: ShopWorkspace, id: string) =>
  JSON.parse(await desk.runExpecting(0, 'revert', id, '--json'));

describe('revert', () => {
  test('leaves what somebody changed since, field by field, and says so', async () => {
    const { desk, id } = await applied();
    desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_label', '~99/run');
    const inverse = await revert(desk, id);
    expect(toldIn(inverse)).toContainEqual([
      'changed_since',
      'product.churn-watch',
      'metadata.credits_estimate_label',
    ]);
    await carryOut(desk, inverse.id);
    expect(Object.fromEntries(desk.sandbox.edit.product('churn-watch').metadata)).toMatchObject({
      credits_estimate_label: '~99/run',
      credits_estimate_min: '20',
      credits_estimate_max: '30',
    });
  });

  test('keeps a value that it created while any product it does not change has it', async () => {
    const { desk, id } = await applied();
    desk.sandbox.edit.setAttribute('brand-check', 'gsv_capabilities', ['classification', 'voice']);
    const inverse = await revert(desk, id);
    expect(toldIn(inverse)).toContainEqual(['not_revertible', 'value.gsv_capabilities.voice', 'in_use']);
    await carryOut(desk, inverse.id);
    expect(desk.sandbox.edit.value('gsv_capabilities', 'voice').name).toBe('Voice');
  });

  test('does not delete a value that a product got between plan and apply', async () => {
    const { desk, id } = await applied();
    const inverse = await revert(desk, id);
    expect(inverse.summary.by_kind.value.delete).toBe(2);
    await desk.runExpecting(0, 'approve', inverse.id, '--as', 'ada@example.com', '--yes');
    desk.sandbox.edit.setAttribute('brand-check', 'gsv_capabilities', ['classification', 'voice']);
    await desk.runExpecting(5, 'apply', inverse.id, '--no-policy');
    expect(desk.sandbox.edit.value('gsv_capabilities', 'voice').name).toBe('Voice');
    const report = JSON.parse(desk.read(`plans/${inverse.id}/report.json`));
    expect(report.outcomes).toContainEqual(
      expect.objectContaining({ ref: 'value.gsv_capabilities.voice', outcome: 'skipped' }),
    );
  });

  test('lists what Saleor cannot undo, and the first plan said so already', async () => {
    const seed = demoShop();
    const attributes = (seed.attributes ?? []).map((one) => ({
      ...one,
      values: (one.values ?? []).map(({ name }) => ({ name })),
    }));
    const { desk, id } = await applied({ ...seed, attributes });
    const plan = JSON.parse(desk.read(`plans/${id}/plan.json`));
    const ref = 'translation.gsv_roles.data_analyst.en';
    expect(plan.hazards).toContainEqual({ code: 'creates_translation', ref });
    expect(toldIn(await revert(desk, id))).toContainEqual(['not_revertible', ref, 'translation']);
  });

  test('a rename is taken back only where the old name gives the same slug', async () => {
    const seed = demoShop();
    const attributes = (seed.attributes ?? []).map((one) => ({
      ...one,
      values: (one.values ?? []).map((value) => (value.name === 'Legal' ? { name: 'legal' } : value)),
    }));
    const { desk, id } = await applied({ ...seed, attributes });
    desk.sandbox.edit.addValue('gsv_category', 'legal');
    expect(desk.sandbox.edit.value('gsv_category', 'legal').name).toBe('Legal');
    const inverse = await revert(desk, id);
    expect(toldIn(inverse).filter(([, ref]) => ref === 'value.gsv_category.legal')).toEqual([]);
    await carryOut(desk, inverse.id);
    expect(desk.sandbox.edit.value('gsv_category', 'legal').name).toBe('legal');
  });

  test('is shown in every medium, with the warning that Wagtail still differs, and proves itself', async () => {
    const { desk, id } = await applied();
    const inverse = await revert(desk, id);
    for (const format of ['text', 'markdown', 'html', 'json'])
      expect(await desk.runExpecting(0, 'show', inverse.id, '--format', format)).toContain(id);
    expect(await desk.runExpecting(0, 'show', inverse.id)).toMatch(
      /Wagtail\s+still\s+has\s+the\s+newer\s+content/,
    );
    expect(await desk.runExpecting(3, 'verify', inverse.id)).toContain(
      'rebuild: a rebuild from its own snapshots gives the same plan',
    );
    const path = `plans/${inverse.id}/plan.json`;
    desk.write(path, desk.read(path).replace('~25/run', '~26/run'));
    expect(await desk.runExpecting(3, 'verify', inverse.id)).toContain('REFUSED');
  });

  test('after it the next plan proposes the same again, and it can be approved and applied anew', async () => {
    const { desk, id } = await applied();
    const inverse = await revert(desk, id);
    await carryOut(desk, inverse.id);
    const again = await desk.plan();
    expect(again.id).toBe(id);
    expect(await desk.runExpecting(0, 'show', id, '--base', inverse.id)).toContain('Wagtail changed');
    await desk.runExpecting(3, 'apply', id, '--no-policy');
    await carryOut(desk, again.id);
    expect((await desk.plan()).plan).toBeNull();
  });

  test('takes the report of an apply, of this contract and this shop, and nothing else', async () => {
    const { desk, id } = await applied();
    expect((await desk.run('revert', 'catalog.json')).err).toContain('catalog.json is not a report');
    desk.write('contract.json', { ...GTM_V1, label_languages: ['en'] });
    expect((await desk.run('revert', id, '--contract', 'contract.json')).code).toBe(3);
    expect((await desk.run('revert', id, '--target', 'other')).code).toBe(3);
    const report = JSON.parse(desk.read(`plans/${id}/report.json`));
    desk.write(`plans/${id}/report.json`, { ...report, plan: { ...report.plan, digest: '0'.repeat(64) } });
    expect((await desk.run('revert', id)).err).toContain('keep a report in the folder of its plan'.slice(5));
  });
});
