import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../src/sandbox/server/server.ts';
import { logCommandIn, logLines, parseXml } from '../support/ci-readers.ts';
import { useDemoShop } from '../support/demo-sandbox.ts';
import { BOT, openWorld } from '../support/forge/forge-world.ts';
import { runCommand } from '../support/shop-workspace.ts';
import { createWorkspace, exportWith, shopEnv, type Workspace } from '../support/workspace.ts';

/** What a CI system shows of lint, drift, contract check and verify. */
jest.setTimeout(60_000);
const shop = useDemoShop();

const CONFIG = {
  format: 'sailplan-config',
  format_version: '1.0',
  desired: 'catalog.json',
  wagtail: { admin_url: 'https://cms.example.com/admin/' },
};

/** A repository whose shop lies in a folder of its own. */
function monorepo(
  catalog = JSON.stringify(demoExport()),
  config: object = CONFIG,
): Workspace & { at: string } {
  const workspace = createWorkspace();
  mkdirSync(join(workspace.path, '.git'));
  workspace.write('shop/catalog.json', catalog);
  workspace.write('shop/sailplan.config.json', JSON.stringify(config));
  return { ...workspace, at: join(workspace.path, 'shop') };
}

const run = (at: Workspace, words: string, env: NodeJS.ProcessEnv = {}) =>
  at.call(words.split(' '), { folder: 'shop', env: { ...shopEnv(shop()), ...env } });

const commandsIn = (log: string) => logLines(log).flatMap((line) => logCommandIn(line) ?? []);

/** A page whose title is a command to the log. */
const FORGING = exportWith((document) => {
  document.offerings[0].title = 'A\n::stop-commands::x ##[add-mask]y ]]> | `';
  document.offerings[0].cp_offering_id = '';
});

test('lint --format github: annotations with the editor’s address, a table in the job summary, exit 1', async () => {
  const at = monorepo(FORGING);
  const { code, stdout } = await run(at, 'lint --format github', { GITHUB_STEP_SUMMARY: 'summary.md' });
  expect(code).toBe(1);
  const commands = commandsIn(stdout);
  expect(commands.map(({ name }) => name).filter((name) => name !== 'error' && name !== 'warning')).toEqual(
    [],
  );
  expect(commands.some(({ data }) => data.includes('https://cms.example.com/admin/pages/'))).toBe(true);
  const summary = at.read('shop/summary.md');
  expect(summary).toContain('| page | title | severity | code | message |');
  expect(summary).toContain('](<https://cms.example.com/admin/pages/');
  expect(logLines(summary).flatMap((line) => logCommandIn(line) ?? [])).toEqual([]);
});

test('a secret is removed in every format, however the format writes its characters', async () => {
  const secret = 'se%25cr&t<"0123456789';
  const at = monorepo(
    exportWith((document) => {
      document.offerings[0].title = `it has ${secret} in it`;
      document.offerings[0].cp_offering_id = '';
    }),
  );
  for (const format of ['github', 'junit', 'sarif']) {
    const { stdout } = await run(at, `lint --format ${format}`, {
      WAGTAIL_TOKEN: secret,
      GITHUB_STEP_SUMMARY: 'sum.md',
    });
    expect([format, stdout]).toEqual([format, expect.not.stringMatching(/0123456789/)]);
    expect([format, stdout]).toEqual([format, expect.stringContaining('it has ')]);
  }
  expect(at.read('shop/sum.md')).not.toContain('0123456789');
});

