import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { parseConfig } from '../../src/app/config-file.ts';
import { readPolicy, rulesFor } from '../../src/approval/policy/policy.ts';
import { parseContract } from '../../src/contract/contract.ts';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../src/sandbox/server/server.ts';
import { useDemoShop } from '../support/demo-sandbox.ts';
import { createWorkspace, finalReport, shopEnv, type Workspace } from '../support/workspace.ts';

jest.setTimeout(60_000);
const read = (path: string) => readFileSync(join('examples', path), 'utf8');
const shop = useDemoShop();

/** A copy of an example, with the sandbox in place of the shop of that address, and the demo's catalogue as its site. */
function copy(name: string, address: string): Workspace {
  const at = createWorkspace();
  cpSync(join('examples', name), at.path, { recursive: true });
  at.write('catalog.json', JSON.stringify(demoExport()));
  for (const file of ['sailplan.config.json', 'sailplan.policy.json']) {
    const text = at
      .read(file)
      .replaceAll(address, shop().url)
      .replace('https://cms.example.com/catalog-export/', 'catalog.json');
    writeFileSync(join(at.path, file), text);
  }
  return at;
}

const env = () => ({
  SALEOR_TOKEN: shop().tokens.full,
  SAILPLAN_ALLOWED_ORIGINS: new URL(shop().url).origin,
});

test.each(['one-shop', 'two-shops'])('config and policy of %s are valid', (name) => {
  expect(parseConfig(read(`${name}/sailplan.config.json`), name).format).toBe('sailplan-config');
  expect(readPolicy(readFileSync(join('examples', name, 'sailplan.policy.json'))).default?.approvals).toBe(1);
});

/** The demo shop has one product of the contract's types that no page names. */
const WITHOUT_PAGE = 'warning: 1 product of the contract’s product types has no page: credits-100\n';

test('one shop: what is excluded is no change, and says why; the address in the config needs to be allowed', async () => {
  const at = copy('one-shop', 'https://shop.example.com/graphql/');
  const refused = await at.call(['plan', '--create-missing'], { env: { SALEOR_TOKEN: shop().tokens.full } });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('SAILPLAN_ALLOWED_ORIGINS')]);
  const { code, stdout, stderr } = await at.call(['plan', '--create-missing'], { env: env() });
  expect([code, stderr]).toEqual([0, WITHOUT_PAGE]);
  expect(stdout.replace(/\s+/g, ' ')).toContain('the shop tests another label');
});

test('two shops: a target has its own rules, and a plan for one is refused by the other', async () => {
  const at = copy('two-shops', 'https://shop.example.com/graphql/');
  const made = await at.call(['plan', '--create-missing', '--target', 'production', '--json'], {
    env: env(),
  });
  expect([made.code, made.stderr]).toEqual([0, WITHOUT_PAGE]);
  const { id, plan } = JSON.parse(made.stdout);
  expect(JSON.parse(at.read(plan)).target).toEqual({ name: 'production', api_url: shop().url });
  await at.call(['approve', id, '--as', 'ada@example.com', '--plan-id', id]);
  const applied = await at.call(['apply', id, '--target', 'production', '--json'], { env: env() });
  expect([applied.code, finalReport(applied.stdout).converged]).toEqual([0, true]);
  const wrong = await at.call(['apply', id, '--target', 'staging'], {
    env: { ...env(), SAILPLAN_ALLOWED_ORIGINS: 'https://staging.example.com' },
  });
  expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('staging.example.com')]);
  // Also where the environment has the address: nobody else's rules are taken for those of a name that is not there.
  const unknown = await at.call(['plan', '--target', 'stagin'], { env: env() });
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('Did you mean staging?')]);
  const policy = readPolicy(readFileSync('examples/two-shops/sailplan.policy.json'));
  const production = rulesFor(policy, { name: 'production', api_url: 'https://shop.example.com/graphql/' });
  const staging = rulesFor(policy, { name: 'staging', api_url: 'https://staging.example.com/graphql/' });
  expect([production.max_age_hours, staging.max_age_hours]).toEqual([24, 72]);
});

test('a contract of one’s own: attributes, assignments, values and products, from nothing to converged', async () => {
  expect(parseContract(JSON.parse(read('contract/contract.json')))).toHaveProperty('contract');
  const recorded = await startSandbox();
  try {
    const at = createWorkspace();
    cpSync('examples/contract', at.path, { recursive: true });
    const where = ['--contract', 'contract.json', '--desired', 'catalog.json'];
    const steps = ['--create-attributes', '--sync-attributes', '--sync-products', '--create-missing'];
    const shop = { env: shopEnv(recorded) };
    expect((await at.call(['lint', ...where])).code).toBe(0);
    const { id, summary } = JSON.parse((await at.call(['plan', ...where, ...steps, '--json'], shop)).stdout);
    expect(summary).toMatchObject({ create: 11, update: 2, delete: 0, skipped: 0 });
    await at.call(['approve', id, '--as', 'ada@example.com', '--plan-id', id]);
    const applied = await at.call(
      ['apply', id, '--contract', 'contract.json', '--no-policy', '--json'],
      shop,
    );
    expect([applied.code, finalReport(applied.stdout).converged]).toEqual([0, true]);
    const drift = await at.call(['drift', ...where], shop);
    expect([drift.code, drift.stdout]).toEqual([0, expect.stringContaining('No changes')]);
  } finally {
    await recorded.close();
  }
});
