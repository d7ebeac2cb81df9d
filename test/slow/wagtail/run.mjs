// Tests against real sites: `node test/slow/wagtail/run.mjs [jest's own arguments]`. Builds the wheel of wagtail/, makes virtual
// environments in .venv/ with it and Wagtail from PyPI, runs the package's own tests in the sample site, starts that site and two
// that `wagtail start` makes (sites/), and runs test/slow/wagtail/*.site.ts against all of them.
// It fails without Python 3.12, and with NEEDS_ALL=1 without PostgreSQL too. WAGTAIL_RUNS: reads under random edits (200).
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  buildPackage,
  findPython,
  install,
  plainEnvironment,
  uninstall,
  wagtailEnvironment,
} from './environments.mjs';
import { startPostgres } from './postgres.mjs';

const VERSIONS = ['7.4', '8.0'];
const NEEDS_ALL = process.env.NEEDS_ALL === '1';
const SAMPLE = resolve('examples/wagtail/sample');
const TESTS = resolve('wagtail/tests');
const GENERATED = resolve('test/slow/wagtail/sites');
const LAB = resolve('test/slow/wagtail/lab');
const started = Date.now();
const running = [];

const say = (text) => process.stderr.write(`[${((Date.now() - started) / 1000).toFixed(0)} s] ${text}\n`);

function settings(folder, more = {}) {
  const env = {
    ...process.env,
    PYTHONPATH: [SAMPLE, LAB].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    DJANGO_SETTINGS_MODULE: 'lab_settings',
    SAMPLE_VAR: folder,
    CATALOG_EXPORT_TOKENS: 'export-token-1',
    ...more,
  };
  return env;
}

/** Runs to the end; its output is shown only when it fails. */
function finish(command, args, env, cwd = SAMPLE) {
  const child = spawn(command, args, {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) done(text);
      else failed(new Error(`${args.join(' ')} ended with ${code}\n${text.slice(-4000)}`));
    });
  });
}

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function startSite({ name, version, venv, size, extra, env: more = {} }) {
  const folder = mkdtempSync(join(tmpdir(), `sailplan-wagtail-`));
  const env = settings(folder, more);
  const printed = await finish(join(venv, 'bin/python'), [join(LAB, 'prepare.py'), String(extra)], env);
  const v3Token = /^wagtail_\S+$/m.exec(printed)?.[0] ?? '';
  const file = join(folder, 'catalog.json');
  await finish(join(venv, 'bin/python'), ['manage.py', 'export_catalog', '-o', file], env);
  const url = await serve({ name, venv, folder, env, wsgi: 'lab_wsgi:application' });
  return { name, wagtail: version, url, size, file, v3Token };
}

