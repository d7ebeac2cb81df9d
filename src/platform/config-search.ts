import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The nearest folder at or above `folder` that has a `.git`; null: it is in no repository. */
export function gitTopOf(folder: string): string | null {
  if (!existsSync(folder)) return null;
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (dirname(path) === path) return null;
  }
}

/** Whether one of the names below `top` that lead to the path is a symbolic link. */
export function isLinked(top: string, path: string): boolean {
  let at = top;
  return path.split('/').some((name) => {
    at = join(at, name);
    return lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  });
}

/** More links in a row are a circle. */
const MOST_LINKS = 40;

/** The path with links resolved, as far as it exists. */
export function realpathOf(path: string, links = MOST_LINKS): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    // A link to nothing is where it leads, once something is written there.
    const target = linkTarget(whole);
    if (target !== null && links > 0) return realpathOf(target, links - 1);
    return dirname(whole) === whole ? whole : join(realpathOf(dirname(whole), links), basename(whole));
  }
}

function linkTarget(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

/** A file that a search found, or one that it found and must not use. */
export type FoundAbove =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'of_another_user'; readonly path: string }
  | { readonly kind: 'none' };

/**
 * Looks for a file from `folder` up to the top of its git work tree, as git looks for its own; outside a work tree only in
 * `folder`, because another user who can write a folder above could otherwise inject settings. In a folder above, the file and the folder
 * must belong to this user, as git demands of a repository (safe.directory).
 */
export function findAbove(name: string, folder: string): FoundAbove {
  if (existsSync(join(folder, name))) return { kind: 'found', path: join(folder, name) };
  const top = gitTopOf(folder);
  if (top === null) return { kind: 'none' };
  for (let place = realpathSync(folder); place !== top; ) {
    place = dirname(place);
    const path = join(place, name);
    if (existsSync(path)) return { kind: isOurs(place) && isOurs(path) ? 'found' : 'of_another_user', path };
  }
  return { kind: 'none' };
}

function isOurs(path: string): boolean {
  const us = process.geteuid?.();
  return us === undefined || statSync(path).uid === us;
}
