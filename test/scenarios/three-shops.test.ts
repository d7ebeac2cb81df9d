import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { BOT, type ForgeWorld, fileOf, openWorld } from '../support/forge/forge-world.ts';
import { type CommandResult, runCommand } from '../support/shop-workspace.ts';

/** Three shops over real HTTP in one repository, a bare repository and the API of the forge. */
jest.setTimeout(180_000);
const NAMES = ['asia', 'eu', 'us'] as const;
type Name = (typeof NAMES)[number];

const MERGE = {
  mode: 'merge',
  merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' },
  max_age_hours: 72,
};
const policy = (more: object = {}) =>
  JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: MERGE, ...more });
const CONFIG = { format: 'sailplan-config', format_version: '1.0' };

interface Shops {
  readonly world: ForgeWorld;
  readonly shops: Readonly<Record<Name, Sandbox>>;
  /** Runs a step of the job of one shop, as its workflow does. */
  step(name: Name, ...words: readonly string[]): Promise<CommandResult>;
}

interface Layout {
  readonly files: (addresses: Readonly<Record<Name, string>>) => Readonly<Record<string, string>>;
  readonly folderOf: (name: Name) => string;
  readonly wordsOf: (name: Name) => readonly string[];
  readonly plansOf: (name: Name) => string;
}

/** What the matrix of the workflow gives each call: a folder, or a target. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  'a folder for each': {
    files: () =>
      Object.fromEntries(
        NAMES.flatMap((name) => [
          [
            `shops/${name}/sailplan.config.json`,
            JSON.stringify({ ...CONFIG, desired: '../../catalog.json' }),
          ],
          [`shops/${name}/sailplan.policy.json`, policy()],
        ]),
      ),
    folderOf: (name) => `shops/${name}`,
    wordsOf: () => [],
    plansOf: (name) => `shops/${name}/plans`,
  },
  'targets of one config': {
    files: (addresses) => ({
      'sailplan.config.json': JSON.stringify({
        ...CONFIG,
        desired: 'catalog.json',
        targets: Object.fromEntries(NAMES.map((name) => [name, { saleor_api_url: addresses[name] }])),
      }),
      'sailplan.policy.json': policy({ targets: { us: { api_url: addresses.us, max_age_hours: 1 } } }),
    }),
    folderOf: () => '.',
    wordsOf: (name) => ['--target', name],
    plansOf: () => 'plans',
  },
};

async function openShops({ files, folderOf, wordsOf }: Layout): Promise<Shops> {
  const started = await Promise.all(NAMES.map(() => startSandbox({ seed: demoShop() })));
  const shops = Object.fromEntries(NAMES.map((name, index) => [name, started[index]])) as Record<
    Name,
    Sandbox
  >;
  const addresses = Object.fromEntries(NAMES.map((name) => [name, shops[name].url])) as Record<Name, string>;
  const world = await openWorld('github', { files: files(addresses) });
  const rights = { contents: 'write', 'pull-requests': 'write', issues: 'write', statuses: 'write' } as const;
  return {
    world,
    shops,
    step: (name, ...words) => {
      const cwd = join(world.clone(), folderOf(name));
      const env = {
        ...world.jobEnv,
        GITHUB_TOKEN: world.token(BOT, rights),
        SALEOR_API_URL: shops[name].url,
        SALEOR_TOKEN: shops[name].tokens.full,
      };
      return runCommand(['ci', ...words, ...wordsOf(name)], cwd, env);
    },
  };
}

const writes = ({ log }: Sandbox): number => log.counts.mutations;

describe.each(Object.entries(LAYOUTS))('%s', (_, layout) => {
  let all: Shops;
  beforeAll(async () => {
    all = await openShops(layout);
  });
  afterAll(async () => {
    await all.world.close();
    for (const name of NAMES) await all.shops[name].close();
  });

  test('each shop gets a plan, a pull request, an apply and a report of its own, whatever the others do', async () => {
    const { world, shops, step } = all;
    for (const name of NAMES) {
      const planned = await step(name, 'plan');
      expect([name, planned.code, planned.err]).toEqual([name, 0, expect.any(String)]);
    }
    const { requests } = world.state;
    expect(requests.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    expect(new Set(requests.map(({ head }) => head)).size).toBe(3);

    // One shop after the other is merged; each apply writes to its own shop only.
    for (const [index, name] of NAMES.entries()) {
      const checked = await step(name, 'check', '--commit', `origin/${requests[index]?.head}`);
      expect([name, checked.code, checked.out]).toEqual([name, 0, expect.stringContaining('is whole')]);
      world.merge(requests[index]?.number ?? 0);
      const before = NAMES.map((one) => writes(shops[one]));
      for (const other of NAMES.filter((one) => one !== name && NAMES.indexOf(one) > index))
        expect([other, (await step(other, 'apply')).code]).toEqual([other, 0]);
      expect(NAMES.map((one) => writes(shops[one]))).toEqual(before);
      const applied = await step(name, 'apply');
      expect([name, applied.code, applied.err]).toEqual([name, 0, expect.any(String)]);
      const changed = NAMES.filter((one, at) => writes(shops[one]) !== before[at]);
      expect(changed).toEqual([name]);
    }
    const reports = NAMES.flatMap((name) =>
      world
        .git(world.bare, 'ls-tree', '-r', '--name-only', 'main', '--', `${layout.plansOf(name)}/`)
        .split('\n')
        .filter((path) => /\/[0-9a-f]{16}\/report\.json$/.test(path)),
    );
    expect(new Set(reports).size).toBe(3);
    for (const path of new Set(reports)) expect(fileOf(world, 'main', path)).toContain('"converged": true');

    // A second apply has nothing to do, and the shops match the site but for the page that is skipped.
    for (const name of NAMES) {
      expect((await step(name, 'apply')).code).toBe(0);
      expect([name, (await step(name, 'drift')).code]).toEqual([name, 1]);
    }
    expect(world.state.issues).toEqual([]);
    for (const name of NAMES) {
      shops[name].edit.setMetadata('churn-watch', 'credits_estimate_max', '31');
      expect([name, (await step(name, 'drift')).code]).toEqual([name, 2]);
    }
    expect(world.state.issues).toHaveLength(3);
  });

  test('a plan of one shop is not applied to another', async () => {
    const { shops, step } = all;
    const before = writes(shops.us);
    // The job of us with the address of us: eu's merged plans are not its business.
    expect((await step('us', 'apply', '--json')).out).not.toContain('"applied"');
    expect(writes(shops.us)).toBe(before);
  });
});
