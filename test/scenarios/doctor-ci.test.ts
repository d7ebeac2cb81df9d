import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { logCommandIn, logLines } from '../support/ci-readers.ts';
import { type AnyDocument, createWorkspace, removeWorkspaces, type Workspace } from '../support/workspace.ts';

/** `doctor --ci`: from the checkout and the environment alone. No test here has a shop or a site. */
jest.setTimeout(60_000);
afterAll(removeWorkspaces);

const PIN = '@11bd71901bbe5b1630ceea73d27597364c9af683';
const CHECKOUT = `      - uses: actions/checkout${PIN} # v4.2.2
        with:
          ref: main
          fetch-depth: 0
          persist-credentials: false
      - run: npm ci --ignore-scripts`;
const READ = `        env:
          GITHUB_TOKEN: \${{ github.token }}
          SALEOR_API_URL: \${{ secrets.SALEOR_API_URL }}
          SALEOR_TOKEN: \${{ secrets.SALEOR_READ_TOKEN }}
          WAGTAIL_TOKEN: \${{ secrets.WAGTAIL_TOKEN }}
          SAILPLAN_ALLOWED_ORIGINS: \${{ vars.SAILPLAN_ALLOWED_ORIGINS }}`;
const WORKFLOW = `name: sailplan
on:
  schedule:
    - cron: '17 5 * * 1-5'
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  plan:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions: { contents: write, pull-requests: write }
    steps:
${CHECKOUT}
      - run: npx sailplan ci plan
${READ}
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
${CHECKOUT}
      - run: npx sailplan ci check
  drift:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions: { issues: write }
    steps:
${CHECKOUT}
      - run: npx sailplan ci drift
${READ}
  apply:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: sailplan-write
    concurrency: { group: shop, cancel-in-progress: false }
    permissions: { contents: write, pull-requests: write }
    steps:
${CHECKOUT}
      - uses: acme/sailplan/.github/actions/apply${PIN} # v1.0.0
        with:
          saleor-api-url: \${{ secrets.SALEOR_API_URL }}
          saleor-token: \${{ secrets.SALEOR_TOKEN }}
  other:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
`;

