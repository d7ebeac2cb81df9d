import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commitId, fileAt, namedCommit, readCommit, refCommit } from '../../../src/platform/git-objects.ts';
import { type Git, openGit } from '../../../src/platform/git-program.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const REF = 'refs/remotes/origin/main';

let repo: TestRepository;
let git: Git;
let first: string;
let second: string;
beforeEach(() => {
  repo = createRepository(NOW);
  first = repo.commit('first');
  second = repo.commit('second');
  git = openGit(repo.folder);
});
afterEach(() => repo.remove());

const point = (ref: string, to: string) => repo.git('update-ref', ref, to);

describe('the protected branch is the ref of that whole name, and no other', () => {
  test.each([
    'refs/tags/refs/remotes/origin/main',
    'refs/heads/refs/remotes/origin/main',
    'refs/remotes/refs/remotes/origin/main',
    'refs/remotes/origin/main/below',
    'refs/refs/remotes/origin/main',
  ])('%s is not taken for it', async (other) => {
    point(other, second);
    expect(await refCommit(git, REF)).toBeNull();
    repo.git('update-ref', '-d', other);
    point(REF, first);
    if (!other.startsWith(`${REF}/`)) point(other, second);
    expect(await refCommit(git, REF)).toBe(first);
  });

  test.each([
    'refs/remotes/*/main',
    'refs/remotes/origin/[m]ain',
    'origin/main',
    '',
  ])('a pattern or short name (%s) names none', async (name) => {
    point(REF, first);
    expect(await refCommit(git, name)).toBeNull();
  });

  test('a symbolic ref leads to its commit; a ref to a blob is an error', async () => {
    point(REF, first);
    repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', REF);
    expect(await refCommit(git, 'refs/remotes/origin/HEAD')).toBe(first);
    repo.write('a', 'a\n');
    point('refs/remotes/blob', repo.git('hash-object', '-w', 'a'));
    await expect(refCommit(git, 'refs/remotes/blob')).rejects.toThrow('expected commit type');
  });
});

describe('a short name', () => {
  test.each([
    ['refs/tags/origin/main', 'origin/main'],
    ['refs/heads/origin/main', 'origin/main'],
    ['refs/tags/origin/main', 'origin/main~0'],
    ['refs/heads/origin/main', 'origin/main^0'],
  ])('that %s has too is refused (%s)', async (other, name) => {
    point(REF, first);
    expect(await namedCommit(git, name)).toBe(first);
    point(other, second);
    await expect(namedCommit(git, name)).rejects.toThrow(
      `the name origin/main means ${[REF, other].sort().join(' and ')}`,
    );
    expect(await namedCommit(git, REF)).toBe(first);
  });

  test.each([
    'refs/tags/',
    'refs/heads/',
    'refs/remotes/',
  ])('that begins like an id and is a ref below %s', async (folder) => {
    const short = first.slice(0, 8);
    expect(await namedCommit(git, short)).toBe(first);
    point(`${folder}${short}`, second);
    await expect(namedCommit(git, short)).rejects.toThrow(`means a commit and also ${folder}${short}`);
    expect(await namedCommit(git, first)).toBe(first);
  });

  test('of one branch or tag, HEAD and its ancestors are taken; what is none is null', async () => {
    point('refs/tags/v1', first);
    for (const [name, found] of [
      ['v1', first],
      ['main', second],
      ['HEAD', second],
      ['HEAD~1', first],
      ['@', second],
      ['main^', first],
      ['none', null],
      ['--all', null],
      ['HEAD~7', null],
    ] as const)
      expect([name, await namedCommit(git, name)]).toEqual([name, found]);
  });
});

/** A commit object as somebody could write it by hand. */
function written(...extra: readonly string[]): string {
  const person = 'Max <max@example.com> 1777888800 +0000';
  const header = [
    `tree ${repo.git('rev-parse', 'HEAD^{tree}')}`,
    `parent ${second}`,
    `author ${person}`,
    `committer ${person}`,
  ];
  const input = `${[...header, ...extra].join('\n')}\n\nMerge\n`;
  return execFileSync(
    'git',
    ['-C', repo.folder, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally'],
    {
      input,
    },
  )
    .toString()
    .trim();
}

test.each([
  ['a parent after the committer', [`parent ${'1'.repeat(40)}`]],
  [
    'a second author and committer',
    ['author Kim <kim@example.com> 1 +0000', 'committer K <k@example.com> 1 +0000'],
  ],
  ['a parent in the lines of a signature', ['gpgsig -----BEGIN', ` parent ${'1'.repeat(40)}`]],
])('%s says nothing, as for git', async (_, extra) => {
  const id = written(...extra);
  const { parents, author, atMs } = await readCommit(git, id);
  expect(parents).toEqual(repo.git('rev-list', '--parents', '-n', '1', id).split(' ').slice(1));
  expect({ author, atMs }).toEqual({ author: 'Max <max@example.com>', atMs: 1_777_888_800_000 });
});

test('an error of git is told by its cause, not by an advice', async () => {
  await expect(git.read('cat-file', 'commit', 'f'.repeat(40))).rejects.toThrow(/fatal: /);
  expect(await git.find('merge-base', first, await orphan())).toBeNull();
});

async function orphan(): Promise<string> {
  repo.git('switch', '-q', '--orphan', 'other');
  const id = repo.commit('other');
  expect(await commitId(git, id)).toBe(id);
  return id;
}

test('what a full id names is asked of git once; what a name means, each time', async () => {
  const log = repo.write('.git/calls', '');
  const program = (process.env['PATH'] ?? '').split(delimiter).map((folder) => `"${folder}/git"`);
  const command = repo.write(
    '.git/counted-git',
    `#!/bin/sh\necho "$@" >>'${log}'\nfor one in ${program.join(' ')}; do [ -x "$one" ] && exec "$one" "$@"; done\n`,
  );
  execFileSync('chmod', ['+x', command]);
  repo.write('a', 'one\n');
  const with1 = repo.commit('a file');
  const readAll = async () => {
    const counted = openGit(repo.folder, command);
    const { atMs } = await readCommit(counted, with1);
    return [atMs, (await fileAt(counted, with1, 'a'))?.toString(), await commitId(counted, 'HEAD')];
  };
  const calls = () => readFileSync(log, 'utf8').split('\n').length - 1;
  expect(await readAll()).toEqual([NOW, 'one\n', with1]);
  expect(calls()).toBe(4);
  repo.write('a', 'two\n');
  const with2 = repo.commit('another');
  expect(await readAll()).toEqual([NOW, 'one\n', with2]);
  expect(calls()).toBe(5);
});
