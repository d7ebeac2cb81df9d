import { appendFileSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { Failure } from '../core/failure.ts';
import { gitTopOf } from './config-search.ts';
import { readText, WRITTEN_FILE } from './files.ts';
import { entriesOf } from './http/origin-policy.ts';
import { unwritable } from './write-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The origins to which a person lets tokens go, and why their file does not count, if it does not. */
export interface RememberedOrigins {
  /** Separated by line breaks, as SAILPLAN_ALLOWED_ORIGINS may have them. */
  readonly origins: string;
  /** null: the file counts, or there is none. */
  readonly ignoredBecause: string | null;
}

/**
 * `$XDG_CONFIG_HOME/sailplan/allowed-origins`, otherwise `~/.config/sailplan/allowed-origins`; null if the environment has no
 * home directory. A relative XDG_CONFIG_HOME is ignored, as its specification requires: it would be inside the working folder.
 */
export function allowedOriginsPath(env: Environment): string | null {
  const named = env['XDG_CONFIG_HOME'];
  const home = env['HOME'] || env['USERPROFILE'];
  if (named !== undefined && isAbsolute(named)) return join(named, 'sailplan', 'allowed-origins');
  return home !== undefined && isAbsolute(home) ? join(home, '.config', 'sailplan', 'allowed-origins') : null;
}

/**
 * Reads the origins that a person allowed on this machine (SECURITY.md#a-token). Ignores a file that a repository could
 * contain: one inside a git work tree with the working folder or the config, also through symbolic links, and one that another
 * user owns or can write. Throws nothing.
 */
export function rememberedOrigins(env: Environment, folders: readonly string[]): RememberedOrigins {
  const path = allowedOriginsPath(env);
  if (path === null || !existsSync(path)) return { origins: '', ignoredBecause: null };
  const ignoredBecause = distrust(path, folders);
  if (ignoredBecause !== null) return { origins: '', ignoredBecause: `${path} ${ignoredBecause}` };
  try {
    const lines = readText(path, WRITTEN_FILE).split(/\r?\n/);
    return { origins: lines.filter((line) => !/^\s*#/.test(line)).join('\n'), ignoredBecause: null };
  } catch (error) {
    const because = error instanceof Failure ? error.message : `${path} cannot be read`;
    return { origins: '', ignoredBecause: because };
  }
}

/** Why a file cannot be taken as this person's own; null: it can. */
export function distrust(path: string, folders: readonly string[]): string | null {
  try {
    const real = realpathSync(path);
    for (const folder of folders) {
      const top = gitTopOf(folder);
      if (top !== null && isInside(real, top))
        return `is inside the repository ${top}, and a commit could change it`;
    }
    const us = process.geteuid?.();
    if (us === undefined) return null;
    for (const one of [real, dirname(real)]) if ((statSync(one).mode & 0o022) !== 0) return WRITABLE;
    // A user who can write a parent folder can replace the next one; not in a sticky folder, such as /tmp.
    for (const one of new Set([real, ...above(real), ...above(path)])) {
      const { uid, mode } = statSync(one);
      if (uid !== us && uid !== 0) return 'belongs to another user, or its folder does';
      if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) return WRITABLE;
    }
    return null;
  } catch {
    return 'cannot be read';
  }
}

const WRITABLE = 'can be written by others (chmod go-w), or its folder can';

/** The parent folders of a path, the nearest first. */
const above = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...above(folder)];
};

const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
};

/**
 * Adds entries (saleor=https://shop.example.com) to the file, which only this user can write; returns its path. Throws a
 * Failure (file_unwritable), also if the file would be ignored.
 */
export function rememberOrigins(
  env: Environment,
  folders: readonly string[],
  origins: readonly string[],
): string {
  const path = allowedOriginsPath(env);
  if (path === null)
    throw new Failure(
      'file_unwritable',
      'HOME is not set, so there is no folder for the allowed origins',
      `Run: export SAILPLAN_ALLOWED_ORIGINS=${origins.join(',')}`,
    );
  const lines = origins
    .flatMap(entriesOf)
    .map(({ side, origin }) => (side === null ? origin : `${side}=${origin}`));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const isNew = !existsSync(path);
    const head = isNew
      ? '# Origins to which sailplan may send a token when only a config file names them.\n'
      : '';
    const before = isNew ? '' : readText(path, WRITTEN_FILE);
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    appendFileSync(path, `${head}${gap}${lines.map((line) => `${line}\n`).join('')}`, { mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  }
  const { ignoredBecause } = rememberedOrigins(env, folders);
  if (ignoredBecause !== null)
    throw new Failure(
      'file_unwritable',
      `${ignoredBecause}, so it is ignored`,
      `Run: export SAILPLAN_ALLOWED_ORIGINS=${lines.join(',')}`,
    );
  return path;
}
