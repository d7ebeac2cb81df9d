import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';
import { callMain } from './call-main.ts';

/** The built program, for scripts that call it; SAILPLAN_CLI names another build than dist/. */
export const CLI = resolve(process.env['SAILPLAN_CLI'] ?? 'dist/cli.mjs');

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A working folder with catalog.json and a shop of its own. */
export interface ShopWorkspace {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly env: Record<string, string>;
  run(...words: readonly string[]): Promise<CommandResult>;
  /** Runs a command, expects this exit code and returns stdout. */
  runExpecting(code: number, ...words: readonly string[]): Promise<string>;
  /** Runs `plan --create-missing --json` and returns its document. */
  plan(...flags: readonly string[]): Promise<Plan>;
  read(path: string): string;
  write(path: string, content: string | object): void;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a document whose members a test reads freely
type Plan = any;

export async function openShopWorkspace(
  seed: Seed = demoShop(),
  catalog: object = demoExport(),
  port = 0,
): Promise<ShopWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-shop-'));
  const sandbox = await startSandbox({ seed, port });
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    NO_COLOR: '1',
    SALEOR_API_URL: sandbox.url,
    SALEOR_TOKEN: sandbox.tokens.full,
  };
  const write = (path: string, content: string | object) =>
    writeFileSync(
      join(folder, path),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  write('catalog.json', catalog);
  const run = (...words: readonly string[]) => runCommand(words, folder, env);
  const runExpecting = async (code: number, ...words: readonly string[]) => {
    const result = await run(...words);
    expect({ words, code: result.code, err: result.code === code ? '' : result.err + result.out }).toEqual({
      words,
      code,
      err: '',
    });
    return result.out;
  };
  return {
    folder,
    sandbox,
    env,
    run,
    runExpecting,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    plan: async (...flags) =>
      JSON.parse(
        await runExpecting(0, 'plan', '--desired', 'catalog.json', '--create-missing', '--json', ...flags),
      ),
    close: async () => {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one command in this process, in a folder and with nothing else in its environment. */
export async function runCommand(
  words: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  const { code, stdout, stderr } = await callMain(words, { folder, env, timeoutMs: 60_000, bin: 'cli' });
  return { code, out: stdout, err: stderr };
}
