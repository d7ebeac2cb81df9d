import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createWorkspace, EXPORT, removeWorkspaces, SNAPSHOT, type Workspace } from '../support/workspace.ts';

/** What a terminal shows while the program computes, on a real one (util-linux’s `script`). */
jest.setTimeout(60_000);
let at: Workspace;
beforeAll(() => {
  at = createWorkspace();
  // Stands for work that takes long: the thread of the program does nothing else for 4 s while it reads the snapshot.
  at.write(
    'slow.cjs',
    `const fs = require('node:fs');
    const { openSync } = fs;
    fs.openSync = (path, ...more) => {
      if (path === ${JSON.stringify(SNAPSHOT)}) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
      return openSync(path, ...more);
    };
    require('node:module').syncBuiltinESMExports();`,
  );
});
afterAll(removeWorkspaces);

const ERASE = '\r\u001b[2K';
const PLAN = `plan --desired ${EXPORT} --actual ${SNAPSHOT} --create-missing`;

/** Everything that a terminal of 60 columns got. */
function screenOf(words: string, variables = ''): Promise<string> {
  const program = `${process.execPath} --require ${at.path}/slow.cjs ${resolve('dist/cli.mjs')} ${words}`;
  const line = `stty cols 60; export NO_COLOR=1 SAILPLAN_PAGER=cat ${variables}; ${program}`;
  return new Promise((done) => {
    execFile('script', ['-qec', line, '/dev/null'], { cwd: at.path }, (_, stdout) => done(stdout));
  });
}

test('a terminal shows what is done while the program cannot print, and the line is gone afterwards', async () => {
  const screen = await screenOf(PLAN);
  expect(screen).toContain(`${ERASE}reading the shop (2 s)`);
  const [, rest = ''] = /^([\s\S]*\u001b\[2K)([\s\S]*)$/.exec(screen)?.slice(1) ?? [];
  expect(rest).toMatch(/^Plan [0-9a-f]{16} for /);
});

test('a terminal shows what is done while the program waits for git', async () => {
  const git = execFileSync('which', ['git']).toString().trim();
  const shim = at.write('bin/git', `#!/bin/sh\nsleep 3\nexec ${git} "$@"\n`);
  chmodSync(shim, 0o755);
  execFileSync('git', ['init', '-q', at.path]);
  cpSync('plans', `${at.path}/plans`, { recursive: true });
  try {
    const screen = await screenOf('audit verify', `PATH=${at.path}/bin:$PATH`);
    expect(screen).toMatch(/\u001b\[2Kchecking the archives with their plans and reports \([23] s\)/);
    expect(screen.split(ERASE).at(-1)).toContain('2 lines are intact');
  } finally {
    rmSync(`${at.path}/.git`, { recursive: true });
  }
});

test('an error stands on a line of its own', async () => {
  const screen = await screenOf(`${PLAN} --only-slugs nowhere`);
  expect(screen).toContain(`${ERASE}reading the shop (2 s)`);
  expect(screen).toContain(`${ERASE}sailplan: --only-slugs`);
});

test.each(['--quiet', '--log json', '2>stderr'])('%s: nothing of it', async (words) => {
  const screen = await screenOf(`${PLAN} ${words}`);
  expect(screen).not.toContain('reading the shop');
  expect(screen).not.toContain(ERASE);
  if (words.startsWith('2>')) expect(at.read('stderr')).not.toMatch(/reading|\u001b/);
});

test('a question waits for its answer without it', async () => {
  const screen = await new Promise<string>((done) => {
    const line = `NO_COLOR=1 ${process.execPath} ${resolve('dist/cli.mjs')} init`;
    const child = execFile('script', ['-qec', line, '/dev/null'], { cwd: at.path }, (_, stdout) =>
      done(stdout),
    );
    setTimeout(() => child.stdin?.write('\u0003'), 4_000);
  });
  expect(screen).not.toContain('is working');
});
