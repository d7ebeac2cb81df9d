import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { createKeyring } from '../support/keyring.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

/** The last word of each command, and that what it names can be typed. */

jest.setTimeout(60_000);

let desk: ShopWorkspace;
beforeEach(async () => {
  desk = await openShopWorkspace();
});
afterEach(() => desk.close());

/** The commands under the last "Next:". */
const named = (out: string): readonly string[] =>
  (out.split('Next:\n')[1] ?? '').split('\n').flatMap((line) => /^ {2}sailplan (.*)$/.exec(line)?.[1] ?? []);
const words = (line: string): readonly string[] =>
  (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));

/** Named, because there is no terminal to ask for the name. */
const signedBy = (line: string) => [...words(line), '--as', 'ada@example.com'];

test('from doctor to apply by what each command names, with the config, target and folder of the first', async () => {
  desk.write('our shop.json', {
    format: 'sailplan-config',
    format_version: '1.0',
    desired: 'catalog.json',
    targets: { staging: { saleor_api_url: desk.env['SALEOR_API_URL'] } },
  });
  desk.env['SAILPLAN_ALLOWED_ORIGINS'] = new URL(desk.sandbox.url).origin;
  delete desk.env['SALEOR_API_URL'];
  const place = ['--config', 'our shop.json', '--target', 'staging'];
  const [plan = ''] = named(await desk.runExpecting(0, 'doctor', '--sync-attributes', ...place));
  expect(plan).toBe("plan --create-missing --sync-attributes --config 'our shop.json' --target staging");
  const [approve = '', apply = ''] = named(await desk.runExpecting(0, ...words(plan), '--out', 'kept here'));
  expect(approve).toMatch(
    /^approve [0-9a-f]{16} --config 'our shop\.json' --target staging --out 'kept here'$/,
  );
  expect(named(await desk.runExpecting(0, ...signedBy(approve), '--yes'))).toEqual([apply]);
  const verified = named(
    await desk.runExpecting(0, ...words(apply.replace(/^apply/, 'verify')), '--no-policy'),
  );
  expect(verified).toEqual([`${apply} --no-policy`]);
  await desk.runExpecting(0, ...words(verified[0] ?? ''));
});

test('a contract of its own, headers and exclusions are carried on, each where it is taken', async () => {
  desk.env['GATE'] = 'gate-secret-0001';
  desk.write('own.json', GTM_V1);
  const sent = '--header-env X-Gate=GATE --header-env X-Two=GATE';
  const drift = await desk.runExpecting(
    2,
    ...words(`drift --desired catalog.json --contract own.json --exclude product.churn-watch ${sent}`),
  );
  const [plan = ''] = named(drift);
  expect(plan).toBe(
    `plan --desired catalog.json --create-missing --exclude product.churn-watch --contract own.json ${sent}`,
  );
  const [approve = '', apply = ''] = named(await desk.runExpecting(0, ...words(plan)));
  expect(approve).toMatch(/ --contract own[.]json$/);
  expect(apply).toMatch(
    /^apply [0-9a-f]{16} --contract own[.]json --header-env X-Gate=GATE --header-env X-Two=GATE$/,
  );
  await desk.runExpecting(0, ...signedBy(approve), '--yes');
  await desk.runExpecting(0, ...words(apply), '--no-policy');
});

test('what is wrong is told with what to do, and drift leads to the plan of it', async () => {
  expect(await desk.runExpecting(1, 'lint', '--desired', 'catalog.json')).toMatch(
    /\nNext: fix the errors in Wagtail.*\n$/,
  );
  const drift = await desk.runExpecting(2, 'drift', '--desired', 'catalog.json', '--adopt');
  expect(named(drift)).toEqual(['plan --desired catalog.json --create-missing --adopt']);
  expect(drift).toMatch(/To keep a difference, add it to ignore in the config\.\n$/);
});

test('drift leads to a plan that assigns attributes only where the shop lacks an assignment', async () => {
  desk.sandbox.edit.unassign('offering', 'gsv_roles');
  expect(named(await desk.runExpecting(2, 'drift', '--desired', 'catalog.json'))).toEqual([
    'plan --desired catalog.json --create-missing --sync-attributes --sync-products',
  ]);
});

test('whoever approves hears whether that is enough', async () => {
  const ring = createKeyring();
  try {
    const people = ['ada', 'max'];
    for (const name of people) ring.make(name);
    const signers = people
      .map((name) => `${name}@example.com namespaces="sailplan" ${ring.publicKey(name)}\n`)
      .join('');
    desk.write('allowed_signers', signers);
    desk.write('sailplan.policy.json', {
      format: 'sailplan-policy',
      format_version: '1.0',
      default: {
        approvals: 2,
        signatures: 'required',
        allowed_signers: { path: 'allowed_signers', sha256: sha256(signers) },
      },
    });
    const { id } = await desk.plan();
    const approve = (name: string, ...more: readonly string[]) =>
      desk.runExpecting(0, 'approve', id, '--as', `${name}@example.com`, '--yes', ...more);
    const sign = (name: string) => approve(name, '--sign', join(ring.folder, name));
    const lacking = /\nThe plan may not be applied yet: it has 1 of 2 approvals[.] Have it approved: .*\n$/;
    expect(await sign('ada')).toMatch(lacking);
    expect(await approve('kim')).toContain('it has 1 of 2 approvals (kim@example.com: it is not signed)');
    expect(named(await sign('max'))).toEqual([`apply ${id}`]);
    expect(await approve('eve', '--reject')).not.toMatch(/Next:|may not be applied yet/);
    desk.write('sailplan.policy.json', '{');
    expect(await approve('kim')).toMatch(/\nThe plan may not be applied yet: .*sailplan\.policy\.json/);
  } finally {
    ring.remove();
  }
});

test('--quiet, --json and other media end with the result', async () => {
  const source = ['--desired', 'catalog.json'];
  for (const quiet of [
    await desk.runExpecting(0, 'doctor', ...source, '--quiet'),
    await desk.runExpecting(0, 'doctor', ...source, '--json'),
    await desk.runExpecting(1, 'lint', ...source, '--quiet'),
    await desk.runExpecting(1, 'lint', ...source, '--format', 'csv'),
    await desk.runExpecting(2, 'drift', ...source, '--format', 'markdown'),
    await desk.runExpecting(0, 'plan', ...source, '--quiet'),
  ])
    expect(quiet).not.toMatch(/^Next:/m);
});
