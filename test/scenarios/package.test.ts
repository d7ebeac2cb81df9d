import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../src/sandbox/server/server.ts';
import { finalReport } from '../support/workspace.ts';

jest.setTimeout(180_000);
const run = promisify(execFile);

/** The package as `npm pack` makes it, installed into an empty folder by somebody whose HOME is empty, too. */
let root = '';
let packed: readonly { readonly path: string; readonly size: number }[] = [];
const project = () => join(root, 'project');
const installed = () => join(project(), 'node_modules/sailplan');

/** `SAILPLAN_NODES=/path/to/node:…`: the same with other versions of Node. */
const NODES = [
  process.execPath,
  ...(process.env['SAILPLAN_NODES'] ?? '').split(':').filter((path) => path !== ''),
];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sailplan-package-'));
  const tree = join(root, 'tree');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'schemas', 'docs', 'src'])
    cpSync(name, join(tree, name), { recursive: true });
  await run(process.execPath, ['scripts/build.mjs', '--package', join(tree, 'dist')]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: tree });
  const [pack] = JSON.parse(stdout) as [{ filename: string; files: typeof packed }];
  packed = pack.files;
  for (const name of ['project', 'home']) mkdirSync(join(root, name));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(tree, pack.filename)], {
    cwd: project(),
    env: environment(process.execPath),
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function environment(node: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: `${dirname(node)}:${process.env['PATH']}`, HOME: join(root, 'home'), ...more };
}

/** In a folder of its own, with the installed package in the folder above, as a workspace of a user has it. */
function folder(): string {
  return mkdtempSync(join(project(), 'try-'));
}

