import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createKeyring } from '../support/keyring.ts';
import { emptyShop, shedExport, shedShop } from '../support/tool-shed.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

/** An empty shop is led, in order, to what it lacks; doctor checks this machine too, and proposes only what works. */
jest.setTimeout(60_000);
let at: Workspace;
let sandbox: Sandbox;
beforeEach(async () => {
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(shedExport()));
  sandbox = await startSandbox({ seed: emptyShop() });
});
afterEach(async () => {
  await sandbox.close();
  removeWorkspaces();
});

const call = (line: string, bin: 'cli' | 'sync' = 'cli') =>
  at.call(line.split(' '), { env: shopEnv(sandbox), bin });

test('doctor lists types, attributes and products in the order to create them, and as YAML', async () => {
  const init = (await call('init --desired catalog.json')).stdout;
  expect(init).toMatch(
    /Missing in the shop[\s\S]*offering[\s\S]*5 attributes[\s\S]*4 of 4 pages[\s\S]*tool-1/,
  );
  const env = { ...shopEnv(sandbox), SALEOR_CHANNEL_SLUG: 'default-channel' };
  const { code, stdout } = await at.call(['doctor'], { env });
  expect(code).toBe(1);
  const places = ['1 product type to create', '2. 5 attributes', '4 of 4 pages name a product'].map((text) =>
    stdout.indexOf(text),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(stdout).toContain('Tool 1 (slug tool-1)');
  // No plan can compare anything yet.
  expect(stdout).not.toMatch(/sailplan plan/);
  const yaml = (await at.call(['doctor', '--configurator'], { env })).stdout;
  expect(yaml).toMatch(/^productTypes:\n {2}- name: "offering"$/m);
  expect(yaml.match(/^ {4}slug: "tool-\d"$/gm)).toHaveLength(4);
  // Without a channel no listing is written.
  expect((await call('doctor --configurator')).stdout).not.toContain('channelListings');
  // Published where shoppers look, and not for a price that nobody chose.
  expect(stdout).toContain('4. Each product published with a price in channel default-channel');
  expect(yaml.match(/^ {6}- channel: "default-channel"$/gm)).toHaveLength(4);
  expect(yaml.match(/^ {12}price: # set it$/gm)).toHaveLength(4);
  expect(yaml).not.toMatch(/price: *\d/);
});

test('after the types and products are there, doctor leads to the plan that creates attributes', async () => {
  await call('init --desired catalog.json');
  const { attributes: _, ...seed } = shedShop();
  const bare = await startSandbox({
    seed: {
      ...seed,
      attributes: [],
      productTypes: [{ slug: 'offering', name: 'Offering', attributes: [] }],
      products: seed.products.map((one) => ({ ...one, type: 'offering', metadata: {} })),
    },
  });
  try {
    const run = (line: string) => at.call(line.split(' '), { env: shopEnv(bare) });
    const env = { ...shopEnv(bare), SALEOR_CHANNEL_SLUG: 'default-channel' };
    const doctor = await at.call(['doctor'], { env });
    expect([doctor.code, doctor.stdout]).toEqual([0, expect.not.stringContaining('Missing in the shop')]);
    expect(doctor.stdout).toMatch(/After the apply, sailplan storefront --channel default-channel proves/);
    const plan = /^ {2}sailplan (plan .*)$/m.exec(doctor.stdout)?.[1] ?? '';
    expect((await run(plan)).code).toBe(0);
    const [id] = at.ids();
    await run(`approve ${id} --as ada@example.com --yes`);
    expect((await run(`apply ${id}`)).code).toBe(0);
    expect((await run('drift')).code).toBe(0);
  } finally {
    await bare.close();
  }
});

test('on an empty shop a dry run shows what would come', async () => {
  await call('init --desired catalog.json');
  const dry = await call('--json', 'sync');
  const report = JSON.parse(dry.stdout);
  expect(dry.code).toBe(0);
  expect(report.created_attribute_values.length).toBeGreaterThan(0);
  expect(dry.stderr).toContain('--create-attributes --create-missing');
  expect((await call('--quiet', 'sync')).code).toBe(0);
  expect((await call('--limit 9', 'sync')).stdout).toMatch(
    /add --create-attributes --create-missing to that command\.\n$/,
  );
  expect(sandbox.log.counts.mutations).toBe(0);
});

test('approvers without keys, keys that are not there, and a policy that nobody could fulfil stop doctor', async () => {
  await call('init --desired catalog.json');
  const policy = (rules: object) =>
    at.write(
      'sailplan.policy.json',
      JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: rules }),
    );
  const errors = async () =>
    (JSON.parse((await call('doctor --json')).stdout).findings as { severity: string; message: string }[])
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  policy({ approvals: 2 });
  expect(await errors()).toEqual([
    expect.stringContaining('without signatures one person can write all of them'),
  ]);
  const ring = createKeyring();
  try {
    ring.make('ada');
    const signers = `ada@example.com namespaces="sailplan" ${ring.publicKey('ada')}\n`;
    const pin = { path: 'allowed_signers', sha256: sha256(signers) };
    policy({ approvals: 2, signatures: 'required', allowed_signers: pin });
    expect(await errors()).toEqual([expect.stringContaining('is not there')]);
    at.write('allowed_signers', signers);
    expect(await errors()).toEqual([expect.stringMatching(/2 approvals .*allowed_signers.* 1 /)]);
    policy({ approvals: 1, signatures: 'required', allowed_signers: pin });
    expect(await errors()).toEqual([]);
  } finally {
    ring.remove();
  }
});

test('a config or contract that cannot be used is a finding', async () => {
  at.write('sailplan.config.json', '{"format": "sailplan-config", "format_version": "1.0", "contrat": "x"}');
  const { code, stdout } = await call('doctor');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^ERROR .*"contrat"\. Did you mean contract\?/)]);
});
