import { readFileSync } from 'node:fs';
import { afterAll, expect, jest, test } from '@jest/globals';
import { demoExport } from '../../src/sandbox/demo/demo-shop.ts';
import { useDemoShop } from '../support/demo-sandbox.ts';
import { createWorkspace, shopEnv, singleErrorOf, type Workspace } from '../support/workspace.ts';

/** init asks both ends, and writes what a repository needs; nothing before both have answered. */
jest.setTimeout(60_000);
const shop = useDemoShop();
afterAll(() => expect(shop().log.counts.mutations).toBe(0));

function repository(): Workspace {
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  return at;
}
const INIT = ['init', '--desired', 'catalog.json'];

test.each([
  [
    'github',
    {
      '.github/workflows/sailplan.yml': 'examples/github/.github/workflows/sailplan.yml',
      '.github/actions/sailplan/plan/action.yml': '.github/actions/plan/action.yml',
      '.github/actions/sailplan/check/action.yml': '.github/actions/check/action.yml',
      '.github/actions/sailplan/apply/action.yml': '.github/actions/apply/action.yml',
      '.github/actions/sailplan/drift/action.yml': '.github/actions/drift/action.yml',
    },
  ],
  [
    'gitlab',
    { '.gitlab-ci.yml': 'examples/gitlab/.gitlab-ci.yml', '.gitlab/sailplan.yml': 'templates/sailplan.yml' },
  ],
])('--ci %s writes the workflow and what it uses', async (forge, files) => {
  const at = repository();
  const run = await at.callBin([...INIT, '--ci', forge], { env: shopEnv(shop()) });
  for (const [path, shipped] of Object.entries(files)) {
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining(path)]);
    expect(at.read(path)).toBe(readFileSync(shipped, 'utf8'));
  }
  // Whatever the workflow uses of this repository is there.
  const [workflow = ''] = Object.keys(files);
  for (const [, path = ''] of at.read(workflow).matchAll(/(?:uses: \.\/|local: )(\S+)/g))
    expect(at.files().some((name) => name === path || name === `${path}/action.yml`)).toBe(true);
  expect(at.files()).toEqual(
    expect.arrayContaining(['.gitignore', 'sailplan.config.json', 'sailplan.policy.json']),
  );
});

test('with CI files a merge is the approval, and what CI needs is named', async () => {
  const at = repository();
  const run = await at.callBin([...INIT, '--ci', 'github'], { env: shopEnv(shop()) });
  expect(at.json('sailplan.policy.json').default).toMatchObject({ mode: 'merge' });
  for (const name of [
    'SALEOR_READ_TOKEN',
    'WAGTAIL_TOKEN',
    'SAILPLAN_ALLOWED_ORIGINS=saleor=http',
    'npm install',
  ])
    expect(run.stdout).toContain(name);
  expect(at.read('.github/workflows/sailplan.yml')).toMatch(/wagtail-token: [\s\S]*allowed-origins: /);
  const planned = await at.callBin(['plan', '--create-missing'], { env: shopEnv(shop()) });
  expect(planned.stdout).toContain('commit the plan on a branch, and have that merged');
  expect(planned.stdout).not.toContain('sailplan approve');
});

test('init keeps what it was given: target, registry, media, folders', async () => {
  const at = repository();
  at.write('ids.txt', 'summarization\n');
  at.write(
    'rules.json',
    '{"format": "sailplan-policy", "format_version": "1.0", "default": {"approvals": 1}}',
  );
  const given =
    '--target live --capability-registry ids.txt --media-base-url https://media.example.com --out kept --policy rules.json';
  const run = await at.call([...INIT, ...given.split(' ')], { env: shopEnv(shop()) });
  expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
  expect(at.json('sailplan.config.json')).toMatchObject({
    targets: { live: { saleor_api_url: shop().url } },
    capability_registry: 'ids.txt',
    out: 'kept',
    policy: 'rules.json',
    wagtail: { media_base_url: 'https://media.example.com' },
  });
  expect(at.read('.gitignore')).toBe('node_modules/\nkept/.lock-*\n');
  // The next commands work as they are printed.
  const env = { ...shopEnv(shop()), SAILPLAN_ALLOWED_ORIGINS: `saleor=${new URL(shop().url).origin}` };
  const commands = [...run.stdout.matchAll(/^ {2}sailplan (.*)$/gm)].map(([, line = '']) => line);
  expect(commands.length).toBeGreaterThan(2);
  for (const line of commands.filter((one) => !one.startsWith('lint')))
    expect([line, (await at.call(line.split(' '), { env })).code]).toEqual([line, 0]);
});

test('a source outside the repository is refused before anything is written', async () => {
  const at = repository();
  at.write('repo/.git/HEAD', 'ref: refs/heads/main\n');
  const run = await at.shell('cd repo && $SAILPLAN init --desired ../catalog.json', {
    env: shopEnv(shop()),
  });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('desired leads out of the repository')]);
  expect(at.files()).toEqual(['catalog.json', 'repo/.git/HEAD']);
});

test('what is there already is left alone, and told', async () => {
  const at = repository();
  at.write('.gitlab-ci.yml', 'stages: [ours]\n');
  at.write('.gitignore', 'node_modules');
  const run = await at.callBin([...INIT, '--ci', 'gitlab'], { env: shopEnv(shop()) });
  expect([run.code, run.stderr]).toEqual([
    0,
    expect.stringContaining('Kept, because it exists: .gitlab-ci.yml'),
  ]);
  expect(at.read('.gitlab-ci.yml')).toBe('stages: [ours]\n');
  expect(at.read('.gitignore')).toBe('node_modules\nplans/.lock-*\n');
});

test('asked on a terminal, source and forge are typed', async () => {
  const at = repository();
  // Both before the first question is out, as a person pastes.
  const run = await at.shell(`printf 'catalog.json\\ngithub\\n' | script -qec "$SAILPLAN init" /dev/null`, {
    env: shopEnv(shop()),
  });
  expect(run.stdout).toContain('.github/workflows/sailplan.yml');
  expect(at.json('sailplan.config.json')).toMatchObject({ desired: 'catalog.json' });
});

test('where one end does not answer nothing is written', async () => {
  const at = repository();
  const run = await at.callBin([...INIT, '--ci', 'github'], {
    env: { ...shopEnv(shop()), SALEOR_TOKEN: 'wrong-token-0123456789' },
  });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('token')]);
  expect(at.files()).toEqual(['catalog.json']);
});
