// Tests against real sites: `node test/slow/wagtail/run.mjs [jest's own arguments]`. Makes virtual environments in .venv/ with
// Wagtail from PyPI, runs examples/wagtail's own tests, starts its sample site, and runs test/slow/wagtail/*.site.ts against it.
// It fails without Python 3.12, and with NEEDS_ALL=1 without PostgreSQL too. WAGTAIL_RUNS: reads under random edits (200).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from './postgres.mjs';

const VERSIONS = ['7.4', '8.0'];
const NEEDS_ALL = process.env.NEEDS_ALL === '1';
const REQUIREMENTS = ['gunicorn==27.0.1', 'psycopg[binary]==3.3.2'];
const EXAMPLE = resolve('examples/wagtail');
const LAB = resolve('test/slow/wagtail/lab');
const started = Date.now();
const running = [];

const say = (text) => process.stderr.write(`[${((Date.now() - started) / 1000).toFixed(0)} s] ${text}\n`);

/** On PATH, or where pyenv keeps versions that PATH does not show. */
function findPython() {
  const isGood = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))';
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const kept = existsSync(versions)
    ? readdirSync(versions).map((name) => join(versions, name, 'bin/python3'))
    : [];
  return ['python3', 'python3.12', 'python3.13', 'python3.14', 'python', ...kept].find((name) => {
    try {
      execFileSync(name, ['-c', isGood], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** .venv/wagtail-7.4, made once; again when what it must hold changes. */
function environment(python, version) {
  const folder = resolve(`.venv/wagtail-${version}`);
  const wanted = [`wagtail~=${version}.0`, ...REQUIREMENTS];
  const marker = join(folder, wanted.join(' ').replace(/[^a-z0-9.]+/gi, '-'));
  if (existsSync(marker)) return folder;
  say(`installing ${wanted.join(', ')}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(python, ['-m', 'venv', folder], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted];
  execFileSync(join(folder, 'bin/python'), pip, { stdio: 'inherit' });
  writeFileSync(marker, '');
  return folder;
}

function settings(folder, more = {}) {
  const env = {
    ...process.env,
    PYTHONPATH: [EXAMPLE, join(EXAMPLE, 'sample'), LAB].join(':'),
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
function finish(command, args, env) {
  const child = spawn(command, args, {
    env,
    cwd: join(EXAMPLE, 'sample'),
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
  const port = await freePort();
  const args = [
    '--log-level',
    'warning',
    '--workers',
    '2',
    '--bind',
    `127.0.0.1:${port}`,
    'lab_wsgi:application',
  ];
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
    if (tries > 100 || child.exitCode !== null) throw new Error(`${name} does not answer`);
    await new Promise((wait) => setTimeout(wait, 200));
  }
  say(`${name}: ${url}`);
  return { name, wagtail: version, url, size, file, v3Token };
}

/** Like Promise.all, but waits for the others when one fails: nothing starts after `stop`. */
async function together(promises) {
  const outcomes = await Promise.allSettled(promises);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.map(({ value }) => value);
}

async function exampleTests(venvs) {
  await together(
    VERSIONS.map(async (version) => {
      const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
      running.push({ child: null, folder });
      const env = settings(folder, { DJANGO_SETTINGS_MODULE: 'shopsite.settings', PYTHONPATH: '' });
      const python = join(venvs.get(version), 'bin/python');
      await finish(python, ['manage.py', 'makemigrations', '--check', '--dry-run', 'catalog'], env);
      const text = await finish(python, ['manage.py', 'test', 'shopsync', '--noinput'], env, true);
      say(`examples/wagtail on Wagtail ${version}: ${/Ran \d+ tests in [\d.]+s/.exec(text)?.[0]}`);
    }),
  );
}

/** The same sample in PostgreSQL, where REPEATABLE READ must be asked for. */
async function postgresSite(venvs) {
  const postgres = await startPostgres(await freePort());
  if (typeof postgres === 'string') {
    if (NEEDS_ALL) throw new Error(`no PostgreSQL: ${postgres}`);
    say(`without PostgreSQL: ${postgres}`);
    return [];
  }
  running.push({ stop: postgres.stop });
  const version = VERSIONS.at(-1);
  const venv = venvs.get(version);
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-wagtail-'));
  running.push({ child: null, folder });
  const env = settings(folder, {
    ...postgres.env,
    DJANGO_SETTINGS_MODULE: 'shopsite.settings',
    PYTHONPATH: '',
  });
  const tests = ['manage.py', 'test', 'shopsync.tests.test_export.OneState', '--noinput'];
  const text = await finish(join(venv, 'bin/python'), tests, env, true);
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
  const venvs = new Map(VERSIONS.map((version) => [version, environment(python, version)]));
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
    exampleTests(venvs),
  ]);
  const [large, postgres] = await together([
    startSite(site(VERSIONS.at(-1), 'large', 453)),
    postgresSite(venvs),
  ]);
  const all = [...sites, ...postgres, large];
  // What edits the sites at random goes last.
  const plain = await jest(all, ['(same|speed).site', ...args]);
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
