import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { createWorkspace, EXPORT, removeWorkspaces, SNAPSHOT, type Workspace } from '../support/workspace.ts';

/** On a real terminal (util-linux's `script`), with what a person types there; more of it is in bad-input.test.ts. */
jest.setTimeout(120_000);
afterAll(removeWorkspaces);

const CLI = resolve('dist/cli.mjs');

/** What stood on the screen, and the exit code; `typed` is there before the program asks for anything. */
function onTerminal(
  at: Workspace,
  words: readonly string[],
  typed: string,
): Promise<{ screen: string; code: number }> {
  const line = [process.execPath, CLI, ...words].join(' ');
  return new Promise((done) => {
    const child = execFile('script', ['-qec', line, '/dev/null'], { cwd: at.path }, (error, stdout) =>
      done({ screen: stdout, code: Number(error?.code ?? 0) }),
    );
    child.stdin?.write(typed);
  });
}

const planIn = (at: Workspace) =>
  readdirSync(`${at.path}/plans`).find((name) => /^[0-9a-f]{16}$/.test(name)) as string;

test('an id that is typed approves; another word approves nothing', async () => {
  const at = createWorkspace();
  await at.call(['plan', '--desired', EXPORT, '--actual', SNAPSHOT, '--create-missing']);
  const id = planIn(at);
  const words = ['approve', id, '--as', 'ada@example.com'];
  const refused = await onTerminal(at, words, 'yes\n');
  expect([refused.code, existsSync(`${at.path}/plans/${id}/approvals`)]).toEqual([3, false]);
  const approved = await onTerminal(at, words, `${id}\n`);
  expect([approved.code, existsSync(`${at.path}/plans/${id}/approvals`)]).toEqual([0, true]);
});
