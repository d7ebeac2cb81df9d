// `make test-linters`: actionlint and shellcheck over everything that a CI system runs, and the reports against public schemas.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseYaml } from '../../src/platform/yaml.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, exportWith, removeWorkspaces, shopEnv } from '../support/workspace.ts';

jest.setTimeout(120_000);
afterAll(removeWorkspaces);

const git = (...args: readonly string[]): readonly string[] =>
  spawnSync('git', args, { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line !== '');

/** What a linter says; empty where it finds nothing. Fails if it cannot be started. */
function said(program: string, args: readonly string[], input = '', cwd = '.'): string {
  const { error, stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', input, cwd });
  expect([program, error]).toEqual([program, undefined]);
  const text = `${stdout}${stderr}`.trim();
  return status === 0 ? text : `${text}\n(exit ${status})`;
}

const isWorkflow = (path: string): boolean => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
// That of three shops calls files from the top of its own repository; it is what init writes, which is linted below.
const workflows = git('ls-files').filter(
  (path) => isWorkflow(path) && !path.startsWith('examples/three-shops/'),
);

test('actionlint, with shellcheck for its run lines, finds nothing in the workflows of this repository', () => {
  expect(workflows.length).toBeGreaterThan(2);
  expect(said('actionlint', ['-shellcheck', 'shellcheck', ...workflows])).toBe('');
});

test('both linters find what they are there for', () => {
  const at = createWorkspace();
  at.write(
    '.github/workflows/a.yml',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cd $X && echo ${{ secrets.Y.Z }}\n',
  );
  const found = said('actionlint', ['-shellcheck', 'shellcheck', join(at.path, '.github/workflows/a.yml')]);
  expect(found).toContain('SC2086');
  expect(found).toContain('[expression]');
});

test('shellcheck finds nothing in any script', () => {
  const scripts = git('grep', '-lE', '^#!.*(bash|sh)$', '--', ':!*.ts', ':!*.md').filter((path) => {
    const [first = ''] = readFileSync(path, 'utf8').split('\n');
    return /^#!.*\b(bash|sh)$/.test(first);
  });
  expect(scripts).toEqual(expect.arrayContaining(['.ci/run', '.ci/parts/70-linters']));
  expect(said('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...scripts])).toBe('');
});

/** The `run:` lines of a composite action, which actionlint does not read. */
function runLines(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const [, indent = '', inline = ''] = /^(\s*(?:- )?)run: (.*)$/.exec(line) ?? [];
    if (inline === '') return [];
    if (!/^[|>][+-]?$/.test(inline)) return [inline];
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((one) => one.trim() !== '' && one.search(/\S/) <= indent.length);
    return [(end === -1 ? rest : rest.slice(0, end)).map((one) => one.trimStart()).join('\n')];
  });
}

test('shellcheck finds nothing in the run lines of composite actions, and none of them has an expression in it', () => {
  const actions = git('ls-files').filter((path) => /(^|\/)action\.ya?ml$/.test(path));
  expect(actions.length).toBeGreaterThan(3);
  for (const path of actions)
    for (const script of runLines(readFileSync(path, 'utf8'))) {
      // Text from outside in a script is code; it comes through the environment.
      expect([path, script]).toEqual([path, expect.not.stringMatching(/\$\{\{/)]);
      expect([path, said('shellcheck', ['-s', 'bash', '-'], `${script}\n`)]).toEqual([path, '']);
    }
});

test('shellcheck finds nothing in the scripts of the GitLab component', () => {
  const text = readFileSync('templates/sailplan.yml', 'utf8').replace(
    /\$\[\[ inputs\.([\w-]+) \]\]/g,
    'input-$1',
  );
  const jobs = parseYaml(text.slice(text.indexOf('\n---\n') + '\n---\n'.length), 'component');
  const scripts = Object.values(jobs as Record<string, Record<string, string[]>>).flatMap((job) =>
    [job['before_script'], job['script']].flatMap((lines) => (lines === undefined ? [] : [lines.join('\n')])),
  );
  expect(scripts.length).toBeGreaterThan(4);
  for (const script of scripts) expect(said('shellcheck', ['-s', 'sh', '-'], `set -e\n${script}\n`)).toBe('');
});

test.each([
  ['at the top', '.', ''],
  ['for a target', '.', ' --target eu'],
  ['in a folder', 'shops/eu', ''],
])('what init --ci github writes %s passes both linters', async (_, folder, words) => {
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    const at = createWorkspace();
    mkdirSync(join(at.path, '.git'));
    at.write(`${folder}/catalog.json`, JSON.stringify(demoExport()));
    const line = `cd ${folder} && $SAILPLAN init --desired catalog.json --ci github${words}`;
    const run = await at.shell(line, { env: shopEnv(sandbox) });
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
    const paths = at.files().filter(isWorkflow);
    expect(paths.length).toBeGreaterThan(0);
    // In its folder, so that it finds the actions and workflows that are called, and checks their inputs.
    expect(said('actionlint', ['-shellcheck', 'shellcheck', ...paths], '', at.path)).toBe('');
  } finally {
    await sandbox.close();
  }
});

const schemas = process.env['SCHEMAS'] ?? '';

/** Findings with everything that a page can hold. */
const CATALOG = exportWith((document) => {
  const odd = ['::error::x', ']]>', '\u0001\ufffe', '[a](https://evil.example.com) {0}', 'x'.repeat(100_000)];
  for (const [index, title] of odd.entries()) {
    document.offerings[index].title = title;
    document.offerings[index].cp_offering_id = '';
  }
});

test('SARIF is valid by the public schema', async () => {
  const at = createWorkspace();
  at.write('catalog.json', CATALOG);
  const { stdout } = await at.callBin(['lint', '--desired', 'catalog.json', '--format', 'sarif']);
  // Draft 4: ajv takes the words that the schema uses in the same sense.
  const { id: _, $schema: __, ...schema } = JSON.parse(readFileSync(join(schemas, 'sarif.json'), 'utf8'));
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  expect(validate({ version: '2.1.0' })).toBe(false);
  expect([validate(JSON.parse(stdout)), validate.errors]).toEqual([true, null]);
  expect(JSON.parse(stdout).runs[0].results.length).toBeGreaterThan(5);
});

test('JUnit XML is valid by the schema of Jenkins', async () => {
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    const at = createWorkspace();
    at.write('catalog.json', CATALOG);
    at.write('demo.json', JSON.stringify(demoExport()));
    const env = shopEnv(sandbox);
    const texts = [
      await at.callBin(['lint', '--desired', 'catalog.json', '--format', 'junit']),
      await at.callBin(['drift', '--desired', 'demo.json', '--format', 'junit'], { env }),
    ];
    const schema = readdirSync(schemas).find((name) => name.endsWith('.xsd')) ?? '';
    for (const [index, { stdout }] of texts.entries()) {
      const path = join(at.path, `${index}.xml`);
      writeFileSync(path, stdout);
      expect(said('xmllint', ['--noout', '--schema', join(schemas, schema), path])).toBe(`${path} validates`);
    }
  } finally {
    await sandbox.close();
  }
});
