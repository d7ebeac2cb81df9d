import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';
import type { AnyDocument } from '../support/workspace.ts';

/** Who moved: over real applies, what a person edited in Saleor and what only Wagtail or a flag changed. */

jest.setTimeout(120_000);
const desks: ShopWorkspace[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

async function at(): Promise<ShopWorkspace> {
  const desk = await openShopWorkspace();
  desks.push(desk);
  return desk;
}

async function carryOut(desk: ShopWorkspace, id: string): Promise<void> {
  await desk.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes');
  await desk.runExpecting(0, 'apply', id, '--no-policy');
}

async function plan(desk: ShopWorkspace, ...flags: readonly string[]): Promise<string> {
  const { id } = JSON.parse(
    await desk.runExpecting(0, 'plan', '--desired', 'catalog.json', '--json', ...flags),
  );
  return id;
}

async function causes(desk: ShopWorkspace, id: string, ...words: readonly string[]) {
  const shown = JSON.parse(await desk.runExpecting(0, 'show', id, '--format', 'json', ...words));
  const fields = shown.groups.flatMap(({ changes }: AnyDocument) =>
    changes.flatMap(({ ref, fields }: AnyDocument) =>
      fields.map(({ name, cause }: AnyDocument) => [`${ref} ${name}`, cause]),
    ),
  );
  return {
    fields: Object.fromEntries(fields) as Record<string, string | null>,
    kinds: [...new Set(fields.map(([, cause]: AnyDocument) => cause))],
    drift: shown.drift as AnyDocument,
  };
}

const catalog = (bend: (document: AnyDocument) => void): object => {
  const document = structuredClone(demoExport());
  bend(document);
  return document;
};
const page = (document: AnyDocument, slug: string): AnyDocument =>
  document.offerings.find(({ saleor_product_slug }: AnyDocument) => saleor_product_slug === slug);

describe('the cause of a field', () => {
  test('is no edit in Saleor where an earlier plan was not asked for it, left it out or held it back', async () => {
    const desk = await at();
    await carryOut(
      desk,
      await plan(
        desk,
        '--exclude',
        'product.churn-watch:metadata.credits_estimate_max,product.support-triage:attributes',
      ),
    );
    const found = await causes(
      desk,
      await plan(desk, '--create-missing', '--sync-attributes', '--sync-products', '--adopt'),
    );
    expect(found.fields['product.churn-watch metadata.credits_estimate_max']).toBe('first_sync');
    expect(found.fields['product.support-triage attributes.gsv_badges']).toBe('first_sync');
    expect(Object.keys(found.fields).some((name) => name.startsWith('value.'))).toBe(true);
    expect(found.kinds).toEqual(['first_sync']);
    expect(found.drift).toEqual([]);
  });

  test('is told field by field once the base had brought it in line', async () => {
    const desk = await at();
    await carryOut(desk, (await desk.plan('--adopt')).id);
    const { edit } = desk.sandbox;
    edit.setMetadata('churn-watch', 'outcome_tagline', 'By hand');
    edit.setMetadata('churn-watch', 'credits_estimate_min', '7');
    edit.setAttribute('support-triage', 'gsv_badges', []);
    edit.addValue('gsv_roles', 'stray');
    desk.write(
      'catalog.json',
      catalog((document) => {
        page(document, 'churn-watch').credits_estimate_min = 31;
        page(document, 'churn-watch').credits_estimate_max = 51;
        document.taxonomies.roles.push({ key: 'beekeeper', label: 'Bee keeper' });
      }),
    );
    const id = await plan(desk, '--create-missing', '--adopt', '--prune-values', '--prune-used');
    const { fields, drift } = await causes(desk, id);
    expect(fields).toMatchObject({
      'product.churn-watch metadata.outcome_tagline': 'saleor_edited',
      'product.churn-watch metadata.credits_estimate_min': 'both',
      'product.churn-watch metadata.credits_estimate_max': 'wagtail_changed',
      'product.support-triage attributes.gsv_badges': 'saleor_edited',
      'value.gsv_roles.beekeeper name': 'wagtail_changed',
      'translation.gsv_roles.beekeeper.en name': 'wagtail_changed',
      'value.gsv_roles.stray name': 'saleor_edited',
    });
    expect(
      drift.map(({ ref, fields }: AnyDocument) => [ref, fields.map(({ name }: AnyDocument) => name)]),
    ).toEqual([
      ['value.gsv_roles.stray', ['name', 'slug']],
      ['product.churn-watch', ['metadata.credits_estimate_min', 'metadata.outcome_tagline']],
      ['product.support-triage', ['attributes.gsv_badges']],
    ]);
  });

  test('is told by an earlier plan where the last one did not compare the product', async () => {
    const desk = await at();
    await carryOut(desk, (await desk.plan('--adopt')).id);
    const tagline = (slug: string, text: string) =>
      desk.write(
        'catalog.json',
        catalog((document) => {
          page(document, slug).card_tagline = text;
        }),
      );
    tagline('support-triage', 'Newer');
    await carryOut(desk, await plan(desk, '--only-slugs', 'support-triage', '--adopt'));
    desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', 'By hand');
    const { fields } = await causes(desk, await plan(desk, '--adopt'));
    expect(fields['product.churn-watch metadata.outcome_tagline']).toBe('saleor_edited');
  });

  test('of a plan that takes another back is not told, and of an applied one it is told by those before it', async () => {
    const desk = await at();
    const { id } = await desk.plan('--adopt');
    await carryOut(desk, id);
    const inverse = JSON.parse(await desk.runExpecting(0, 'revert', id, '--json')).id;
    const taken = await causes(desk, inverse, '--base', 'auto');
    expect([taken.kinds, taken.drift]).toEqual([[null], null]);
    await carryOut(desk, inverse);
    expect((await causes(desk, id, '--base', 'auto')).kinds).toEqual(['first_sync']);
  });

  test('is unknown where the base is gone or altered, and another target’s plan is no base', async () => {
    const desk = await at();
    const { id: base } = await desk.plan('--adopt');
    await carryOut(desk, base);
    desk.sandbox.edit.setMetadata('churn-watch', 'outcome_tagline', 'By hand');
    const id = await plan(desk, '--adopt');
    const folder = (name: string) => join(desk.folder, 'plans', name);
    const text = desk.read(`plans/${base}/plan.json`);
    desk.write(`plans/${base}/plan.json`, text.replace('"errored": false', '"errored": true'));
    expect((await causes(desk, id)).kinds).toEqual(['unknown']);
    renameSync(folder(base), folder('elsewhere'));
    expect((await causes(desk, id)).kinds).toEqual(['unknown']);
    desk.write('plans/elsewhere/plan.json', text);
    const other = await at();
    const { id: foreign } = await other.plan('--adopt');
    const { code, err } = await desk.run('show', id, '--base', join(other.folder, 'plans', foreign));
    expect({ code, isSaid: /is a plan for .*, not for /.test(err) }).toEqual({ code: 1, isSaid: true });
    rmSync(folder('archive'), { recursive: true });
    expect((await causes(desk, id, '--base', 'auto')).kinds).toEqual(['first_sync']);
  });
});
