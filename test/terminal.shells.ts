import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, jest, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts';
import { type Bench, bench, EXPORT, removeBenches, SNAPSHOT } from './support/bin.ts';

/** On a real terminal (util-linux's `script`), with what a person types there. */
jest.setTimeout(120_000);
let shop: Sandbox | undefined;
afterAll(async () => {
  removeBenches();
  await shop?.close();
});

const CLI = resolve('dist/cli.mjs');

/** What stood on the screen, and the exit code; `typed` is there before the program asks for anything. */
function onTerminal(
  at: Bench,
  words: readonly string[],
  { typed = '', columns = 80, env = {} }: { typed?: string; columns?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<{ screen: string; code: number }> {
  const line = ['stty', 'cols', String(columns), ';', process.execPath, CLI, ...words].join(' ');
  return new Promise((done) => {
    const child = execFile(
      'script',
      ['-qec', line, '/dev/null'],
      { cwd: at.path, env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
      (error, stdout) => done({ screen: stdout, code: Number(error?.code ?? 0) }),
    );
    child.stdin?.write(typed);
  });
}

const planIn = (at: Bench) =>
  readdirSync(`${at.path}/plans`).find((name) => /^[0-9a-f]{16}$/.test(name)) as string;

test('a dialogue takes answers that were typed ahead, and none is lost', async () => {
  const at = bench();
  shop = await startSandbox();
  const env = { SALEOR_API_URL: shop.url, SALEOR_TOKEN: shop.tokens.full };
  const { screen, code } = await onTerminal(at, ['init'], { typed: `${EXPORT}\ngithub\n`, env });
  expect([code, screen]).toEqual([0, expect.stringContaining('CI files for github or gitlab')]);
  expect(existsSync(`${at.path}/.github/workflows`)).toBe(true);
});

test('an id that is typed approves; another word approves nothing', async () => {
  const at = bench();
  await at.call(['plan', '--desired', EXPORT, '--actual', SNAPSHOT, '--create-missing']);
  const id = planIn(at);
  const words = ['approve', id, '--as', 'ada@example.com'];
  const refused = await onTerminal(at, words, { typed: 'yes\n' });
  expect([refused.code, existsSync(`${at.path}/plans/${id}/approvals`)]).toEqual([3, false]);
  const approved = await onTerminal(at, words, { typed: `${id}\n` });
  expect([approved.code, existsSync(`${at.path}/plans/${id}/approvals`)]).toEqual([0, true]);
});

test('on 20 columns everything is there, and nothing breaks', async () => {
  const at = bench();
  await at.call(['plan', '--desired', EXPORT, '--actual', SNAPSHOT, '--create-missing']);
  const id = planIn(at);
  for (const words of [['--help'], ['plan', '--help'], ['show', id, '--summary'], ['show', id], ['status']]) {
    const { screen, code } = await onTerminal(at, words, { columns: 20 });
    expect([words, code]).toEqual([words, 0]);
    expect(screen).not.toMatch(/internal error|NaN|undefined/);
  }
  const { screen } = await onTerminal(at, ['show', id], { columns: 20 });
  const { changes } = JSON.parse(at.read(`plans/${id}/plan.json`));
  const shown = stripVTControlCharacters(screen).replace(/\s/g, '');
  expect(changes.filter(({ ref }: { ref: string }) => !shown.includes(ref))).toEqual([]);
});