async function call(
  node: string,
  cwd: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await run('npx', ['--offline', 'sailplan', ...words], {
      cwd,
      env: environment(node, env),
      maxBuffer: 16 * 1024 * 1024,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

test('the package holds what it needs and nothing else', () => {
  const others = packed
    .map(({ path }) => path)
    .filter(
      (path) =>
        !/^(dist\/([\w-]+\.mjs|types\/.+\.d\.ts|THIRD-PARTY\.txt|bundled\.json)|schemas\/\w+\.schema\.json|docs\/man\/\w+\.1)$/.test(
          path,
        ),
    );
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  expect(readdirSync(join(project(), 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'sailplan',
  ]);
});

/** The files that a program of the package can load, without those behind an import that `isCut` names. */
function reached(entries: readonly string[], isCut: (name: string) => boolean): ReadonlySet<string> {
  const seen = new Set<string>();
  const walk = (name: string): void => {
    if (seen.has(name) || isCut(name)) return;
    seen.add(name);
    const text = readFileSync(join(installed(), 'dist', name), 'utf8');
    for (const [, next] of text.matchAll(/["']\.\/([\w-]+\.mjs)["']/g)) walk(next as string);
  };
  for (const entry of entries) walk(entry);
  return seen;
}

test('without what only the demo and the sandbox load it is smaller than 2.1 MB, and nothing in it is dead', () => {
  const entries = ['cli.mjs', 'sync.mjs', 'index.mjs'];
  const isDemo = (name: string) => /^(demo|sandbox)-/.test(name);
  const all = reached([...entries, 'data.mjs'], () => false);
  const needed = reached(entries, isDemo);
  const modules = packed.filter(({ path }) => /^dist\/[^/]+\.mjs$/.test(path));
  expect(modules.map(({ path }) => path.slice('dist/'.length)).filter((name) => !all.has(name))).toEqual([]);
  const total = packed.reduce((sum, { size }) => sum + size, 0);
  const demo = modules
    .filter(({ path }) => !needed.has(path.slice('dist/'.length)))
    .reduce((sum, { size }) => sum + size, 0);
  console.info(`unpacked ${total} bytes, of which demo and sandbox alone ${demo}`);
  expect(total - demo).toBeLessThan(2_100_000);
});

test('everything that is bundled is named with its licence, and npm’s SBOM knows it', async () => {
  const bundled = JSON.parse(readFileSync(join(installed(), 'dist/bundled.json'), 'utf8')) as readonly {
    name: string;
    version: string;
  }[];
  expect(bundled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ajv', 'chalk', 'fast-json-patch', 'graphql', 'graphql-request', 'yargs-parser']),
  );
  const text = readFileSync(join(installed(), 'dist/THIRD-PARTY.txt'), 'utf8');
  for (const { name, version } of bundled) {
    expect(text).toContain(`${name} ${version} (`);
    const [line] = /copyright.*/i.exec(licenceOf(name, version)) ?? [];
    expect(text).toContain(line?.trim() ?? name);
  }
  const { stdout } = await run(
    process.execPath,
    ['scripts/package/sbom.mjs', join(installed(), 'dist/bundled.json')],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const sbom = JSON.parse(stdout);
  expect([sbom.bomFormat, sbom.metadata.component.name]).toEqual(['CycloneDX', 'sailplan']);
  expect(
    sbom.components.map((one: { name: string; version: string }) => `${one.name}@${one.version}`).sort(),
  ).toEqual(bundled.map(({ name, version }) => `${name}@${version}`).sort());
});

test('the packages that `make demo` installs are enough for the build, and bring no tools of tests', async () => {
  const words = ['ls', '--all', '--parseable', '--package-lock-only', '--workspaces=false'];
  const { stdout } = await run('npm', words);
  const names = stdout.split('\n').map((path) => path.split('node_modules/').at(-1));
  const bundled = JSON.parse(readFileSync(join(installed(), 'dist/bundled.json'), 'utf8')) as readonly {
    name: string;
  }[];
  expect(names).toEqual(expect.arrayContaining([...bundled.map(({ name }) => name), 'esbuild']));
  const tools = JSON.parse(readFileSync('tools/package.json', 'utf8')) as { devDependencies: object };
  expect(Object.keys(tools.devDependencies).filter((name) => names.includes(name))).toEqual([]);
});

/** The licence text of an installed package of this version, wherever npm put it. */
function licenceOf(name: string, version: string): string {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  const [path = ''] =
    Object.entries(lock.packages).find(
      ([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === version,
    ) ?? [];
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry)) ?? '';
  return readFileSync(join(path, file), 'utf8');
}

test.each(NODES)('npx sailplan demo, in an empty folder, on %s', async (node) => {
  const { code, out, err } = await call(node, folder(), ['demo']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('Done: plan, review, approve, apply, report.');
  expect(out).toMatch(/No changes/);
});

test.each(NODES)('init, doctor, plan, approve, apply, drift against the sandbox, on %s', async (node) => {
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    const at = folder();
    const env = { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full };
    writeFileSync(join(at, 'catalog.json'), JSON.stringify(demoExport()));
    const ok = async (...words: readonly string[]) => {
      const { code, out, err } = await call(node, at, words, env);
      expect({ words, code, err: code === 0 ? '' : err }).toEqual({ words, code: 0, err: '' });
      return out;
    };
    await ok('init', '--desired', 'catalog.json');
    await ok('doctor');
    const plan = JSON.parse(await ok('plan', '--create-missing', '--json'));
    await ok('approve', plan.id, '--as', 'ada@example.com', '--plan-id', plan.id);
    expect(finalReport(await ok('apply', plan.id, '--json')).converged).toBe(true);
    // One offering of the demo is wrong on purpose: drift says so (1) and finds nothing that differs (2).
    const drift = await call(node, at, ['drift'], env);
    expect([drift.code, drift.out]).toEqual([1, expect.stringContaining('No changes')]);
  } finally {
    await sandbox.close();
  }
});

test('the example of docs/library.md compiles against the package’s types and runs', async () => {
  const at = folder();
  const [, source = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('docs/library.md', 'utf8')) ?? [];
  writeFileSync(join(at, 'example.mts'), source);
  writeFileSync(join(at, 'catalog.json'), JSON.stringify(demoExport()));
  cpSync(resolve('node_modules/@types'), join(at, 'node_modules/@types'), { recursive: true });
  cpSync(resolve('node_modules/undici-types'), join(at, 'node_modules/undici-types'), { recursive: true });
  const options = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    'node',
    '--skipLibCheck',
    'false',
  ];
  await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...options, 'example.mts'], {
    cwd: at,
  });
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    const { stdout, stderr } = await run(process.execPath, ['example.mjs'], {
      cwd: at,
      env: environment(process.execPath, { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full }),
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Plan: \d+ to create/m);
    expect(stdout).toContain('done, converged: true');
  } finally {
    await sandbox.close();
  }
  const [id = ''] = readdirSync(join(at, 'plans')).filter((name) => /^[0-9a-f]{16}$/.test(name));
  expect(statSync(join(at, 'plans', id, 'report.json')).size).toBeGreaterThan(1000);
});

test('installed for everybody, its manuals are where man looks for them', async () => {
  const prefix = join(root, 'prefix');
  const tarball = readdirSync(join(root, 'tree')).find((name) => name.endsWith('.tgz')) ?? '';
  const words = ['install', '--global', '--offline', '--prefix', prefix, join(root, 'tree', tarball)];
  await run('npm', words, { cwd: root, env: environment(process.execPath) });
  expect(readdirSync(join(prefix, 'share/man/man1')).sort()).toEqual([
    'sailplan.1',
    'sync_wagtail_to_saleor.1',
  ]);
  expect(readdirSync(join(prefix, 'bin')).sort()).toEqual(['sailplan', 'sync_wagtail_to_saleor']);
});

test('the release workflow calls what is there, and publishes with provenance what npm packed', () => {
  const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
  const makefile = readFileSync('Makefile', 'utf8');
  for (const [, targets = ''] of workflow.matchAll(/run: make (.+)/g))
    for (const target of targets.split(' ')) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'));
  for (const [, script = ''] of workflow.matchAll(/node (test\S+)/g))
    expect(statSync(script).isFile()).toBe(true);
  expect(workflow).toContain('id-token: write');
  expect(workflow).toMatch(/npm publish --ignore-scripts \S+\.tgz" --provenance/);
  expect(JSON.parse(readFileSync('package.json', 'utf8')).publishConfig).toEqual({
    access: 'public',
    provenance: true,
  });
});
