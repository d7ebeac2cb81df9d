import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { useDemoShop } from '../support/demo-sandbox.ts';
import { createWorkspace, shopEnv, singleErrorOf, type Workspace } from '../support/workspace.ts';

/** `init --ci` for a config that is there: it asks neither end, and changes nothing that a person wrote. */
jest.setTimeout(60_000);
const shop = useDemoShop();

const NOWHERE = { SALEOR_API_URL: 'http://127.0.0.1:9/graphql/', SALEOR_TOKEN: 'token-of-no-shop-0123' };

/** A git repository with the config that init writes without CI. */
async function repository(...words: readonly string[]): Promise<Workspace> {
  const at = createWorkspace();
  execFileSync('git', ['init', '-q', '-b', 'main', at.path]);
  at.write('catalog.json', JSON.stringify(demoExport()));
  const { code } = await at.call(['init', '--desired', 'catalog.json', ...words], {
    env: shopEnv(shop()),
  });
  expect(code).toBe(0);
  return at;
}

const addCi = (at: Workspace, ...words: readonly string[]) =>
  at.call(['init', '--ci', ...words], { env: NOWHERE });

test('CI files for a config that is there, without a request to either end; the policy of init becomes mode merge', async () => {
  const at = await repository();
  expect(at.json('sailplan.policy.json').default).toEqual({ approvals: 1, max_age_hours: 72 });
  const config = at.read('sailplan.config.json');
  const run = await addCi(at, 'github', '--owner', '@acme/shop');
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(at.read('sailplan.config.json')).toBe(config);
  expect(at.json('sailplan.policy.json').default).toMatchObject({ mode: 'merge' });
  expect(at.read('.github/CODEOWNERS')).toBe(
    ['/plans/', '/sailplan.policy.json', '/sailplan.config.json', '/.github/']
      .map((path) => `${path} @acme/shop\n`)
      .join(''),
  );
  expect(at.json('package.json').devDependencies).toEqual({ sailplan: 'file:vendor/sailplan-0.1.0.tgz' });
  // The next command works as printed, and finds nothing that init could have done.
  at.write('package-lock.json', JSON.stringify({ packages: { 'node_modules/sailplan': {} } }));
  at.write('vendor/sailplan-0.1.0.tgz', 'as npm pack makes it');
  const { stdout } = await at.call(['doctor', '--ci', '--json'], { env: NOWHERE });
  const found = JSON.parse(stdout).findings.flatMap((one: { severity: string; code: string }) =>
    one.severity === 'ok' ? [] : [one.code],
  );
  expect(found).toEqual(['ci_forge_unseen']);
});

test('a second call writes nothing', async () => {
  const at = await repository();
  await addCi(at, 'gitlab', '--owner', '@acme/shop');
  const files = at.files();
  const again = await addCi(at, 'gitlab', '--owner', '@acme/shop');
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringContaining('Nothing to write: everything is there.'),
  ]);
  expect(at.files()).toEqual(files);
});

test('what a person wrote stays: workflow, policy, package.json, code owners, ticked checklist', async () => {
  const at = await repository();
  await addCi(at, 'github');
  const mine: Readonly<Record<string, string>> = {
    '.github/workflows/sailplan.yml': '# ours\n',
    'sailplan.policy.json': at.read('sailplan.policy.json').replace('72', '24'),
    'package.json': '{"dependencies": {"sailplan": "0.1.0"}}',
    'sailplan-ci.md': at.read('sailplan-ci.md').replace('[ ]', '[x]'),
    CODEOWNERS: '* @acme/all\n/plans/\n',
  };
  for (const [path, text] of Object.entries(mine)) at.write(path, text);
  const { code, stdout, stderr } = await addCi(at, 'github', '--owner', '@acme/shop');
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('Kept, because it exists: .github/workflows/sailplan.yml, sailplan-ci.md'),
  ]);
  // Only the path that nobody owns is added, at the end, where it counts.
  expect(at.read('CODEOWNERS')).toBe(`${mine['CODEOWNERS']}/plans/ @acme/shop\n`);
  for (const path of Object.keys(mine))
    if (path !== 'CODEOWNERS') expect([path, at.read(path)]).toEqual([path, mine[path]]);
  expect(stdout).toContain('Run `npm install`: CI needs package-lock.json.');
});

