import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';
import { reportIn } from '../../support/program.ts';
import { type Catalogue, contract, exportOf, type Naming } from './catalogue.ts';
import type { World } from './world.ts';

/** The built program; SAILPLAN_DIST names another build than dist/. */
const CLI = resolve(process.env['SAILPLAN_DIST'] ?? 'dist', 'cli.mjs');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built program, in the world's folder. */
export function sailplan(world: World, ...words: readonly string[]): Promise<Ran> {
  if (!existsSync(CLI)) throw new Error(`${CLI} is not there: make build first`);
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CLI, ...words], {
      cwd: world.folder,
      env: {
        PATH: process.env['PATH'],
        SALEOR_API_URL: world.apiUrl,
        SALEOR_TOKEN: world.token,
        NO_COLOR: '1',
      },
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
  const report: Document = out === '' ? null : reportIn(out);
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
  expect(report).toMatchObject({ converged: true, complete: planned.summary.left_out === 0 });
  expect((await plan(world, ...flags)).plan).toBeNull();
  return planned;
}