/** gunicorn in `folder`; its address, once it answers. */
async function serve({ name, venv, folder, env, wsgi }) {
  const port = await freePort();
  const args = ['--log-level', 'warning', '--workers', '2', '--bind', `127.0.0.1:${port}`, wsgi];
  const child = spawn(join(venv, 'bin/gunicorn'), args, {
    env,
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.push({ child, folder });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const isUp = await fetch(`${url}/api/v2/roles/?limit=0`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (isUp) break;
    if (tries > 300 || child.exitCode !== null) throw new Error(`${name} does not answer`);
    await new Promise((wait) => setTimeout(wait, 200));
  }
  say(`${name}: ${url}`);
  return url;
}

/** A site of `wagtail start` with the models of sites/`site`: its export and its address. */
async function startGenerated({ site, version, venv, postgres }) {
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
  const python = join(venv, 'bin/python');
  const name = `${site}, Wagtail ${version}${postgres === undefined ? '' : ', PostgreSQL'}`;
  const database = `${site}_${version.replace('.', '')}`;
  const env = {
    ...process.env,
    ...(postgres === undefined ? {} : { ...postgres.env, SITE_POSTGRES_DB: database }),
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    DJANGO_SETTINGS_MODULE: 'site_settings',
    SAILPLAN_COMMAND: `${process.execPath} ${resolve('dist/cli.mjs')}`,
  };
  postgres?.createDatabase(database);
  await finish(join(venv, 'bin/wagtail'), ['start', 'project', folder], env, folder);
  cpSync(join(GENERATED, site), folder, { recursive: true });
  for (const file of readdirSync(GENERATED).filter((each) => each.endsWith('.py')))
    cpSync(join(GENERATED, file), join(folder, file));
  const manage = (...args) => finish(python, ['manage.py', ...args], env, folder);
  await manage('makemigrations', 'work');
  await manage('migrate', '-v0');
  await manage('shell', '-v0', '-c', 'import work.load');
  await manage('check', '--fail-level', 'WARNING');
  await manage('shell', '-v0', '-c', 'import few_queries');
  const drafted = await manage('sailplan_init', '--print');
  const file = join(folder, 'catalog.json');
  await manage('export_catalog', '-o', file);
  const url = await serve({ name, venv, folder, env, wsgi: 'site_wsgi:application' });
  return { name, site, wagtail: version, url, size: 'generated', file, drafted, v3Token: '' };
}

/** The wheel where there is nothing but Wagtail: clean checks, both commands, and nothing left after it is uninstalled. */
async function wheelAlone(python, { sdist, wheel }) {
  const version = VERSIONS.at(-1);
  const venv = plainEnvironment(python, version);
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
  running.push({ child: null, folder });
  const env = {
    ...process.env,
    PYTHONPATH: '',
    PYTHONDONTWRITEBYTECODE: '1',
    SAMPLE_VAR: folder,
    DJANGO_SETTINGS_MODULE: 'shopsite.settings',
    SAILPLAN_COMMAND: `${process.execPath} ${resolve('dist/cli.mjs')}`,
    CATALOG_EXPORT_TOKENS: 'export-token-1',
  };
  const packages = join(venv, 'lib', readdirSync(join(venv, 'lib'))[0], 'site-packages');
  const before = readdirSync(packages).sort();
  for (const what of [sdist, wheel]) {
    install(venv, what);
    const added = readdirSync(packages).filter((each) => !before.includes(each));
    if (added.some((each) => /tests/.test(each))) throw new Error(`tests are in ${what}`);
    if (what === wheel) {
      const manage = (...args) => finish(join(venv, 'bin/python'), ['manage.py', ...args], env);
      await manage('check', '--fail-level', 'WARNING');
      await manage('migrate', '-v0');
      await manage('load_sample', '--few');
      await manage('export_catalog', '-o', join(folder, 'catalog.json'));
      await manage('sync_wagtail_to_saleor', '--export-only', join(folder, 'again.json'));
      if (!existsSync(join(folder, 'again.json'))) throw new Error('--export-only wrote nothing');
    }
    uninstall(venv, 'wagtail-sailplan');
    const left = readdirSync(packages).filter((each) => !before.includes(each));
    if (left.length > 0) throw new Error(`left after uninstalling: ${left.join(', ')}`);
  }
  say('the sdist and the wheel alone: checks clean, both commands, nothing left');
}

/** Like Promise.all, but waits for the others when one fails: nothing starts after `stop`. */
async function together(promises) {
  const outcomes = await Promise.allSettled(promises);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.map(({ value }) => value);
}

async function packageTests(venvs) {
  await together(
    VERSIONS.map(async (version) => {
      const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
      running.push({ child: null, folder });
      const env = settings(folder, { DJANGO_SETTINGS_MODULE: 'shopsite.settings', PYTHONPATH: '' });
      const python = join(venvs.get(version), 'bin/python');
      await finish(python, ['manage.py', 'makemigrations', '--check', '--dry-run', 'catalog'], env);
      const tests = ['manage.py', 'test', '-t', join(TESTS, '..'), TESTS, '--noinput'];
      const text = await finish(python, tests, env);
      say(`wagtail/tests on Wagtail ${version}: ${/Ran \d+ tests in [\d.]+s/.exec(text)?.[0]}`);
    }),
  );
}

async function openPostgres() {
  const postgres = await startPostgres(await freePort());
  if (typeof postgres === 'string') {
    if (NEEDS_ALL) throw new Error(`no PostgreSQL: ${postgres}`);
    say(`without PostgreSQL: ${postgres}`);
    return undefined;
  }
  running.push({ stop: postgres.stop });
  return postgres;
}

/** The same sample in PostgreSQL, where REPEATABLE READ must be asked for. */
async function postgresSite(venvs, postgres) {
  if (postgres === undefined) return [];
  const version = VERSIONS.at(-1);
  const venv = venvs.get(version);
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
  running.push({ child: null, folder });
  const env = settings(folder, {
    ...postgres.env,
    DJANGO_SETTINGS_MODULE: 'shopsite.settings',
    PYTHONPATH: join(TESTS, '..'),
  });
  const tests = ['manage.py', 'test', 'tests.test_export.OneState', '--noinput'];
  const text = await finish(join(venv, 'bin/python'), tests, env);
  say(`one state from PostgreSQL: ${/Ran \d+ tests in [\d.]+s/.exec(text)?.[0]}`);
  return [
    await startSite({
      name: `Wagtail ${version}, PostgreSQL`,
      version,
      venv,
      size: 'small',
      extra: 0,
      env: { ...postgres.env, SAMPLE_LIMIT_MAX: '20' },
    }),
  ];
}

/** Both generated sites on SQLite with either Wagtail, and on PostgreSQL. */
async function generatedSites(venvs, postgres) {
  const wanted = [
    { site: 'agency', version: '7.4' },
    { site: 'bureau', version: '7.4' },
    { site: 'agency', version: '8.0' },
    { site: 'bureau', version: '8.0' },
    ...(postgres === undefined
      ? []
      : [
          { site: 'agency', version: '8.0', postgres },
          { site: 'bureau', version: '7.4', postgres },
        ]),
  ];
  const found = [];
  for (const each of wanted) found.push(await startGenerated({ ...each, venv: venvs.get(each.version) }));
  return found;
}

function jest(sites, [pattern, ...args]) {
  const command = [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const options = [
    '--runInBand',
    '--testTimeout',
    '60000',
    `--testPathPatterns=${pattern}`,
    '--testMatch',
    '**/test/slow/wagtail/*.site.ts',
  ];
  const env = { ...process.env, WAGTAIL_SITES: JSON.stringify(sites) };
  const child = spawn(process.execPath, [...command, ...args, ...options], { env, stdio: 'inherit' });
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)));
}

