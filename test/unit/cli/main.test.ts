import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { VERSION } from '../../../src/core/version.ts';
import { callMain } from '../../support/call-main.ts';

const call = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  callMain(argv, { folder: tmpdir(), env, timeoutMs: 10_000, bin: 'cli' });

test('a requested text goes to stdout, and the exit code is 0', async () => {
  expect(await call(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

test('a failure is one line on stderr with its next step, and the exit code is that of its kind', async () => {
  const { code, stdout, stderr } = await call(['plan', '--desired', 'no\nsuch.json'], {
    SALEOR_API_URL: 'http://127.0.0.1:9/graphql/',
    SALEOR_TOKEN: 'a-token-of-some-length',
  });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^sailplan: no\\u\{a\}such\.json .*\n {2}\S.*\n$/);
});

test('a secret that was typed in the wrong place is not repeated in the message', async () => {
  const secret = 'hunter2-hunter2-hunter2';
  const { stderr } = await call(['plan', `--${secret}`], { SALEOR_TOKEN: secret });
  expect(stderr).toMatch(/^sailplan: /);
  expect(stderr).not.toContain(secret);
});

test('calls at the same time run one after another, each in its own folder and environment', async () => {
  const before = { folder: process.cwd(), env: process.env };
  const results = await Promise.all([call(['--version']), call(['no-such-command']), call(['--version'])]);
  expect(results.map(({ code }) => code)).toEqual([0, 1, 0]);
  expect({ folder: process.cwd(), env: process.env }).toEqual(before);
});