test('a config that names further sources gets their tokens passed wherever the site is read', async () => {
  const at = await repository();
  const config = at.json('sailplan.config.json');
  const wagtail = {
    base_url: 'https://cms.example.com/api/v2/',
    v3_base_url: 'https://cms.example.com/api/v3/',
  };
  const lists = {
    capability_registry: 'https://registry.example.com/capabilities',
    control_plane: 'https://control.example.com/offerings',
  };
  at.write('sailplan.config.json', JSON.stringify({ ...config, desired: 'api-v2', wagtail, ...lists }));
  await addCi(at, 'github');
  const workflow = at.read('.github/workflows/sailplan.yml');
  for (const name of ['WAGTAIL_V3_TOKEN', 'CAPABILITY_REGISTRY_TOKEN', 'CONTROL_PLANE_TOKEN']) {
    const input = `${name.toLowerCase().replaceAll('_', '-')}: \${{ secrets.${name} }}`;
    expect(workflow.split(input).length - 1).toBe(workflow.match(/^ +wagtail-token: /gm)?.length);
    expect(at.read('sailplan-ci.md')).toContain(`\`${name}\``);
    for (const action of ['plan', 'check', 'drift'])
      expect(at.read(`.github/actions/sailplan/${action}/action.yml`)).toContain(
        `${name}: \${{ inputs.${name.toLowerCase().replaceAll('_', '-')} }}`,
      );
  }
  const { stdout } = await at.call(['doctor', '--ci', '--json'], { env: NOWHERE });
  expect(stdout).not.toContain('ci_variable_missing');
  // A second call knows its own workflow again.
  expect((await addCi(at, 'github')).stderr).toBe('');
});

test('without --owner no owner is invented; the checklist has the lines', async () => {
  const at = await repository();
  const { stdout } = await addCi(at, 'github');
  expect(at.files()).not.toContain('.github/CODEOWNERS');
  expect(stdout).toContain('`/plans/`, `/sailplan.policy.json`, `/sailplan.config.json`, `/.github/`');
});

test('the checklist is printed and written, and has each name that the workflow uses', async () => {
  for (const [forge, file] of [
    ['github', '.github/workflows/sailplan.yml'],
    ['gitlab', '.gitlab/sailplan.yml'],
  ] as const) {
    const at = await repository();
    const { stdout } = await addCi(at, forge);
    const list = at.read('sailplan-ci.md');
    expect(stdout).toContain(list.trimEnd());
    const workflow = at.read(file);
    const names =
      forge === 'github'
        ? [...workflow.matchAll(/(?:secrets|vars)\.(\w+)|environment: ([\w-]+)/g)].map(
            ([, one, other]) => one ?? other ?? '',
          )
        : [
            'SALEOR_API_URL',
            'SALEOR_READ_TOKEN',
            'SALEOR_TOKEN',
            'GITLAB_TOKEN',
            'SAILPLAN_STEP',
            'sailplan-read',
            'sailplan-write',
          ];
    // A file is no site: nothing asks it with a token.
    for (const name of new Set(names))
      if (name !== 'WAGTAIL_TOKEN')
        expect([forge, list]).toEqual([forge, expect.stringContaining(`\`${name}\``)]);
    expect(names.length).toBeGreaterThan(5);
  }
});

