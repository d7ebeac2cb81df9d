import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** The lists of the Capability Registry and the Control Plane, from flags and config, from files and addresses. */
let at: Workspace;
let sandbox: Sandbox;
let lists: Server;
let address: string;
let seen: { path: string; authorization: string | undefined }[];
beforeEach(async () => {
  at = createWorkspace();
  sandbox = await startSandbox({ seed: shedShop() });
  const contract = JSON.parse((await at.call(['contract', 'print'])).stdout);
  at.write('site.json', JSON.stringify(shedExport()));
  expect(contract.format).toBe('sailplan-contract');
  seen = [];
  lists = createServer((request, response) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    response.end(JSON.stringify({ offerings: [{ id: 'off-1' }, { id: 'off-2', status: 'retired' }] }));
  });
  await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(lists.address() as AddressInfo).port}/offerings`;
});
afterEach(async () => {
  await new Promise((resolve) => lists.close(resolve));
  await sandbox.close();
  removeWorkspaces();
});

/** Pages 1 to 3 with the ids off-1 to off-3; page 1 names version v1. */
function site(): void {
  const document: AnyDocument = JSON.parse(at.read('site.json'));
  document.offerings = document.offerings.slice(0, 3).map((page: AnyDocument, index: number) => ({
    ...page,
    cp_offering_id: `off-${index + 1}`,
    cp_offering_version_id: index === 0 ? 'v1' : null,
  }));
  delete document.content_sha256;
  at.write('site.json', JSON.stringify(document));
  const contract = {
    format: 'sailplan-contract',
    format_version: '1.0',
    name: 'shed',
    naming: 'key',
    product_types: ['tool'],
    attributes: [],
    metadata: [
      { key: 'cp_offering_id', type: 'text', source: 'cp_offering_id', required: true },
      { key: 'cp_offering_version_id', type: 'text', source: 'cp_offering_version_id' },
    ],
  };
  at.write('contract.json', JSON.stringify(contract));
}

const ENV = () => ({ ...shopEnv(sandbox), CONTROL_PLANE_TOKEN: 'control-plane-secret' });
const config = (more: object) =>
  at.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      desired: 'site.json',
      contract: 'contract.json',
      ...more,
    }),
  );
const codes = (plan: AnyDocument) =>
  plan.diagnostics
    .map(({ code, ref }: AnyDocument) => `${code} ${ref}`)
    .filter((one: string) => /^offering/.test(one));

test('pages with an id that the Control Plane lacks or has retired are skipped, and the plan holds the list', async () => {
  site();
  config({});
  const run = await at.call(['plan', '--control-plane', address, '--json'], { env: ENV() });
  expect([run.code, codes(JSON.parse(run.stdout))]).toEqual([
    0,
    ['offering_id_retired product.tool-2', 'offering_id_unknown product.tool-3'],
  ]);
  expect(seen).toEqual([{ path: '/offerings', authorization: 'Bearer control-plane-secret' }]);
  const [id = ''] = at.ids();
  const path = `plans/${id}/plan.json`;
  expect(at.json(path)).toMatchObject({
    control_plane: ['off-1', { id: 'off-2', retired: true }],
    skipped: [{ page_id: expect.anything() }, { page_id: expect.anything() }],
  });
  expect(at.read(path)).not.toContain('control-plane-secret');
  // The list is part of what is approved: another one is another plan.
  expect((await at.call(['verify', id, '--no-policy'], { env: ENV() })).stdout).toMatch(/ok/i);
  at.write(path, at.read(path).replace('"off-1",\n', '"off-1",\n    "off-9",\n'));
  const altered = await at.call(['verify', id, '--no-policy'], { env: ENV() });
  expect([altered.code, altered.stdout + altered.stderr]).toEqual([
    3,
    expect.stringMatching(/altered|digest/),
  ]);
});

test('lint says the same, with versions, from a file that the config names with its own member names', async () => {
  site();
  at.write(
    'ids/control.json',
    JSON.stringify({
      data: [{ key: 'off-1', revisions: ['v2'] }, { key: 'off-2', phase: 'closed' }, { key: 'off-3' }],
      tags: [],
    }),
  );
  config({
    control_plane: 'ids/control.json',
    control_plane_format: {
      ids: '/data',
      id: 'key',
      versions: 'revisions',
      retired: 'phase',
      retired_values: ['closed'],
    },
  });
  const { code, stdout } = await at.call(['lint'], { env: ENV() });
  expect(code).toBe(1);
  expect(stdout).toContain('the Control Plane has no version "v1" of the offering "off-1"');
  expect(stdout).toContain('the Control Plane has retired the offering "off-2"');
  expect(stdout).not.toContain('off-3');
  expect((await at.call(['doctor'], { env: ENV() })).stdout).toContain(
    'the Control Plane lists 3 ids, 1 of them retired',
  );
});

test('an address that only the config names gets no request and no token before it is allowed for its side', async () => {
  site();
  config({ control_plane: address });
  const { origin } = new URL(address);
  const run = (allowed: string, token = true) =>
    at.call(['lint'], {
      env: { ...ENV(), ...(token ? {} : { CONTROL_PLANE_TOKEN: '' }), SAILPLAN_ALLOWED_ORIGINS: allowed },
    });
  for (const allowed of ['', `saleor=${origin}`, `wagtail=${origin}`, `registry=${origin}`, origin]) {
    const refused = await run(allowed);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/Control Plane token is not sent[\s\S]*SAILPLAN_ALLOWED_ORIGINS=control_plane=/),
    ]);
  }
  const bare = await run('', false);
  expect(bare.stderr).toMatch(/only a config file names it[\s\S]*SAILPLAN_ALLOWED_ORIGINS=control_plane=/);
  expect(seen).toEqual([]);
  expect((await run(`control_plane=${origin}`)).stdout).toContain('off-3');
  expect((await run(`saleor=${origin}`, false)).stdout).toContain('off-3');
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer control-plane-secret', undefined]);
});

test('a further header goes only to the list that it names', async () => {
  site();
  config({});
  const got: (string | undefined)[] = [];
  lists.on('request', ({ headers }) => got.push([headers['x-proxy']].flat()[0]));
  const env = { ...ENV(), PROXY_KEY: 'proxy-secret-1' };
  const lint = (header: string) =>
    at.call(['lint', '--control-plane', address, '--header-env', header], { env });
  for (const header of ['X-Proxy=PROXY_KEY', 'registry:X-Proxy=PROXY_KEY', 'saleor:X-Proxy=PROXY_KEY'])
    await lint(header);
  expect((await lint('control_plane:X-Proxy=PROXY_KEY')).stdout).toContain('off-3');
  expect(got).toEqual([undefined, undefined, undefined, 'proxy-secret-1']);
  expect((await lint('control_plane:Authorization=PROXY_KEY')).stderr).toContain('sets this header itself');
});

test('a path of the config that leads out of its repository, and a token in it, are refused', async () => {
  site();
  config({ control_plane: '../control.json' });
  expect((await at.call(['lint'], { env: ENV() })).stderr).toContain(
    'control_plane leads out of the repository',
  );
  config({ control_plane: `${address}?token=control-plane-secret` });
  expect((await at.call(['lint'], { env: ENV() })).stderr).toContain('contains a token');
});

test('storefront asks no registry that only the config names', async () => {
  site();
  config({ capability_registry: address, saleor_channel_slug: 'default-channel' });
  const run = await at.call(['storefront'], { env: shopEnv(sandbox) });
  expect([run.code, run.stderr, seen]).toEqual([
    1,
    expect.stringContaining('only a config file names it'),
    [],
  ]);
});

test('init writes both lists into the config', async () => {
  at.write('control.json', '["off-1"]');
  const words = ['init', '--desired', 'site.json', '--control-plane', 'control.json'];
  expect((await at.call(words, { env: ENV() })).code).toBe(0);
  expect(at.json('sailplan.config.json')).toMatchObject({ control_plane: 'control.json' });
});
