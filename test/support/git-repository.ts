import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A git repository in a temporary folder, whose protected branch is `main`. */
export interface TestRepository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(path: string, content: string | Uint8Array): string;
  /** Commits everything at a time in milliseconds since 1970; returns the commit. */
  commit(message: string, atMs?: number): string;
  /** Merges a branch into the one checked out with a merge commit by `by`; returns the commit. */
  merge(branch: string, atMs?: number, by?: string): string;
  remove(): void;
}

/** Variables that make git read the settings of tests, and no others. */
export const GIT_SETTINGS = {
  GIT_CONFIG_GLOBAL: resolve('test/support/git.config'),
  GIT_CONFIG_NOSYSTEM: '1',
};

export function createRepository(nowMs: number): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  const run = (args: readonly string[], atMs: number, by = 'Max Roe <max@example.com>'): string => {
    const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(by) ?? [];
    const person = { AUTHOR: [name, email], COMMITTER: ['Forge', 'noreply@forge.example.com'] };
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...GIT_SETTINGS,
    };
    for (const [role, [who, where]] of Object.entries(person)) {
      env[`GIT_${role}_NAME`] = who;
      env[`GIT_${role}_EMAIL`] = where;
      env[`GIT_${role}_DATE`] = `${Math.floor(atMs / 1000)} +0000`;
    }
    return execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' })
      .toString()
      .trim();
  };
  const git = (...args: readonly string[]): string => run(args, nowMs);
  git('init', '-q', '-b', 'main');
  /** The commit just made, whose ref is a file. */
  const head = (): string => {
    const read = (path: string) => readFileSync(join(folder, '.git', path), 'utf8').trim();
    const [, ref] = /^ref: (.*)$/.exec(read('HEAD')) ?? [];
    return read(ref ?? 'HEAD');
  };
  return {
    folder,
    git,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      return join(folder, path);
    },
    commit(message, atMs = nowMs) {
      git('add', '-A');
      run(['commit', '-q', '--allow-empty', '-m', message], atMs);
      return head();
    },
    merge(branch, atMs = nowMs, by = 'Kim Doe <kim@example.com>') {
      run(['merge', '-q', '--no-ff', '-m', `Merge ${branch}`, branch], atMs, by);
      return head();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
