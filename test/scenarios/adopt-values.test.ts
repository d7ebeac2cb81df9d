import { afterEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { foldSpelling } from '../../src/core/text/spelling.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

/** Values that a shop had before sailplan came, in every spelling: adopted whole, and never doubled. */
jest.setTimeout(300_000);
const OPTIONS = { timeoutMs: 120_000 };
const open: Sandbox[] = [];
afterEach(async () => {
  removeWorkspaces();
  for (const one of open.splice(0)) await one.close();
});

const TERMS = [
  { key: 'gen_ai', label: 'Generative AI' },
  { key: 'data_analyst', label: 'Data analyst' },
  { key: 'sales', label: 'Sales' },
  { key: 'c_family', label: 'C++' },
] as const;
type Naming = 'key' | 'external_reference';

const contract = (naming: Naming) => ({
  format: 'sailplan-contract',
  format_version: '1.0',
  name: 'adopt-v1',
  naming,
  product_types: ['offering'],
  attributes: [
    {
      slug: 'tags',
      name: 'Tags',
      input_type: 'MULTISELECT',
      source: 'tags',
      taxonomy: 'tags',
      product_types: ['offering'],
    },
  ],
  metadata: [],
});

const catalog = {
  format: 'catalog-export',
  format_version: 1,
  source: { locale: 'en' },
  taxonomies: { tags: TERMS },
  offerings: [
    {
      page_id: 1,
      locale: 'en',
      title: 'Lead scout',
      saleor_product_slug: 'lead-scout',
      tags: TERMS.map(({ key }) => key),
    },
  ],
};

const seed: Seed = {
  attributes: [{ slug: 'tags', name: 'Tags', inputType: 'MULTISELECT' }],
  productTypes: [{ slug: 'offering', name: 'Offering', attributes: ['tags'] }],
  products: [{ slug: 'lead-scout', name: 'Lead scout', type: 'offering' }],
};

interface Shop {
  readonly sandbox: Sandbox;
  readonly at: Workspace;
  readonly env: NodeJS.ProcessEnv;
}

interface OldValue {
  readonly name: string;
  readonly reference: string | null;
}

async function shopWith(naming: Naming, values: readonly OldValue[]): Promise<Shop> {
  const sandbox = await startSandbox({ seed });
  open.push(sandbox);
  const made = values.map(({ name, reference }) => {
    const row = sandbox.edit.addValue('tags', name);
    row.externalReference = reference;
    return row.slug;
  });
  sandbox.edit.setAttribute('lead-scout', 'tags', made);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(catalog));
  at.write('contract.json', JSON.stringify(contract(naming)));
  return { sandbox, at, env: shopEnv(sandbox) };
}

async function plan({ at, env }: Shop, ...flags: readonly string[]) {
  const words = [
    'plan',
    '--desired',
    'catalog.json',
    '--contract',
    'contract.json',
    '--create-missing',
    '--json',
  ];
  const run = await at.call([...words, ...flags], { ...OPTIONS, env });
  expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('sailplan:')]);
  const { plan: path, id, diagnostics } = JSON.parse(run.stdout);
  return { id: String(id), diagnostics, changes: path === null ? [] : at.json(path).changes };
}

async function apply({ at, env }: Shop, id: string): Promise<void> {
  const approved = await at.call(['approve', id, '--as', 'ada@example.com', '--yes'], OPTIONS);
  expect([approved.code, approved.stderr]).toEqual([0, expect.anything()]);
  const run = await at.call(['apply', id, '--no-policy', '--contract', 'contract.json'], { ...OPTIONS, env });
  expect([run.code, run.stderr]).toEqual([0, expect.anything()]);
}

const valuesOf = ({ sandbox }: Shop) =>
  sandbox.edit
    .values('tags')
    .map(({ pk, name, slug, externalReference: held }) => ({ pk, name, slug, held }));

const spelled = fc
  .tuple(
    fc.constantFrom(...TERMS.map(({ label }) => label)),
    fc.constantFrom<(label: string) => string>(
      (label) => label,
      (label) => label.toUpperCase(),
      (label) => label.replaceAll(' ', '\u00a0'),
      (label) => label.replaceAll(' ', '-'),
    ),
  )
  .map(([label, spell]) => spell(label));

test('whatever a shop had: no twin is made, what is adopted keeps its id, and planning again is empty', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Naming>('key', 'external_reference'),
      fc.uniqueArray(fc.record({ name: spelled, erp: fc.boolean() }), {
        selector: ({ name }) => name,
        minLength: 1,
        maxLength: 4,
      }),
      async (naming, found) => {
        const old = found.map(({ name, erp }, index) => ({ name, reference: erp ? `ERP-${index}` : null }));
        const shop = await shopWith(naming, old);
        const before = valuesOf(shop);
        const first = await plan(shop, '--adopt', '--prune-values', '--prune-used');
        if (first.changes.length > 0) await apply(shop, first.id);
        const after = valuesOf(shop);
        // Nothing is deleted, and a label occurs twice only where it did before.
        expect(after.map(({ pk }) => pk)).toEqual(expect.arrayContaining(before.map(({ pk }) => pk)));
        const labels = new Set(before.map(({ name }) => foldSpelling(name)));
        const missing = TERMS.filter(({ label }) => !labels.has(foldSpelling(label)));
        expect(after.length - before.length).toBe(missing.length);
        expect((await plan(shop, '--adopt', '--prune-values', '--prune-used')).changes).toEqual([]);
      },
    ),
    { seed: 17, numRuns: 5 },
  );
});

test.each<Naming>([
  'key',
  'external_reference',
])('naming %s: without --adopt an error, with it one change a value, and revert gives names and references back', async (naming) => {
  const shop = await shopWith(naming, [
    { name: 'Generative AI', reference: 'ERP-77' },
    { name: 'DATA\u00a0ANALYST', reference: null },
    { name: 'Sales', reference: 'tags.old_sales' },
    { name: 'C++', reference: null },
  ]);
  const before = valuesOf(shop);
  const told = await plan(shop);
  expect(told.changes).toEqual([]);
  const isOwn = ({ key }: { readonly key: string }) => naming === 'key' && key === 'sales';
  expect(
    told.diagnostics
      .filter(({ code }: { code: string }) => code === 'value_adoptable')
      .map(({ ref }: { ref: string }) => ref),
  ).toEqual(
    TERMS.filter((one) => !isOwn(one))
      .map(({ key }) => `value.tags.${key}`)
      .sort(),
  );
  const { id, changes } = await plan(shop, '--adopt');
  const values = changes.filter(({ ref }: { ref: string }) => ref.startsWith('value.'));
  expect(values).toHaveLength(naming === 'key' ? 3 : 4);
  expect(changes.filter(({ ref }: { ref: string }) => ref.startsWith('product.'))).toEqual([]);
  await apply(shop, id);
  expect(valuesOf(shop).map(({ pk }) => pk)).toEqual(before.map(({ pk }) => pk));
  expect((await plan(shop, '--adopt')).changes).toEqual([]);
  if (naming === 'key') return;
  const revert = await shop.at.call(
    ['revert', `plans/${id}/report.json`, '--contract', 'contract.json', '--json'],
    {
      ...OPTIONS,
      env: shop.env,
    },
  );
  expect([revert.code, revert.stderr]).toEqual([0, expect.anything()]);
  await apply(shop, JSON.parse(revert.stdout).id);
  expect(valuesOf(shop).filter(({ held }) => held === 'ERP-77' || held === 'tags.old_sales')).toHaveLength(2);
});