const CONFIG = {
  format: 'sailplan-config',
  format_version: '1.0',
  desired: 'https://cms.example.com/catalog-export/',
  saleor_api_url: 'https://shop.example.com/graphql/',
};
const POLICY = {
  format: 'sailplan-policy',
  format_version: '1.0',
  default: { mode: 'merge', merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' } },
};
const LOCK = {
  name: 'shop',
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/sailplan': { version: '0.1.0' } },
};

/** A repository in which nothing is wrong but what cannot be seen without a token. */
function repository(): Workspace {
  const at = createWorkspace();
  execFileSync('git', ['init', '-q', '-b', 'main', at.path]);
  at.write('.github/workflows/sailplan.yml', WORKFLOW);
  at.write('.github/CODEOWNERS', '* @acme/shop\n');
  at.write('.gitattributes', 'plans/** -text\n');
  at.write('.gitignore', 'node_modules/\nplans/.lock-*\n');
  at.write('sailplan.config.json', JSON.stringify(CONFIG));
  at.write('sailplan.policy.json', JSON.stringify(POLICY));
  at.write('package.json', '{}');
  at.write('package-lock.json', JSON.stringify(LOCK));
  return at;
}

async function problemsOf(at: Workspace, env: NodeJS.ProcessEnv = {}): Promise<readonly AnyDocument[]> {
  const { code, stdout, stderr } = await at.call(['doctor', '--ci', '--json'], { env });
  const { ok, findings } = JSON.parse(stdout || stderr);
  expect([code, ok]).toEqual(ok ? [0, true] : [1, false]);
  return findings.filter(({ severity }: AnyDocument) => severity !== 'ok');
}

const codesOf = async (at: Workspace, env?: NodeJS.ProcessEnv) =>
  (await problemsOf(at, env)).map(({ code }) => code);

/** Of every repository here: nobody gave a token of the forge. */
const UNSEEN = 'ci_forge_unseen';

test('a set-up that works has no problem but what cannot be seen', async () => {
  expect(await codesOf(repository())).toEqual([UNSEEN]);
});

const CHANGES: readonly (readonly [string, string, (workflow: string) => string])[] = [
  ['ci_variable_missing', 'SALEOR_TOKEN: ', (text) => text.replace(/ {10}SALEOR_TOKEN: .*\n/, '')],
  [
    'ci_variable_missing',
    'SAILPLAN_ALLOWED_ORIGINS',
    (text) => text.replace(/ {10}SAILPLAN_ALLOWED_ORIGINS: .*/, ''),
  ],
  ['ci_variable_missing', 'WAGTAIL_TOKEN', (text) => text.replace(/ {10}WAGTAIL_TOKEN: .*\n/, '')],
  ['ci_variable_missing', 'job apply', (text) => text.replace(/ {10}saleor-token: .*\n/, '')],
  [
    'ci_secrets_for_forks',
    'pull_request.',
    (text) => text.replace('  pull_request:', '  pull_request_target:'),
  ],
  [
    'ci_check_has_secrets',
    'SALEOR_TOKEN',
    (text) => text.replace('npx sailplan ci check', `npx sailplan ci check\n${READ}`),
  ],
  ['ci_rights_not_limited', 'job check', (text) => text.replace('permissions:\n  contents: read\n', '')],
  ['ci_right_missing', 'issues: write', (text) => text.replace('    permissions: { issues: write }\n', '')],
  ['ci_history_incomplete', 'fetch-depth: 0', (text) => text.replace('          fetch-depth: 0\n', '')],
  [
    'ci_apply_cancelled',
    'job apply',
    (text) => text.replace('cancel-in-progress: false', 'cancel-in-progress: true'),
  ],
  ['ci_no_timeout', 'timeout-minutes', (text) => text.replace('    timeout-minutes: 30\n', '')],
  ['ci_no_environment', 'job apply', (text) => text.replace('    environment: sailplan-write\n', '')],
  [
    'ci_token_in_checkout',
    'job check',
    (text) => text.replaceAll('          persist-credentials: false\n', ''),
  ],
  [
    'ci_action_not_pinned',
    'actions/checkout@v4',
    (text) => text.replace(`actions/checkout${PIN}`, 'actions/checkout@v4'),
  ],
  [
    'ci_branch_differs',
    'refs/remotes/origin/release',
    (text) => text.replace('branches: [main]', 'branches: [release]'),
  ],
  ['ci_file_unreadable', 'YAML', (text) => `${text}\n\t- :::`],
];

test.each(CHANGES)('%s, which names %s, and nothing else', async (code, named, change) => {
  const at = repository();
  expect(change(WORKFLOW)).not.toBe(WORKFLOW);
  at.write('.github/workflows/sailplan.yml', change(WORKFLOW));
  const found = (await problemsOf(at)).filter((one) => one.code !== UNSEEN && one.code !== 'ci_no_pipeline');
  expect(found.map((one) => one.code)).toEqual([code]);
  expect(`${found[0]?.message} ${found[0]?.fix}`).toContain(named.trim());
  expect(found[0]?.place).toMatchObject({ file: '.github/workflows/sailplan.yml' });
});

test('what is missing is proposed as the step takes it: a variable, or an input of the action', async () => {
  const at = repository();
  at.write(
    '.github/workflows/sailplan.yml',
    WORKFLOW.replace(/ {10}SALEOR_TOKEN: .*\n/, '').replace(/ {10}saleor-token: .*\n/, ''),
  );
  const fixes = (await problemsOf(at))
    .filter(({ code }) => code === 'ci_variable_missing')
    .map(({ fix }) => fix);
  expect(fixes).toEqual([
    `Add to "env" of the step: SALEOR_TOKEN: \${{ secrets.SALEOR_READ_TOKEN }}`,
    `Add to "with" of the step: saleor-token: \${{ secrets.SALEOR_TOKEN }}`,
  ]);
});

test('a place is the line of the job', async () => {
  const at = repository();
  at.write('.github/workflows/sailplan.yml', WORKFLOW.replace('    environment: sailplan-write\n', ''));
  const { stdout } = await at.call(['doctor', '--ci', '--format', 'github']);
  const line = WORKFLOW.split('\n').indexOf('  apply:') + 1;
  const commands = logLines(stdout).flatMap((one) => logCommandIn(one) ?? []);
  expect(commands.map(({ properties }) => properties['line'])).toContain(String(line));
});

test.each<[string, (at: Workspace) => void, readonly string[]]>([
  ['no CODEOWNERS', (at) => rmSync(join(at.path, '.github/CODEOWNERS')), ['ci_no_code_owners']],
  [
    'codeowners in lower case',
    (at) => renameSync(join(at.path, '.github/CODEOWNERS'), join(at.path, '.github/codeowners')),
    ['ci_code_owners_name'],
  ],
  [
    'owners of other paths only',
    (at) => at.write('.github/CODEOWNERS', 'Plans/ @a\n/docs/ @b\n*.json\n'),
    ['ci_not_owned', 'ci_not_owned', 'ci_not_owned', 'ci_not_owned'],
  ],
  [
    'a later rule that takes the owners away',
    (at) => at.write('.github/CODEOWNERS', '* @a\n/plans/\n'),
    ['ci_not_owned'],
  ],
  [
    'a rule for each',
    (at) => at.write('.github/CODEOWNERS', '# ours\n/plans/ @a # all\nsailplan.*.json @a\n/.github/ @a\n'),
    [],
  ],
  ['no policy', (at) => rmSync(join(at.path, 'sailplan.policy.json')), ['ci_no_policy']],
  [
    'a policy of approvals',
    (at) => at.write('sailplan.policy.json', JSON.stringify({ ...POLICY, default: { approvals: 1 } })),
    ['ci_policy_mode'],
  ],
  ['a policy that cannot be read', (at) => at.write('sailplan.policy.json', '{'), ['policy_refused']],
  ['no package.json', (at) => rmSync(join(at.path, 'package.json')), ['ci_no_package']],
  ['no lock file', (at) => rmSync(join(at.path, 'package-lock.json')), ['ci_no_lock_file']],
  [
    'the file that package.json names is missing',
    (at) => at.write('package.json', '{"devDependencies":{"sailplan":"file:vendor/sailplan-0.1.0.tgz"}}'),
    ['ci_package_file_missing'],
  ],
  ['a lock file without sailplan', (at) => at.write('package-lock.json', '{}'), ['ci_package_missing']],
  ['line ends are converted', (at) => at.write('.gitattributes', '* text=auto\n'), ['ci_line_ends']],
  ['plans are ignored', (at) => at.write('.gitignore', 'plans\n'), ['ci_plans_ignored']],
  ['plans are ignored and kept', (at) => at.write('.gitignore', 'plans/*\n!plans/*/\n'), []],
  ['no workflow', (at) => rmSync(join(at.path, '.github/workflows/sailplan.yml')), ['ci_no_pipeline']],
  ['a config that cannot be read', (at) => at.write('sailplan.config.json', '{'), ['config_invalid']],
  [
    '.github is a link',
    (at) => {
      renameSync(join(at.path, '.github'), join(at.path, 'forge'));
      symlinkSync('forge', join(at.path, '.github'));
    },
    ['ci_link', 'ci_no_pipeline'],
  ],
])('%s', async (_, change, codes) => {
  const at = repository();
  change(at);
  expect((await codesOf(at)).filter((code) => code !== UNSEEN)).toEqual(codes);
});

test('in a folder of a monorepo: paths and files are those of the repository', async () => {
  const at = repository();
  for (const name of ['sailplan.config.json', 'sailplan.policy.json', 'package.json', 'package-lock.json'])
    at.write(`shops/eu/${name}`, at.read(name));
  for (const name of ['sailplan.config.json', 'sailplan.policy.json', 'package.json', 'package-lock.json'])
    rmSync(join(at.path, name));
  at.write('.github/CODEOWNERS', '/shops/eu/ @a\n/.github/ @a\n');
  const { stdout } = await at.shell('cd shops/eu && $SAILPLAN doctor --ci --json');
  const codes = JSON.parse(stdout).findings.flatMap((one: AnyDocument) =>
    one.severity === 'ok' ? [] : [one.code],
  );
  // Only that of the top keeps line ends.
  expect(codes).toEqual(['ci_line_ends', UNSEEN]);
});

test('in a job without a token of the forge that is said', async () => {
  const env = { GITHUB_ACTIONS: 'true' };
  expect(await codesOf(repository(), env)).toEqual(['ci_no_forge_token', UNSEEN]);
  expect(await codesOf(repository(), { ...env, GITHUB_TOKEN: 'token-of-the-forge-0123' })).toEqual([UNSEEN]);
});

/** The API of a forge, as its public documentation describes these reads; a path that is not listed answers 404. */
async function withForge(
  answers: Readonly<Record<string, unknown>>,
  work: (address: string, calls: string[]) => Promise<void>,
): Promise<void> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(
      `${request.method} ${request.url} ${request.headers.authorization ?? request.headers['private-token']}`,
    );
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'Not Found' }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  try {
    await work(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, calls);
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}

