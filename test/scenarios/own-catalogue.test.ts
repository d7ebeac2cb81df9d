import { afterEach, expect, jest, test } from '@jest/globals';
import { shopForSite } from '../../src/cli/sandbox-seed.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, removeWorkspaces, shopEnv } from '../support/workspace.ts';

/** What a newcomer does with an own catalogue: `sandbox --site FILE`, `init`, and the commands that each step prints. */
jest.setTimeout(60_000);

let sandbox: Sandbox;
afterEach(async () => {
  removeWorkspaces();
  await sandbox.close();
});

const BRANCHES = ['banking', 'health_care', 'retail'];

const CATALOGUE = {
  format: 'catalog-export',
  format_version: 1,
  source: { locale: 'en' },
  taxonomies: {
    branches: BRANCHES.map((key) => ({ key, label: key.replace('_', ' ') })),
    editions: ['team', 'enterprise'].map((key) => ({ key, label: key })),
  },
  offerings: BRANCHES.map((branch, index) => ({
    page_id: 100 + index,
    locale: 'en',
    title: `Agent ${index}`,
    saleor_product_slug: `agent-${index}`,
    branch,
    editions: ['team'],
    on_premise: index === 0,
    claim: `Claim ${index}`,
  })),
};

/** The commands under `Next:`. */
const next = (out: string): readonly string[] =>
  (out.split('Next:\n')[1] ?? '').split('\n').flatMap((line) => /^ {2}sailplan (.*)$/.exec(line)?.[1] ?? []);

test('an own catalogue goes from init to a converged apply by the printed commands', async () => {
  sandbox = await startSandbox({ seed: shopForSite(CATALOGUE) });
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(CATALOGUE));
  const env = shopEnv(sandbox);
  const run = async (words: string): Promise<string> => {
    const { code, stdout, stderr } = await at.call(words.split(' '), { env });
    expect([words, code, code === 0 ? '' : stderr]).toEqual([words, 0, '']);
    return stdout;
  };
  const steps = next(await run('init --desired catalog.json'));
  expect(steps.slice(0, 3)).toEqual(['contract check', 'lint', 'doctor']);
  const empty = await run('plan');
  expect(empty).toContain('No products compared (3 of 3 pages skipped).');
  expect(empty).not.toContain('No changes');
  expect(next(empty)).toEqual(['doctor']);
  const [plan = ''] = next(await run('doctor'));
  expect(plan).toBe(steps.at(-1));
  const [approve = '', apply = ''] = next(await run(plan));
  await run(`${approve} --as ada@shop.example --yes`);
  expect(await run(apply)).toContain('the shop matches the plan.');
  expect((await run('drift')).match(/No changes/g)).toHaveLength(1);
  expect(await run('drift --summary')).toMatch(/^Comparison for /);
});

test('the shop for a site has one product per page, and ignores what is not a page', async () => {
  const page = { title: 'A', saleor_product_slug: 'a' };
  const byId = { title: 'B', saleor_product_id: Buffer.from('Product:7').toString('base64') };
  const offerings = [page, page, byId, byId, { title: 'C' }, 'D', { saleor_product_id: 'no id' }];
  const { products, productTypes } = shopForSite({ offerings });
  expect(products.map(({ pk, slug }) => [pk, slug])).toEqual([
    [undefined, 'a'],
    [7, 'product-7'],
  ]);
  expect(productTypes).toHaveLength(1);
  expect(shopForSite(null).products).toEqual([]);
  sandbox = await startSandbox({ seed: shopForSite({ offerings }) });
});

test('approve asks on a terminal for a name that git does not have', async () => {
  sandbox = await startSandbox({ seed: shopForSite(CATALOGUE) });
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(CATALOGUE));
  const env = shopEnv(sandbox);
  await at.call(['init', '--desired', 'catalog.json'], { env });
  const words = ['--create-missing', '--sync-attributes', '--sync-products', '--create-attributes', '--json'];
  const { id } = JSON.parse((await at.call(['plan', ...words], { env })).stdout);
  const run = await at.shell(`script -qec "$SAILPLAN approve" /dev/null`, {
    env,
    input: `ada@shop.example\n${id}\n`,
  });
  expect(run.stdout).toContain('Your name or email address');
  expect(run.stdout).toContain(`ada@shop.example approves plan ${id}`);
});