async function stop() {
  for (const { child, folder, stop: end } of running.reverse()) {
    if (child !== null && child !== undefined && child.exitCode === null) {
      const ended = new Promise((done) => child.on('close', done));
      child.kill('SIGTERM');
      await ended;
    }
    await end?.();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function main(args) {
  const python = findPython();
  if (python === undefined) {
    say('not run: there is no Python 3.12 or later with venv and pip');
    return 1;
  }
  const made = buildPackage(python);
  const venvs = new Map(
    VERSIONS.map((version) => [version, wagtailEnvironment(python, version, made.wheel)]),
  );
  const site = (version, size, extra) => ({
    name: `Wagtail ${version}${size === 'large' ? ', 500 pages' : ''}`,
    version,
    venv: venvs.get(version),
    size,
    extra,
    // Wagtail's own default, for the small ones.
    env: size === 'small' ? { SAMPLE_LIMIT_MAX: '20' } : {},
  });
  const [sites] = await together([
    together(VERSIONS.map((version) => startSite(site(version, 'small', 0)))),
    packageTests(venvs),
  ]);
  await wheelAlone(python, made);
  const postgres = await openPostgres();
  const [large, inPostgres, generated] = await together([
    startSite(site(VERSIONS.at(-1), 'large', 453)),
    postgresSite(venvs, postgres),
    generatedSites(venvs, postgres),
  ]);
  const all = [...sites, ...inPostgres, large, ...generated];
  // What edits the sites at random goes last.
  const plain = await jest(all, ['(generated|same|speed).site', ...args]);
  return Math.max(plain, await jest(all, ['mixed.site', ...args]));
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => stop().finally(() => process.exit(code)));
}
process.exitCode = 1;
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
} finally {
  await stop();
  say('done');
}