const TOKEN = 'token-of-the-forge-0123';
const GITHUB = { GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: 'acme/shop' };
const BRANCH = '/repos/acme/shop/branches/main';
const ENVIRONMENTS = '/repos/acme/shop/environments?per_page=100';
const environments = (name: string, policy: object | null) => ({
  total_count: 1,
  environments: [{ id: 1, name, deployment_branch_policy: policy }],
});
const ONLY_SOME = { protected_branches: true, custom_branch_policies: false };

test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  [
    'everything is set',
    { [BRANCH]: { protected: true }, [ENVIRONMENTS]: environments('sailplan-write', ONLY_SOME) },
    [],
  ],
  [
    'an unprotected branch, an environment for every branch',
    { [BRANCH]: { protected: false }, [ENVIRONMENTS]: environments('sailplan-write', null) },
    ['ci_branch_unprotected', 'ci_environment_open'],
  ],
  [
    'a name in another case',
    { [BRANCH]: { protected: true }, [ENVIRONMENTS]: environments('Sailplan-Write', ONLY_SOME) },
    ['ci_environment_missing'],
  ],
  [
    'more environments than one page has',
    {
      [BRANCH]: { protected: true },
      [ENVIRONMENTS]: { ...environments('other', ONLY_SOME), total_count: 101 },
    },
    [UNSEEN],
  ],
  ['a token that may see nothing', {}, [UNSEEN, UNSEEN]],
  [
    'an answer of another shape',
    { [BRANCH]: { protected: 'yes' }, [ENVIRONMENTS]: { environments: 7 } },
    [UNSEEN, UNSEEN],
  ],
])('with a token of GitHub: %s', async (_, answers, codes) => {
  await withForge(answers, async (address, calls) => {
    expect(await codesOf(repository(), { ...GITHUB, GITHUB_API_URL: address })).toEqual(codes);
    // Reads only, each with the token.
    expect(calls).toEqual([`GET ${BRANCH} Bearer ${TOKEN}`, `GET ${ENVIRONMENTS} Bearer ${TOKEN}`]);
  });
});

