import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { findAbove, gitTopOf } from '../../../src/platform/config-search.ts';

/** A config is found as git finds its own: from the working folder to the top of the work tree, and of this user only. */
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sailplan-search-')));
  mkdirSync(join(root, 'repo', 'a', 'b'), { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});
const config = (folder: string): string => {
  const path = join(root, folder, 'c.json');
  writeFileSync(path, '{}');
  return path;
};
const from = (folder: string) => findAbove('c.json', join(root, folder));

test('the nearest wins, and the top of the work tree ends the search', () => {
  mkdirSync(join(root, 'repo', '.git'));
  config('.');
  expect(from('repo/a/b')).toEqual({ kind: 'none' });
  const top = config('repo');
  expect(from('repo/a/b')).toEqual({ kind: 'found', path: top });
  const near = config('repo/a');
  expect(from('repo/a/b')).toEqual({ kind: 'found', path: near });
  expect(gitTopOf(join(root, 'repo', 'a', 'b'))).toBe(join(root, 'repo'));
});

test('a work tree of a linked checkout or a submodule, whose .git is a file, ends it too', () => {
  config('repo');
  writeFileSync(join(root, 'repo', 'a', '.git'), 'gitdir: elsewhere\n');
  expect(from('repo/a/b')).toEqual({ kind: 'none' });
});

test('outside a work tree only the folder itself is looked into', () => {
  config('repo/a');
  expect(from('repo/a/b')).toEqual({ kind: 'none' });
  expect(from('repo/a').kind).toBe('found');
});

test('what another user put above is not used', () => {
  mkdirSync(join(root, 'repo', '.git'));
  const path = config('repo');
  jest.spyOn(process, 'geteuid').mockReturnValue(54_321);
  expect(from('repo/a/b')).toEqual({ kind: 'of_another_user', path });
  // In the folder itself it is used, as ever.
  expect(from('repo')).toEqual({ kind: 'found', path });
});
