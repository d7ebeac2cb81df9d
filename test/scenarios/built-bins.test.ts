import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { VERSION } from '../../src/core/version.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  createWorkspace,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** Other scenarios call main in their own process; these run the two built programs. */
jest.setTimeout(60_000);
let sandbox: Sandbox;
let at: Workspace;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: demoShop() });
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
});
afterAll(async () => {
  removeWorkspaces();
  await sandbox.close();
});

test.each([
  'cli',
  'sync',
] as const)('%s answers --version and --help on stdout with exit code 0', async (bin) => {
  const version = await at.callBin(['--version'], { bin });
  expect(version).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  const help = await at.callBin(['--help'], { bin });
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain(bin === 'cli' ? 'sailplan' : 'sync_wagtail_to_saleor');
});

test.each(['cli', 'sync'] as const)('%s prints a usage error on stderr with exit code 1', async (bin) => {
  const run = await at.callBin(bin === 'cli' ? ['plan', '--nonsense'] : ['--nonsense'], { bin });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('--nonsense')]);
});

test('sync --dry-run --json finds changes, plan and apply make them, and sync then finds none', async () => {
  const env = shopEnv(sandbox);
  const dryRun = ['--desired', 'catalog.json', '--dry-run', '--create-missing', '--sync-products', '--json'];
  const before = await at.callBin(dryRun, { env, bin: 'sync' });
  expect([before.code, JSON.parse(before.stdout).totals.planned]).toEqual([0, 10]);
  const planned = await at.callBin(['plan', '--desired', 'catalog.json', '--create-missing', '--json'], {
    env,
  });
  expect(planned.code).toBe(0);
  const { id } = JSON.parse(planned.stdout);
  expect((await at.callBin(['apply', id, '--no-policy'], { env })).code).toBe(3);
  await at.callBin(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect((await at.callBin(['apply', id, '--no-policy'], { env })).code).toBe(0);
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true });
  const after = await at.callBin(dryRun, { env, bin: 'sync' });
  expect([after.code, JSON.parse(after.stdout).totals.planned]).toEqual([0, 0]);
});
