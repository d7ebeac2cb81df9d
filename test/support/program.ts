import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server/server.ts';
import { callMain } from './call-main.ts';

/** The built program; SAILPLAN_DIST names another build than dist/. */
const DIST = resolve(process.env['SAILPLAN_DIST'] ?? 'dist');
export const EXPORT = resolve('test/recordings/wagtail-export.json');
export const SNAPSHOT = resolve('test/recordings/shop-snapshot.json');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly pid: number;
  readonly done: Promise<Run>;
  /** What it has written to standard output so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface CallOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly bin?: 'cli' | 'sync';
  /** How long it may take (20 s); what takes longer is ended. */
  readonly timeoutMs?: number;
}

/** A temporary folder in which the program runs. Nothing of this process's environment gets in. */
export interface Bench {
  readonly path: string;
  /** Runs main in this process, one call after another. With `input` it runs the built bin, as standard input is a descriptor. */
  call(words: readonly string[], options?: CallOptions): Promise<Run>;
  /** Runs the built bin: for promises about the process itself, the bundle, or runs at the same time. */
  callBin(words: readonly string[], options?: CallOptions): Promise<Run>;
  /** Starts the built bin without waiting for its end. */
  start(words: readonly string[], options?: CallOptions): Started;
  /** Any other program, for example a shell or `script`, with SAILPLAN and SYNC as the built bins. */
  shell(line: string, options?: CallOptions): Promise<Run>;
  /** The files there, with slashes, sorted; folders without files as `name/`. */
  files(): readonly string[];
  read(path: string): string;
  json(path: string): Bent;
  write(path: string, content: string | Uint8Array): string;
  /** Ids of the plans in plans/. */
  ids(): readonly string[];
  remove(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a document that a test looks into or bends
export type Bent = any;

const benches: Bench[] = [];
export const removeBenches = (): void => {
  for (const one of benches.splice(0)) one.remove();
};

export function bench(): Bench {
  const path = mkdtempSync(join(tmpdir(), 'sailplan-scenario-'));
  const environment = (given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: path,
    SAILPLAN: `${process.execPath} ${join(DIST, 'cli.mjs')}`,
    SYNC: `${process.execPath} ${join(DIST, 'sync.mjs')}`,
    ...given,
  });
  const run = (
    program: string,
    words: readonly string[],
    { env, input, timeoutMs = 20_000 }: CallOptions = {},
  ): Started => {
    const child = spawn(program, [...words], { cwd: path, env: environment(env), stdio: 'pipe' });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (part: string) => {
        texts[name] += part;
      });
    }
    // Nothing here takes long: what hangs is ended, and its exit code is null.
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('close', () => clearTimeout(late));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const done = new Promise<Run>((ended, failed) => {
      child.on('error', failed);
      child.on('close', (code) => ended({ code, ...texts }));
    });
    return { pid: child.pid ?? 0, done, said: () => texts.stdout, kill: (signal) => void child.kill(signal) };
  };
  const start = (words: readonly string[], options: CallOptions = {}) =>
    run(process.execPath, [join(DIST, `${options.bin ?? 'cli'}.mjs`), ...words], options);
  const call = (words: readonly string[], options: CallOptions = {}): Promise<Run> => {
    if (options.input !== undefined) return start(words, options).done;
    const { bin = 'cli', timeoutMs = 20_000 } = options;
    return callMain(words, { folder: path, env: environment(options.env), timeoutMs, bin });
  };
  const one: Bench = {
    path,
    start,
    call,
    callBin: (words, options) => start(words, options).done,
    shell: (line, options) => run('bash', ['-c', line], options).done,
    files: () => treeOf(path).sort(),
    read: (name) => readFileSync(join(path, name), 'utf8'),
    json: (name) => JSON.parse(readFileSync(join(path, name), 'utf8')),
    write: (name, content) => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    ids: () => treeOf(path).flatMap((name) => /^plans\/([0-9a-f]{16})\/plan\.json$/.exec(name)?.[1] ?? []),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  benches.push(one);
  return one;
}

function treeOf(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const inside = treeOf(join(path, entry.name));
    return inside.length === 0 ? [`${entry.name}/`] : inside.map((name) => `${entry.name}/${name}`);
  });
}

/** The variables that name a sandbox. */
export const shopEnv = ({ url, tokens }: Sandbox): NodeJS.ProcessEnv => ({
  SALEOR_API_URL: url,
  SALEOR_TOKEN: tokens.full,
});

/** What an error must be: one message with a next step, no stack, nothing on stdout. Gives the message. */
export function onlyError({ stdout, stderr }: Run): string {
  const said = stderr.split('\n').filter((line) => line !== '');
  if (stdout !== '') throw new Error(`stdout is not empty: ${stdout.slice(0, 300)}`);
  if (!/^(sailplan|sync_wagtail_to_saleor): \S/.test(said[0] ?? '')) throw new Error(`no message: ${stderr}`);
  if (said.length < 2 || said.slice(1).some((line) => !/^ {2,4}\S/.test(line)))
    throw new Error(`not one message with its next step: ${stderr}`);
  if (/internal error|\.mjs|^\s+at |undefined|\[object/m.test(stderr))
    throw new Error(`not for a person: ${stderr}`);
  return stderr;
}

/** The recorded export, bent; without its checksum, which is there to be missed in one test only. */
export function exportWith(bend: (document: Bent) => void): string {
  const document = JSON.parse(readFileSync(EXPORT, 'utf8'));
  bend(document);
  delete document.content_sha256;
  return JSON.stringify(document);
}

/** The members in another order, at every level; lists stay as they are. */
export function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, shuffled(member)] as const);
  return Object.fromEntries(members.reverse());
}

/** What `apply --json` said, line by line; the last event is `finished` and holds the report. */
export const eventsIn = (stdout: string): readonly Bent[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const reportIn = (stdout: string): Bent => eventsIn(stdout).at(-1).report;
