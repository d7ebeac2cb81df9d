// Python, virtual environments in .venv/, and the package as users install it: a wheel, built from a sdist.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const REQUIREMENTS = ['gunicorn==27.0.1', 'psycopg[binary]==3.3.2', 'wagtail-localize==1.14.5'];
const PACKAGE = resolve('wagtail');

/** On PATH, or where pyenv keeps versions that PATH does not show. */
export function findPython() {
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

const pip = (venv, args) =>
  execFileSync(join(venv, 'bin/python'), ['-m', 'pip', '--quiet', '--disable-pip-version-check', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });

/** A virtual environment, made once; again when what it must hold changes. */
function environment(python, name, wanted) {
  const folder = resolve(`.venv/${name}`);
  const marker = join(folder, wanted.join(' ').replace(/[^a-z0-9.]+/gi, '-'));
  if (existsSync(marker)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(python, ['-m', 'venv', folder], { stdio: 'inherit' });
  if (wanted.length > 0) pip(folder, ['install', ...wanted]);
  writeFileSync(marker, '');
  return folder;
}

/** .venv/wagtail-7.4, with the package's wheel. */
export function wagtailEnvironment(python, version, wheel) {
  const folder = environment(python, `wagtail-${version}`, [`wagtail~=${version}.0`, ...REQUIREMENTS]);
  pip(folder, ['install', '--force-reinstall', '--no-deps', wheel]);
  return folder;
}

/** One that nothing was installed into but Wagtail. */
export const plainEnvironment = (python, version) =>
  environment(python, `plain-${version}`, [`wagtail~=${version}.0`]);

export const install = (venv, what) => pip(venv, ['install', what]);
export const uninstall = (venv, what) => pip(venv, ['uninstall', '--yes', what]);

/** Paths of the sdist and of the wheel that was built from it; made again when a source changes. */
export function buildPackage(python) {
  const sources = readdirSync(PACKAGE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/__pycache__|dist/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const path of sources) hash.update(`${path}\0`).update(readFileSync(path));
  const folder = resolve(`.venv/dist-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder) || readdirSync(folder).length < 2) {
    const builder = environment(python, 'build', ['build==1.3.0']);
    execFileSync(join(builder, 'bin/python'), ['-m', 'build', '--outdir', folder, PACKAGE], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const found = (ending) =>
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(ending)),
    );
  return { sdist: found('.tar.gz'), wheel: found('.whl') };
}
