import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import { callMain } from '../../support/call-main.ts';
import { finalReport } from '../../support/workspace.ts';
import { type Catalogue, contract, exportOf, type Naming } from './catalogue.ts';
import type { World } from './world.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A batch of writes to a real shop may take minutes. */
const TIMEOUT_MS = 600_000;

/** Runs the program in the world's folder: main in this process, or the built bin of the folder that SAILPLAN_DIST names. */
export async function sailplan(world: World, ...words: readonly string[]): Promise<Ran> {
  const env = { SALEOR_API_URL: world.apiUrl, SALEOR_TOKEN: world.token, NO_COLOR: '1' };
  const dist = process.env['SAILPLAN_DIST'];
  if (dist !== undefined) return runBin(join(resolve(dist), 'cli.mjs'), words, { cwd: world.folder, env });
  const call = { folder: world.folder, env, timeoutMs: TIMEOUT_MS, bin: 'cli' } as const;
  const { code, stdout, stderr } = await callMain(words, call);
  return { code, out: stdout, err: stderr };
}

function runBin(
  path: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ran> {
  if (!existsSync(path)) throw new Error(`${path} is not there: make build first`);
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [path, ...words], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** Lays out what Wagtail says and the contract. */
export function say(world: World, site: Catalogue, naming: Naming): void {
  const write = (name: string, document: object) =>
    writeFileSync(join(world.folder, name), JSON.stringify(document));
  write('catalog.json', exportOf(world.prefix, site));
  write('contract.json', contract(world.prefix, naming));
}

// biome-ignore lint/suspicious/noExplicitAny: documents of the tool, looked at field by field
type Document = any;

const SOURCE = ['--desired', 'catalog.json', '--contract', 'contract.json'];

export async function plan(world: World, ...flags: readonly string[]): Promise<Document> {
  const { code, out, err } = await sailplan(world, 'plan', ...SOURCE, '--json', ...flags);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

export async function approve(world: World, id: string): Promise<void> {
  const { code, err } = await sailplan(
    world,
    'approve',
    id,
    '--as',
    'ada@example.com',
    '--yes',
    '--comment',
    'read it',
  );
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
}

/** Without the mark: it would stand in the app's own metadata long after this run. */
export async function apply(world: World, id: string, ...flags: readonly string[]) {
  const words = ['apply', id, '--contract', 'contract.json', '--no-policy', '--no-mark', '--json', ...flags];
  const { code, out, err } = await sailplan(world, ...words);
  const report: Document = out === '' ? null : finalReport(out);
  return { code, report, err };
}

/** plan → approve → apply → converged → the next plan is empty. Gives the plan's answer. */
export async function converge(world: World, ...flags: readonly string[]): Promise<Document> {
  const planned = await plan(world, ...flags);
  expect(planned.plan).not.toBeNull();
  await approve(world, planned.id);
  const { code, report, err } = await apply(world, planned.id);
  const wrong = (report?.outcomes ?? []).filter(({ outcome }: Document) => outcome !== 'applied');
  expect({ code, wrong, err: code === 0 ? '' : err }).toEqual({ code: 0, wrong: [], err: '' });
  expect(report.converged).toBe(true);
  expect(report.skipped_pages).toHaveLength(planned.summary.skipped);
  expect((await plan(world, ...flags)).plan).toBeNull();
  return planned;
}
