import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoExport, demoShop } from '../../sandbox/demo/demo-shop.ts';
import { startSandbox } from '../../sandbox/server/server.ts';
import type { Args, Io } from '../io.ts';

/** Runs all steps in a temporary folder, on the embedded shop. Each command is the real one, in its own process. */
export async function run(_: Args, io: Io): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-demo-'));
  const sandbox = await startSandbox({ seed: demoShop() });
  try {
    writeFileSync(join(folder, 'catalog.json'), `${JSON.stringify(demoExport(), null, 1)}\n`);
    writeFileSync(join(folder, 'sailplan.policy.json'), POLICY);
    const env = {
      ...process.env,
      SALEOR_API_URL: sandbox.url,
      SALEOR_TOKEN: sandbox.tokens.full,
      // The person's own shop is not used.
      SALEOR_TOKEN_FILE: undefined,
      SALEOR_CHANNEL_SLUG: undefined,
      ...(io.hasColor ? { FORCE_COLOR: '1' } : {}),
    };
    const sailplan = async (say: string, ...words: readonly string[]): Promise<number> => {
      io.out(`\n${say}\n$ sailplan ${words.map(quoted).join(' ')}`);
      return call(words, folder, env, io);
    };
    io.out('A Wagtail site with 24 offerings (catalog.json), and a Saleor shop that differs from it.');
    for (const [say, wanted, words] of STEPS) {
      const code = await sailplan(say, ...words.map((word) => (word === 'ID' ? planIn(folder) : word)));
      if (code === wanted) continue;
      io.err(`The demo failed here: exit code ${code}, not ${wanted}.`);
      return 1;
    }
    io.out('\nDone: plan, review, approve, apply, report. Next: sailplan --help');
    return 0;
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing'];

/** Text before the command, expected exit code, arguments; ID is replaced by the plan's id. */
const STEPS: readonly (readonly [string, number, readonly string[]])[] = [
  ['1. Compare both sides and write a plan.', 0, PLAN],
  ['2. Review it. In a team this happens in a pull request, on review.md.', 0, ['show', 'ID', '--summary']],
  ['3. Apply it without an approval: the policy in this folder refuses it (exit 3).', 3, ['apply', 'ID']],
  [
    '4. Approve exactly this plan.',
    0,
    ['approve', 'ID', '--as', 'ada@example.com', '--yes', '--comment', 'read it line by line'],
  ],
  ['5. Apply it.', 0, ['apply', 'ID']],
  ['6. Plan again: nothing is left to change.', 0, PLAN],
];

const planIn = (folder: string): string =>
  readdirSync(join(folder, 'plans')).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';

const POLICY = `${JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: { approvals: 1, max_age_hours: 24 } }, null, 2)}\n`;

const quoted = (word: string): string => (/^[\w./@:=-]+$/.test(word) ? word : `"${word}"`);

/** Runs this very program; its output is passed on as it comes. */
function call(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./cli.mjs', import.meta.url)), ...words], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (text += part.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => {
      io.out(text);
      resolve(code ?? 1);
    });
  });
}
