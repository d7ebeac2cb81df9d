import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import type { Seed } from '../../src/sandbox/store/seed.ts';
import { callMain } from './call-main.ts';

export const CLI = resolve(process.env['SAILPLAN_CLI'] ?? 'dist/cli.mjs');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A working folder with catalog.json beside a shop of its own, and the built program to run there. */
export interface Desk {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly env: Record<string, string>;
  run(...words: readonly string[]): Promise<Ran>;
  /** The same, for a command that must end with this code. */
  must(code: number, ...words: readonly string[]): Promise<string>;
  plan(...flags: readonly string[]): Promise<Plan>;
  read(path: string): string;
  write(path: string, content: string | object): void;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: the program's answer, looked at field by field
type Plan = any;

export async function openDesk(
  seed: Seed = demoShop(),
  catalog: object = demoExport(),
  port = 0,
): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-desk-'));
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
  const run = async (...words: readonly string[]): Promise<Ran> => {
    const { code, stdout, stderr } = await callMain(words, { folder, env, timeoutMs: 60_000, bin: 'cli' });
    return { code, out: stdout, err: stderr };
  };
  const must = async (code: number, ...words: readonly string[]) => {
    const ran = await run(...words);
    expect({ words, code: ran.code, err: ran.code === code ? '' : ran.err + ran.out }).toEqual({
      words,
      code,
      err: '',
    });
    return ran.out;
  };
  return {
    folder,
    sandbox,
    env,
    run,
    must,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    plan: async (...flags) =>
      JSON.parse(await must(0, 'plan', '--desired', 'catalog.json', '--create-missing', '--json', ...flags)),
    close: async () => {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function start(words: readonly string[], cwd: string, env: Record<string, string>): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CLI, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}