test('several targets in one workflow: each call adds one, with environments of its own', async () => {
  const at = await repository('--target', 'eu', '--ci', 'github');
  const one = at.read('.github/workflows/sailplan.yml');
  for (const target of ['us', 'asia']) expect((await addCi(at, 'github', '--target', target)).code).toBe(0);
  const entry = (name: string) => `          - { name: ${name}, target: '${name}', directory: . }\n`;
  expect(one).toContain(entry('eu'));
  expect(at.read('.github/workflows/sailplan.yml')).toBe(
    one.replace(entry('eu'), ['asia', 'eu', 'us'].map(entry).join('')),
  );
  expect(Object.keys(at.json('sailplan.config.json').targets)).toEqual(['eu', 'us', 'asia']);
  expect(at.json('sailplan.config.json').targets.us).toEqual({ saleor_api_url: NOWHERE.SALEOR_API_URL });
  const shop = at.read('.github/workflows/sailplan-shop.yml');
  const shipped = readFileSync('examples/github/.github/workflows/sailplan.yml', 'utf8');
  const calls = (text: string) => text.match(/uses: \.\/\.github\/actions\/sailplan/g)?.length;
  expect(calls(shop)).toBe(calls(shipped));
  expect(shop.match(/^ +target: \$\{\{ inputs\.target \}\}$/gm)).toHaveLength(calls(shop) ?? 0);
  for (const kind of ['environment', 'concurrency']) {
    const lines = shop.match(new RegExp(`^ {4}${kind}: .*$`, 'gm')) ?? [];
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => !line.endsWith(`-\${{ inputs.name }}`))).toEqual([]);
  }
  const list = at.read('sailplan-ci.md');
  for (const target of ['eu', 'us', 'asia']) expect(list).toContain(`\`sailplan-write-${target}\``);
});

test('GitLab: jobs of several targets have names, environments and resource groups of their own', async () => {
  const at = await repository('--target', 'eu', '--ci', 'gitlab');
  await addCi(at, 'gitlab', '--target', 'us');
  const pipeline = at.read('.gitlab-ci.yml');
  expect(pipeline.match(/local: \.gitlab\/sailplan\.yml/g)).toHaveLength(2);
  expect(pipeline).toMatch(
    /name: us\n +target: 'us'\n +directory: \.\n +read-environment: sailplan-read-us\n/,
  );
  const component = at.read('.gitlab/sailplan.yml');
  const body = component.slice(component.indexOf('\n---\n'));
  const named = body.match(/^\S.*:$/gm) ?? [];
  expect(named.length).toBeGreaterThan(4);
  const ours = [...named, ...(body.match(/^ +(?:extends|needs|resource_group): .*$/gm) ?? [])];
  expect(ours.filter((line) => !line.includes('-$[[ inputs.name ]]'))).toEqual([]);
});

test('an edited config or workflow gets the target from a person, and is told how', async () => {
  const at = await repository('--target', 'eu', '--ci', 'github');
  at.write('sailplan.config.json', at.read('sailplan.config.json').replace(/\n$/, '\n\n'));
  const refused = await addCi(at, 'github', '--target', 'us');
  expect([refused.code, singleErrorOf(refused)]).toEqual([
    1,
    expect.stringContaining('"us": {"saleor_api_url": "http://127.0.0.1:9/graphql/"}'),
  ]);
  const single = await repository();
  expect(singleErrorOf(await addCi(single, 'github', '--target', 'us'))).toContain('one shop without a name');
});

test('a target that cannot name an environment is refused before anything is written', async () => {
  const at = await repository('--target', 'eu');
  const files = at.files();
  for (const name of ['a b', 'x]\nrun: evil', `\${{ secrets.X }}`, "'", '-x'.repeat(30)]) {
    const { code } = await at.call(['init', '--ci', 'github', `--target=${name}`], { env: NOWHERE });
    expect([name, code]).toEqual([name, 1]);
  }
  expect(at.files()).toEqual(files);
});

