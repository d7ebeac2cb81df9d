import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { shedExport, shedShop } from '../support/tool-shed.ts';
import {
  type AnyDocument,
  createWorkspace,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** A team begins from a shop that is filled already: its values become terms of a site that has none. */
let at: Workspace;
let sandbox: Sandbox;
const CONTRACT = {
  format: 'sailplan-contract',
  format_version: '1.0',
  name: 'shed',
  naming: 'key',
  product_types: ['tool'],
  attributes: [
    {
      slug: 'shed-material',
      name: 'Material',
      input_type: 'MULTISELECT',
      source: 'stuff',
      taxonomy: 'materials',
      product_types: ['tool'],
    },
  ],
  metadata: [],
};
const MODELS = { materials: { model: 'shed.material', key: 'key', label: 'label' } };

beforeEach(async () => {
  at = createWorkspace();
  const seed = shedShop();
  sandbox = await startSandbox({
    seed: {
      ...seed,
      attributes: seed.attributes.map((one) =>
        one.slug === 'shed-material'
          ? { ...one, values: [...(one.values ?? []), { name: 'Glass fibre', slug: 'glass-fibre' }] }
          : one,
      ),
      products: seed.products.map((one) => ({ ...one, attributes: { 'shed-material': ['oak'] } })),
    },
  });
  at.write('contract.json', JSON.stringify(CONTRACT));
});
afterEach(async () => {
  await sandbox.close();
  removeWorkspaces();
});

const call = (line: string) => at.call(line.split(' '), { env: shopEnv(sandbox) });
const site = (terms: readonly AnyDocument[], models: AnyDocument = MODELS, pages = shedExport().offerings) =>
  at.write(
    'catalog.json',
    JSON.stringify({
      ...shedExport(),
      source: { locale: 'en', models },
      taxonomies: { materials: terms },
      offerings: pages,
    }),
  );
const LINT = 'lint --from-shop --desired catalog.json --contract contract.json';

test('a site without a page: the values of the shop with their products, and a fixture; with its terms a plan creates none', async () => {
  site([], MODELS, []);
  const run = await call(`${LINT} --fixture terms.json`);
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toContain('3 values in the shop without a term:');
  expect(run.stdout).toContain('"Oak" -> oak; 4 products: tool-1, tool-2, tool-3, tool-4');
  expect(run.stdout).toContain('"Glass fibre" -> glass_fibre (the slug is glass-fibre); no product');
  expect(run.stdout).toMatch(/loaddata terms\.json\n {2}sailplan plan .*--adopt/);
  const rows = at.json('terms.json');
  expect(rows).toEqual(
    ['glass_fibre', 'oak', 'steel'].map((key) => ({
      model: 'shed.material',
      fields: { key, label: key === 'glass_fibre' ? 'Glass fibre' : key === 'oak' ? 'Oak' : 'Steel' },
    })),
  );
  // As after loaddata and the next export.
  site(rows.map(({ fields }: AnyDocument) => fields));
  expect((await call(LINT)).stdout).toContain('Every value in the shop has its term.');
  expect((await call(`${LINT} --fixture none.json`)).stdout).toContain('none.json is not written');
  const next = /sailplan (plan .*)/.exec(run.stdout)?.[1] ?? '';
  const planned = await call(`${next} --json`);
  expect(JSON.parse(planned.stdout).summary.by_kind.value).toEqual({ create: 0, update: 1, delete: 0 });
  expect(sandbox.log.counts.mutations).toBe(0);
});

test('a plan of a site without a page stays an error', async () => {
  site([], MODELS, []);
  const run = await call('plan --desired catalog.json --contract contract.json');
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('contains no offering')]);
});

test('without models the terms are listed, nothing is written, and the reason is named', async () => {
  site([], {});
  const run = await call(`${LINT} --fixture terms.json`);
  expect([run.code, run.stdout]).toEqual([
    0,
    expect.stringContaining('Not written: materials. The source names no model'),
  ]);
  expect(at.files()).not.toContain('terms.json');
  site([], { materials: { ...MODELS.materials, needs: ['owner'] } });
  expect((await call(LINT)).stdout).toContain('more than key and label: owner');
});

test('a shop without the contract’s attributes has no value, which is not the same as a term for each', async () => {
  site([]);
  at.write(
    'contract.json',
    JSON.stringify({
      ...CONTRACT,
      attributes: CONTRACT.attributes.map((one) => ({ ...one, slug: 'shed-none' })),
    }),
  );
  expect((await call(LINT)).stdout).toContain('The shop has no value of the contract’s attributes.');
});

test('a token that is not shown every product counts none', async () => {
  site([]);
  const env = { ...shopEnv(sandbox), SALEOR_TOKEN: sandbox.tokens.none };
  const run = await at.call(LINT.split(' '), { env });
  expect([run.code, run.stdout]).toEqual([
    0,
    expect.stringContaining('"Oak" -> oak; products not counted: the token lacks MANAGE_PRODUCTS'),
  ]);
});

test('JSON has each value with its term, and nothing of a file is overwritten', async () => {
  site([{ key: 'oak', label: 'Oak' }]);
  const found = JSON.parse((await call(`${LINT} --format json`)).stdout);
  expect(found).toMatchObject({
    terms: [
      { slug: 'glass-fibre', term: { key: 'glass_fibre' }, needs_adoption: true, products: { count: 0 } },
      { slug: 'steel', term: { key: 'steel' }, needs_adoption: false },
    ],
    without_key: [],
    fixture: [{ model: 'shed.material' }, { model: 'shed.material' }],
  });
  at.write('terms.json', 'mine');
  const refused = await call(`${LINT} --fixture terms.json`);
  expect([refused.code, refused.stderr, at.read('terms.json')]).toEqual([
    1,
    expect.stringContaining('terms.json exists already'),
    'mine',
  ]);
});

test.each([
  ['lint --desired catalog.json --fixture terms.json', '--fixture needs --from-shop'],
  [`${LINT} --format csv`, '--from-shop has no format csv'],
])('%s is refused', async (line, message) => {
  site([]);
  const run = await call(line);
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(message)]);
});
