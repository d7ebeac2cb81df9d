import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

/** What people look at between two commands: states, exit codes and lines that fit. */
let shop: Sandbox;
let env: NodeJS.ProcessEnv;
let at: Workspace;
let id: string;

beforeEach(async () => {
  shop = await startSandbox({ seed: demoShop() });
  env = shopEnv(shop);
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  [id = ''] = at.ids();
});
afterEach(() => shop.close());
afterAll(removeWorkspaces);

const POLICY = { approvals: 2 };

test('a policy that cannot be used breaks no plan: the list says so, and the exit code too', async () => {
  at.write('sailplan.policy.json', JSON.stringify(POLICY));
  const run = await at.call(['status', '--json']);
  expect(run.code).toBe(3);
  expect(JSON.parse(run.stdout)).toMatchObject([
    {
      id,
      state: 'open',
      changes: expect.any(Number),
      detail: expect.stringContaining('the policy cannot be used'),
    },
  ]);
  expect((await at.call(['verify', id])).code).toBe(3);
  const doctor = await at.call(['doctor', '--json'], { env });
  expect(doctor.code).toBe(1);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({ severity: 'error', code: 'policy_refused' }),
  );
});

test('doctor says that a policy can be enforced', async () => {
  at.write(
    'sailplan.policy.json',
    JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: { approvals: 1 } }),
  );
  expect((await at.call(['doctor'], { env })).stdout).toContain('can be enforced');
  expect((await at.call(['status'])).code).toBe(0);
});

test('doctor proposes the plan with the flags that its findings ask for', async () => {
  shop.edit.unassign('credit-pack', 'gsv_badges');
  const { stdout } = await at.call(['doctor', '--desired', 'catalog.json'], { env });
  if (stdout.includes('lacks the attribute'))
    expect(stdout).toMatch(/sailplan plan .*--sync-attributes --sync-products/);
  else expect(stdout).not.toContain('--sync-attributes');
});

test('a long address has a line of its own', async () => {
  await at.shell('rm -r plans');
  const long = `http://127.0.0.1:${new URL(shop.url).port}/graphql/`;
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], {
    env: { ...env, SALEOR_API_URL: long },
  });
  const { stdout } = await at.call(['status']);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toContain(`\n    ${long}\n`);
});

test('show of an altered plan shows it and ends with 3', async () => {
  const path = `plans/${id}/plan.json`;
  at.write(path, at.read(path).replace('"create_missing":true', '"create_missing":false'));
  const run = await at.call(['show', id]);
  expect(run.code).toBe(3);
  expect(run.stdout).toContain('do not trust this plan');
});

test('a terminal of 0 columns and a dumb one get plain lines of 80', async () => {
  const zero = await at.shell(`script -qec 'stty cols 0; $SAILPLAN show ${id}' /dev/null`);
  expect(Math.max(...zero.stdout.split('\n').map(({ length }) => length))).toBeGreaterThan(40);
  const dumb = await at.shell(`script -qec 'TERM=dumb $SAILPLAN show ${id}' /dev/null`);
  expect(dumb.stdout).not.toContain('\u001b[');
});

test('outside a repository a config further up is named, not used', async () => {
  at.write('sailplan.config.json', JSON.stringify({ format: 'sailplan-config', format_version: '1.0' }));
  const run = await at.shell('mkdir -p deep/er && cd deep/er && $SAILPLAN plan', { env });
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/There is \S+\/sailplan\.config\.json: run the command there, or give --config/);
});

test('init keeps the contract, and says what a new terminal needs', async () => {
  await at.shell('cp plans/*/plan.json /dev/null');
  const contract = JSON.parse(at.read(`plans/${id}/plan.json`)).contract;
  at.write('own.json', JSON.stringify(contract));
  const run = await at.call(['init', '--desired', 'catalog.json', '--contract', 'own.json'], { env });
  expect(run).toMatchObject({ code: 0 });
  expect(at.json('sailplan.config.json').contract).toBe('own.json');
  expect(run.stdout).toContain(`SAILPLAN_ALLOWED_ORIGINS=saleor=${new URL(shop.url).origin}`);
  const later = {
    SALEOR_TOKEN: env['SALEOR_TOKEN'] ?? '',
    SAILPLAN_ALLOWED_ORIGINS: new URL(shop.url).origin,
  };
  expect((await at.call(['plan', '--create-missing'], { env: later })).code).toBe(0);
});

test('the contract of the next command is carried along, and a difference is named by rule', async () => {
  const contract = JSON.parse(at.read(`plans/${id}/plan.json`)).contract;
  at.write('own.json', JSON.stringify({ ...contract, metadata: contract.metadata.slice(1) }));
  const run = await at.call(['verify', id, '--contract', 'own.json', '--no-policy']);
  expect(run.code).toBe(3);
  expect(run.stdout).toContain(`they differ in metadata.${contract.metadata[0].key}`);
});
