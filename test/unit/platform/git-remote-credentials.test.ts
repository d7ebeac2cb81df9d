import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { gitCredentialsOf } from '../../../src/platform/forge/forge-environment.ts';
import { openGit } from '../../../src/platform/git-program.ts';
import { openRemote, type RemoteRepository } from '../../../src/platform/git-remote.ts';
import { type GitServer, serveGit } from '../../support/forge/git-over-http.ts';

/** Fetch and push over HTTP, with git's own server. */
jest.setTimeout(60_000);

const TOKEN = 'token-of-the-test';
const BASIC = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
let folder = '';
let servers: GitServer[] = [];
const git = (at: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', at, ...args], {
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    },
    stdio: 'pipe',
  })
    .toString()
    .trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remote-'));
  git(folder, 'init', '-q', '--bare', '-b', 'main', 'shop.git');
  git(folder, 'clone', '-q', 'shop.git', 'work');
  writeFileSync(join(folder, 'work/a.txt'), 'a\n');
  git(join(folder, 'work'), 'checkout', '-q', '-B', 'main');
  git(join(folder, 'work'), 'add', '-A');
  git(join(folder, 'work'), 'commit', '-q', '-m', 'First');
  git(join(folder, 'work'), 'push', '-q', 'origin', 'main');
});
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Parameters<typeof serveGit>[1]): Promise<GitServer> {
  const server = await serveGit(folder, options);
  servers.push(server);
  return server;
}

/** The work tree's remote at an address, with the token for the forge at another. */
function remoteAt(url: string, server: string): RemoteRepository {
  git(join(folder, 'work'), 'remote', 'set-url', 'origin', url);
  return openRemote({
    git: openGit(join(folder, 'work')),
    remote: 'origin',
    credentials: gitCredentialsOf('github', { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: server }),
    person: { name: 'sailplan', email: 'sailplan@noreply.invalid' },
  });
}

const onlyWithToken = { allows: (given: string | null) => given === BASIC };

test('the token goes to the forge’s own address, in place of a header that a checkout left there', async () => {
  const forge = await serve(onlyWithToken);
  const work = join(folder, 'work');
  git(work, 'config', `http.${forge.address}/.extraheader`, 'Authorization: Basic b2xk');
  const remote = remoteAt(
    `${forge.address.replace('http://', 'http://gitlab-ci-token:old@')}/shop.git`,
    forge.address,
  );
  git(join(folder, 'shop.git'), 'config', 'http.receivepack', 'true');
  const tip = await remote.fetch('refs/heads/main', 'refs/remotes/origin/main');
  const commit = await remote.commit({
    parent: tip,
    files: new Map([['b/c.txt', Buffer.from('b\n')]]),
    message: 'Second',
  });
  expect(await remote.push(commit, 'topic', null)).toEqual({ kind: 'pushed' });
  expect(await remote.branchTip('topic')).toBe(commit);
  expect(git(join(folder, 'shop.git'), 'show', 'topic:b/c.txt')).toBe('b');
  expect(new Set(forge.authorizations)).toEqual(new Set([BASIC]));
  // The work tree and its index are as they were.
  expect(git(work, 'status', '--porcelain')).toBe('');
});

test('another address of the remote never gets the token, and no redirect is followed', async () => {
  const other = await serve(onlyWithToken);
  await expect(
    remoteAt(`${other.address}/shop.git`, 'https://github.example.com').fetch('refs/heads/main'),
  ).rejects.toMatchObject({ code: 'unreachable' });
  const forge = await serve({ ...onlyWithToken, redirect: other.address });
  await expect(
    remoteAt(`${forge.address}/shop.git`, forge.address).fetch('refs/heads/main'),
  ).rejects.toMatchObject({ code: 'unreachable' });
  expect(other.authorizations.every((one) => one === null)).toBe(true);
});

test('a push takes only the place that it expects', async () => {
  const remote = remoteAt(join(folder, 'shop.git'), 'https://github.example.com');
  const tip = await remote.fetch('refs/heads/main');
  const change = (text: string) =>
    remote.commit({ parent: tip, files: new Map([['a.txt', Buffer.from(text)]]), message: text });
  const [one, two] = [await change('one'), await change('two')];
  expect(await remote.push(one, 'topic', null)).toEqual({ kind: 'pushed' });
  expect(await remote.push(two, 'topic', null)).toMatchObject({ kind: 'moved' });
  expect(await remote.push(two, 'topic', tip)).toMatchObject({ kind: 'moved' });
  expect(await remote.push(two, 'topic', one)).toEqual({ kind: 'pushed' });
  expect(await remote.push(null, 'topic', one)).toMatchObject({ kind: 'moved' });
  expect(await remote.push(null, 'topic', two)).toEqual({ kind: 'pushed' });
  expect(await remote.branchTip('topic')).toBeNull();
  writeFileSync(join(folder, 'shop.git/hooks/update'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(await remote.push(one, 'main', tip)).toMatchObject({ kind: 'refused' });
});

test('a checkout with changes is left alone', async () => {
  const remote = remoteAt(join(folder, 'shop.git'), 'https://github.example.com');
  const tip = await remote.fetch('refs/heads/main');
  const next = await remote.commit({
    parent: tip,
    files: new Map([['a.txt', Buffer.from('new\n')]]),
    message: 'Next',
  });
  writeFileSync(join(folder, 'work/a.txt'), 'mine\n');
  await expect(remote.checkOut(next)).rejects.toMatchObject({ code: 'usage' });
  git(join(folder, 'work'), 'checkout', '-q', '--', 'a.txt');
  await remote.checkOut(next);
  expect(git(join(folder, 'work'), 'rev-parse', 'HEAD')).toBe(next);
});