test('lint --format sarif: each finding at the config from the top of the repository', async () => {
  const { code, stdout } = await run(monorepo(FORGING), 'lint --format sarif');
  expect(code).toBe(1);
  const uris = JSON.parse(stdout).runs[0].results.map(
    (one: { locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      one.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  expect([...new Set(uris)]).toEqual(['shop/sailplan.config.json']);
});

test('drift --format junit: one failed case for each resource that differs, exit 2; after an apply none', async () => {
  const own = await startSandbox({ seed: demoShop() });
  try {
    const at = monorepo();
    const env = { ...shopEnv(own), GITHUB_STEP_SUMMARY: 'summary.md' };
    const drifted = await run(at, 'drift --format junit', env);
    expect(drifted.code).toBe(2);
    const { attributes, children } = parseXml(drifted.stdout).children[0] ?? {};
    const differing = children?.filter(({ children: [first] }) => first?.name === 'failure') ?? [];
    expect(attributes?.['failures']).toBe(String(differing.length));
    expect(differing.length).toBeGreaterThan(3);
    expect(differing.map(({ attributes: { name } }) => name).join()).toContain('product.');
    // Only `github` writes the page of the run.
    expect(at.files()).not.toContain('shop/summary.md');

    const github = await run(at, 'drift --format github', env);
    expect(github.code).toBe(2);
    expect(commandsIn(github.stdout).filter(({ name }) => name === 'warning')).toHaveLength(10);
    expect(at.read('shop/summary.md')).toContain('Products');

    await run(at, 'plan --create-missing', env);
    await run(at, 'apply --no-policy', env);
    await run(
      at,
      `approve ${
        at
          .files()
          .find((name) => name.endsWith('plan.json'))
          ?.split('/')[2]
      } --as kim --yes`,
      env,
    );
    expect((await run(at, 'apply --no-policy', env)).code).toBe(0);
    const clean = await run(at, 'drift --format junit', env);
    // The page that the demo cannot compare stays, and is what makes the exit code 1.
    expect(clean.code).toBe(1);
    expect(clean.stdout.match(/<failure type="\w+"/g)).toHaveLength(1);
    expect(clean.stdout).not.toContain('<failure type="drift_');
  } finally {
    await own.close();
  }
});

test('ci drift: annotations, the page of the run, and a JUnit report where the job asks for one', async () => {
  const world = await openWorld('github');
  try {
    const folder = world.clone();
    const token = world.token(BOT, { contents: 'write', 'pull-requests': 'write', issues: 'write' });
    const env = {
      ...world.jobEnv,
      SALEOR_API_URL: world.desk.env['SALEOR_API_URL'],
      SALEOR_TOKEN: world.desk.env['SALEOR_TOKEN'],
      GITHUB_TOKEN: token,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      SAILPLAN_JUNIT: join(folder, 'drift.xml'),
    };
    const { code, out } = await runCommand(['ci', 'drift'], folder, env);
    expect(code).toBe(2);
    expect(commandsIn(out).filter(({ name }) => name === 'warning')).toHaveLength(10);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('Products');
    const suite = parseXml(readFileSync(join(folder, 'drift.xml'), 'utf8')).children[0];
    expect(Number(suite?.attributes['failures'])).toBeGreaterThan(10);
    // A plan says which pages it skips, and passes.
    const planned = await runCommand(['ci', 'plan'], folder, {
      ...env,
      SAILPLAN_JUNIT: join(folder, 'plan.xml'),
    });
    expect([planned.code, commandsIn(planned.out).map(({ name }) => name)]).toEqual([
      0,
      expect.arrayContaining(['warning']),
    ]);
    expect(commandsIn(planned.out).map(({ name }) => name)).not.toContain('error');
    expect(parseXml(readFileSync(join(folder, 'plan.xml'), 'utf8')).children[0]?.attributes['failures']).toBe(
      '0',
    );
    // A run that proposes nothing new says so on its page, and so does one without changes.
    const page = join(folder, 'plan.md');
    await runCommand(['ci', 'plan'], folder, { ...env, GITHUB_STEP_SUMMARY: page });
    expect(readFileSync(page, 'utf8')).toMatch(
      /^Plan `?[0-9a-f]{16}`? is proposed already: \[request \d+\]\(<http/,
    );
    const json = await runCommand(['ci', 'plan', '--json'], folder, env);
    expect(() => JSON.parse(json.out)).not.toThrow();
    const unwritable = await runCommand(['ci', 'drift'], folder, {
      ...env,
      SAILPLAN_JUNIT: '/proc/none/x.xml',
    });
    expect([unwritable.code, unwritable.err]).toEqual([2, expect.stringContaining('warning: ')]);
  } finally {
    await world.close();
  }
});

test('contract check --format github: file and line of what does not fit', async () => {
  const contract = JSON.parse(JSON.stringify(GTM_V1));
  contract.metadata[0].source = 'no_such_field';
  const at = monorepo(undefined, { ...CONFIG, contract: 'sailplan.contract.json' });
  at.write('shop/sailplan.contract.json', JSON.stringify(contract, null, 2));
  const { code, stdout } = await run(at, 'contract check --format github');
  expect(code).toBe(1);
  const line =
    JSON.stringify(contract, null, 2)
      .split('\n')
      .findIndex((one) => one.includes('"no_such_field"')) + 1;
  expect(commandsIn(stdout)).toContainEqual(
    expect.objectContaining({
      name: 'error',
      properties: expect.objectContaining({ file: 'shop/sailplan.contract.json', line: String(line) }),
    }),
  );
});

test('verify: each reason why a plan may not be applied', async () => {
  const at = monorepo();
  await run(at, 'plan --create-missing');
  const refused = await run(at, 'verify --format junit --no-policy');
  expect(refused.code).toBe(3);
  const { children } = parseXml(refused.stdout).children[0] ?? {};
  expect(children?.[0]?.children[0]?.attributes['type']).toBe('plan_not_approved');
});

test('in a workflow, why a command failed is an annotation of the run', async () => {
  const at = monorepo('{}');
  const { code, stderr } = await run(at, 'lint', { GITHUB_ACTIONS: 'true' });
  expect(code).toBe(1);
  expect(commandsIn(stderr)).toEqual([
    expect.objectContaining({
      name: 'error',
      properties: { title: 'sailplan' },
      data: expect.stringContaining('catalog.json'),
    }),
  ]);
  expect(commandsIn((await run(at, 'lint')).stderr)).toEqual([]);
  at.write(
    'shop/sailplan.config.json',
    '{\n  "format": "sailplan-config",\n  "format_version": "1.0",\n  "wagtail": {\n "admin_url": 5}\n}',
  );
  const wrong = await run(at, 'lint', { GITHUB_ACTIONS: 'true' });
  expect(commandsIn(wrong.stderr)[0]?.properties).toEqual({
    file: 'shop/sailplan.config.json',
    line: '5',
    title: 'sailplan',
  });
});

test('a summary that cannot be written is a note, and the result is the same', async () => {
  const at = monorepo(FORGING);
  mkdirSync(join(at.at, 'folder'));
  chmodSync(join(at.at, 'folder'), 0o755);
  for (const path of ['folder', 'absent/summary.md', '/proc/version']) {
    const { code, stdout, stderr } = await run(at, 'lint --format github', { GITHUB_STEP_SUMMARY: path });
    expect([path, code, commandsIn(stdout).length > 0]).toEqual([path, 1, true]);
    expect([path, stderr]).toEqual([path, expect.stringContaining('warning: the job summary')]);
  }
});

test('the summary of a step stays under 1 MiB, with what is there already, and says what is not in it', async () => {
  const many = exportWith((document) => {
    const [page] = document.offerings;
    document.offerings = Array.from({ length: 6_000 }, (_, index) => ({
      ...structuredClone(page),
      page_id: 1_000 + index,
      title: `Page ${index} ${'long '.repeat(40)}`,
      cp_offering_id: '',
    }));
  });
  const at = monorepo(many);
  at.write('shop/summary.md', `${'before '.repeat(10_000)}\n`);
  const { code, stderr } = await run(at, 'lint --format github', { GITHUB_STEP_SUMMARY: 'summary.md' });
  expect([code, stderr]).toEqual([1, expect.any(String)]);
  const summary = at.read('shop/summary.md');
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
  expect(Buffer.byteLength(summary)).toBeGreaterThan(900_000);
  expect(summary).toMatch(/more findings not shown here/);
  at.write('shop/summary.md', 'x'.repeat(1024 * 1024 - 100));
  const full = await run(at, 'lint --format github', { GITHUB_STEP_SUMMARY: 'summary.md' });
  expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('the summary of this step is full')]);
  expect(at.read('shop/summary.md')).toHaveLength(1024 * 1024 - 100);
});