test('folders of a monorepo share one workflow at the top, and each has files, owners and environments of its own', async () => {
  const at = createWorkspace();
  execFileSync('git', ['init', '-q', '-b', 'trunk', at.path]);
  for (const name of ['eu', 'us']) {
    at.write(`shops/${name}/catalog.json`, JSON.stringify(demoExport()));
    const words = ['init', '--desired', 'catalog.json', '--ci', 'github', '--owner', `@acme/${name}`];
    const run = await at.call(words, { env: shopEnv(shop()), folder: `shops/${name}` });
    expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('Kept')]);
    expect(at.json(`shops/${name}/sailplan.policy.json`).default.merge.ref).toBe('refs/remotes/origin/trunk');
    expect(at.read('.github/CODEOWNERS')).toContain(`/shops/${name}/plans/ @acme/${name}\n`);
    expect(at.read(`shops/${name}/sailplan-ci.md`)).toContain(`\`sailplan-write-${name}\``);
  }
  const workflow = at.read('.github/workflows/sailplan.yml');
  expect(workflow.match(/- \{ name: .*/g)).toEqual([
    "- { name: eu, target: '', directory: shops/eu }",
    "- { name: us, target: '', directory: shops/us }",
  ]);
  const jobs = at.read('.github/workflows/sailplan-shop.yml');
  const calls = jobs.match(/uses: \.\/\.github\/actions\/sailplan/g)?.length;
  expect(jobs.match(/^ +working-directory: \$\{\{ inputs\.directory \}\}$/gm)).toHaveLength(calls ?? 0);
  expect(jobs.match(/^ +base: origin\/trunk$/gm)).toHaveLength(calls ?? 0);
  expect(`${workflow}${jobs}`).not.toMatch(/\bmain\b/);
});

test('two folders of the same name are refused', async () => {
  const at = createWorkspace();
  execFileSync('git', ['init', '-q', '-b', 'main', at.path]);
  const codes = [];
  for (const folder of ['a/eu', 'b/eu']) {
    at.write(`${folder}/catalog.json`, JSON.stringify(demoExport()));
    const words = ['init', '--desired', 'catalog.json', '--ci', 'gitlab'];
    codes.push((await at.call(words, { env: shopEnv(shop()), folder })).code);
  }
  expect(codes).toEqual([0, 1]);
});

test('where .github is a link nothing is written, and why is said', async () => {
  const at = await repository();
  mkdirSync(join(at.path, 'elsewhere'));
  symlinkSync('elsewhere', join(at.path, '.github'));
  const before = at.read('sailplan.policy.json');
  const run = await addCi(at, 'github');
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('behind a symbolic link')]);
  expect([
    at.read('sailplan.policy.json'),
    at.files().filter((path) => path.startsWith('elsewhere')),
  ]).toEqual([before, ['elsewhere/']]);
});

test('examples/three-shops is what init writes for three folders', async () => {
  const at = createWorkspace();
  execFileSync('git', ['init', '-q', '-b', 'main', at.path]);
  const path = 'examples/three-shops';
  const shipped = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', path])
    .toString()
    .split('\n')
    .flatMap((one) => (one === '' ? [] : [one.slice(path.length + 1)]));
  for (const shop of ['asia', 'eu', 'us']) {
    const config = `shops/${shop}/sailplan.config.json`;
    at.write(config, readFileSync(`${path}/${config}`, 'utf8'));
    const run = await at.call(['init', '--ci', 'github', '--owner', `@acme/${shop}`], {
      folder: `shops/${shop}`,
    });
    expect([run.code, run.stderr]).toEqual([0, '']);
  }
  // Its actions are those of this repository.
  const written = at.files().filter((one) => !/^\.git\/|^\.github\/actions\//.test(one));
  if (process.env['UPDATE_GOLDEN'] === '1')
    for (const one of written) {
      mkdirSync(dirname(join(path, one)), { recursive: true });
      writeFileSync(join(path, one), at.read(one));
    }
  expect(shipped.sort()).toEqual([...written].sort());
  for (const one of written)
    expect([one, at.read(one)]).toEqual([one, readFileSync(join(path, one), 'utf8')]);
});
