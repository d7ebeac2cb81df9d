import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, removeWorkspaces, type Workspace } from '../support/workspace.ts';

/** What init wrote works in a new terminal, in a subfolder, and never because of what a repository brings. */
jest.setTimeout(60_000);
let sandbox: Sandbox;
let desk: Workspace;
let home: string;
beforeEach(async () => {
  sandbox = await startSandbox({ seed: demoShop() });
  desk = createWorkspace();
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sailplan-home-')));
  desk.write('catalog.json', JSON.stringify(demoExport()));
  const config = {
    format: 'sailplan-config',
    format_version: '1.0',
    desired: 'catalog.json',
    saleor_api_url: sandbox.url,
  };
  desk.write('sailplan.config.json', JSON.stringify(config));
});
afterEach(async () => {
  await sandbox.close();
  removeWorkspaces();
  rmSync(home, { recursive: true, force: true });
});

/** A new terminal: only the token is set. */
const dayTwo = () => ({ SALEOR_TOKEN: sandbox.tokens.full, HOME: home });
const origin = () => new URL(sandbox.url).origin;

test('in a subfolder the config, its plans and its policy are those of the top, but never of above the repository', async () => {
  mkdirSync(join(desk.path, '.git'));
  mkdirSync(join(desk.path, 'docs', 'notes'), { recursive: true });
  const policy = {
    format: 'sailplan-policy',
    format_version: '1.0',
    default: { approvals: 1, max_age_hours: 24 },
  };
  desk.write('sailplan.policy.json', JSON.stringify(policy));
  const env = { ...dayTwo(), SAILPLAN_ALLOWED_ORIGINS: origin() };
  const below = { env, folder: 'docs/notes' };
  const planned = await desk.call(['plan', '--create-missing'], below);
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining('Written to ../../plans/')]);
  const id = desk.ids()[0] ?? '';
  const refused = await desk.call(['apply', id], below);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('0 of 1 approval')]);
  // A repository of its own ends the search.
  mkdirSync(join(desk.path, 'docs', '.git'));
  const alone = await desk.call(['plan'], below);
  expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('no source is given')]);
});

test('outside a repository no folder above is looked into', async () => {
  mkdirSync(join(desk.path, 'below'));
  const run = await desk.call(['lint'], { env: dayTwo(), folder: 'below' });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('no source is given')]);
});

test('on a terminal the origin is asked once, and then each new terminal has it', async () => {
  const first = await desk.call(['drift'], { env: dayTwo() });
  expect([first.code, first.stderr]).toEqual([
    1,
    expect.stringContaining(`export SAILPLAN_ALLOWED_ORIGINS=saleor=${origin()}`),
  ]);
  const no = await desk.shell(`printf 'no\\n' | script -qec "$SAILPLAN doctor" /dev/null`, { env: dayTwo() });
  expect(no.stdout).toContain('is not sent to');
  const yes = await desk.shell(`printf 'yes\\n' | script -qec "$SAILPLAN doctor" /dev/null`, {
    env: dayTwo(),
  });
  expect(yes.stdout).toMatch(/Remembered in .*allowed-origins/);
  expect((await desk.call(['drift'], { env: dayTwo() })).code).toBe(2);
});

test('a repository that brings its own list of origins changes nothing', async () => {
  mkdirSync(join(desk.path, '.git'));
  desk.write('.config/sailplan/allowed-origins', `${origin()}\n`);
  for (const env of [{ HOME: desk.path }, { XDG_CONFIG_HOME: join(desk.path, '.config') }]) {
    const run = await desk.call(['drift'], { env: { ...dayTwo(), ...env } });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('is inside the repository')]);
  }
});