test('a forge that cannot be asked hides nothing else', async () => {
  const codes = await codesOf(repository(), { ...GITHUB, GITHUB_API_URL: 'http://127.0.0.1:9' });
  expect(codes).toEqual(['unreachable']);
});

test('with a token of GitLab: branch and environments', async () => {
  const at = repository();
  rmSync(join(at.path, '.github'), { recursive: true });
  at.write('CODEOWNERS', '* @acme/shop\n');
  at.write(
    '.gitlab-ci.yml',
    'variables: { GIT_DEPTH: 0 }\napply:\n  timeout: 1 hour\n  environment: { name: shop }\n  script: [npx sailplan ci apply]\n',
  );
  const answers = {
    '/projects/7/repository/branches/main': { protected: true },
    '/projects/7/environments?per_page=100&page=1': [{ name: 'shops' }],
  };
  await withForge(answers, async (address, calls) => {
    const env = { GITLAB_TOKEN: TOKEN, CI_API_V4_URL: address, CI_PROJECT_ID: '7' };
    expect(await codesOf(at, env)).toEqual(['ci_environment_missing']);
    expect(calls).toEqual(Object.keys(answers).map((path) => `GET ${path} ${TOKEN}`));
  });
});

test('GitLab: history, limits, interruption and the environment of a pipeline', async () => {
  const at = repository();
  rmSync(join(at.path, '.github'), { recursive: true });
  at.write('CODEOWNERS', '[Shop] @acme/shop\n*\n');
  const pipeline = `default:
  timeout: 30 minutes
variables: &shared
  GIT_DEPTH: 0
.base: &base
  before_script: [npm ci]
apply:
  <<: *base
  environment: shop
  resource_group: shop
  script:
    - !reference [.base, before_script]
    - npx sailplan ci apply
`;
  at.write('.gitlab-ci.yml', pipeline);
  expect(await codesOf(at)).toEqual([UNSEEN]);
  at.write(
    '.gitlab-ci.yml',
    pipeline
      .replace('  GIT_DEPTH: 0', '  GIT_DEPTH: 20')
      .replace('  environment: shop', '  interruptible: true')
      .replace('  timeout: 30 minutes', '  retry: 0'),
  );
  expect((await codesOf(at)).sort()).toEqual(
    ['ci_apply_cancelled', 'ci_history_incomplete', 'ci_no_environment', 'ci_no_timeout', UNSEEN].sort(),
  );
});

test('text of a workflow is no command to a log or a terminal', async () => {
  const at = repository();
  at.write(
    '.github/workflows/sailplan.yml',
    WORKFLOW.replace('  apply:', '  "::error::x ##[add-mask]y \\u001b[31m":').replace(
      '    timeout-minutes: 60\n',
      '',
    ),
  );
  for (const words of [
    ['doctor', '--ci'],
    ['doctor', '--ci', '--format', 'github'],
  ]) {
    const { stdout } = await at.call(words);
    expect(stdout).not.toContain('\u001b');
    const commands = logLines(stdout).flatMap((line) => logCommandIn(line) ?? []);
    expect(commands.every(({ name }) => name === 'warning')).toBe(true);
  }
});

test('YAML of any size or depth ends in a finding', async () => {
  for (const text of ['x: '.repeat(400_000), '['.repeat(100_000), 'a: &a [x]\nb: *c', '- '.repeat(50_000)]) {
    const at = repository();
    at.write('.github/workflows/other.yml', text);
    expect(await codesOf(at)).toEqual(['ci_file_unreadable', UNSEEN]);
  }
});
