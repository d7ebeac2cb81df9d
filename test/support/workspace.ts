import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server/server.ts';
import { callMain } from './call-main.ts';

/** Folder of the built program; SAILPLAN_DIST names another build than dist/. */
const DIST = resolve(process.env['SAILPLAN_DIST'] ?? 'dist');
export const EXPORT = resolve('test/recordings/wagtail-export.json');
export const SNAPSHOT = resolve('test/recordings/shop-snapshot.json');

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly pid: number;
  readonly done: Promise<ProgramResult>;
  /** Returns what it has written to stdout so far. */
  stdoutSoFar(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface CallOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly bin?: 'cli' | 'sync';
  /** Of `call` in this process: a folder in the workspace. */
  readonly folder?: string;
  /** 20 s if left out. A call in this process then throws; a process is killed, and its exit code is null. */
  readonly timeoutMs?: number;
}

/** A temporary folder in which the program runs. Nothing of this process's environment gets in. */
export interface Workspace {
  readonly path: string;
  /** Runs main in this process, one call after another. With `input` it runs the built bin, as standard input is a descriptor. */
  call(words: readonly string[], options?: CallOptions): Promise<ProgramResult>;
  /** Runs the built bin: for promises about the process itself, the bundle, or runs at the same time. */
  callBin(words: readonly string[], options?: CallOptions): Promise<ProgramResult>;
  /** Starts the built bin without waiting for its end. */
  start(words: readonly string[], options?: CallOptions): RunningProgram;
  /** Runs a line of bash, in which $SAILPLAN and $SYNC are the built bins. */
  shell(line: string, options?: CallOptions): Promise<ProgramResult>;
  /** Returns the relative paths of all files, sorted; an empty folder as `name/`. */
  files(): readonly string[];
  read(path: string): string;
  json(path: string): AnyDocument;
  /** Makes the folders of the path; returns the absolute path. */
  write(path: string, content: string | Uint8Array): string;
  /** Returns the ids of the plans in plans/. */
  ids(): readonly string[];
  remove(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a document whose members a test reads or changes freely
export type AnyDocument = any;

const openWorkspaces: Workspace[] = [];
export const removeWorkspaces = (): void => {
  for (const one of openWorkspaces.splice(0)) one.remove();
};

export function createWorkspace(): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'sailplan-scenario-'));
  const environment = (given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: path,
    SAILPLAN: `${process.execPath} ${join(DIST, 'cli.mjs')}`,
    SYNC: `${process.execPath} ${join(DIST, 'sync.mjs')}`,
    SAILPLAN_PAGER: 'cat',
    ...given,
  });
  const run = (
    program: string,
    words: readonly string[],
    { env, input, timeoutMs = 20_000 }: CallOptions = {},
  ): RunningProgram => {
    const child = spawn(program, [...words], { cwd: path, env: environment(env), stdio: 'pipe' });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (part: string) => {
        texts[name] += part;
      });
    }
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('close', () => clearTimeout(late));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const done = new Promise<ProgramResult>((ended, failed) => {
      child.on('error', failed);
      child.on('close', (code) => ended({ code, ...texts }));
    });
    return {
      pid: child.pid ?? 0,
      done,
      stdoutSoFar: () => texts.stdout,
      kill: (signal) => void child.kill(signal),
    };
  };
  const start = (words: readonly string[], options: CallOptions = {}) =>
    run(process.execPath, [join(DIST, `${options.bin ?? 'cli'}.mjs`), ...words], options);
  const call = (words: readonly string[], options: CallOptions = {}): Promise<ProgramResult> => {
    if (options.input !== undefined) return start(words, options).done;
    const { bin = 'cli', folder = '.', timeoutMs = 20_000 } = options;
    return callMain(words, { folder: join(path, folder), env: environment(options.env), timeoutMs, bin });
  };
  const one: Workspace = {
    path,
    start,
    call,
    callBin: (words, options) => start(words, options).done,
    shell: (line, options) => run('bash', ['-c', line], options).done,
    files: () => listTree(path).sort(),
    read: (name) => readFileSync(join(path, name), 'utf8'),
    json: (name) => JSON.parse(readFileSync(join(path, name), 'utf8')),
    write: (name, content) => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    ids: () => listTree(path).flatMap((name) => /^plans\/([0-9a-f]{16})\/plan\.json$/.exec(name)?.[1] ?? []),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  openWorkspaces.push(one);
  return one;
}

function listTree(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const inside = listTree(join(path, entry.name));
    return inside.length === 0 ? [`${entry.name}/`] : inside.map((name) => `${entry.name}/${name}`);
  });
}

/** The variables that name a sandbox. */
export const shopEnv = ({ url, tokens }: Sandbox): NodeJS.ProcessEnv => ({
  SALEOR_API_URL: url,
  SALEOR_TOKEN: tokens.full,
});

/** Returns stderr. Throws unless it is one message with its next step, without a stack, and stdout is empty. */
export function singleErrorOf({ stdout, stderr }: Pick<ProgramResult, 'stdout' | 'stderr'>): string {
  // Warnings of a read may come before the error.
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: '));
  if (stdout !== '') throw new Error(`stdout is not empty: ${stdout.slice(0, 300)}`);
  if (!/^(sailplan|sync_wagtail_to_saleor): \S/.test(lines[0] ?? ''))
    throw new Error(`no message: ${stderr}`);
  if (lines.length < 2 || lines.slice(1).some((line) => !/^ {2,4}\S/.test(line)))
    throw new Error(`not one message with its next step: ${stderr}`);
  if (/internal error|\.mjs|^\s+at |undefined|\[object/m.test(stderr))
    throw new Error(`not for a person: ${stderr}`);
  return stderr;
}

/** Returns the recorded export with changes, and without its checksum, which would no longer match. */
export function exportWith(change: (document: AnyDocument) => void): string {
  const document = JSON.parse(readFileSync(EXPORT, 'utf8'));
  change(document);
  delete document.content_sha256;
  return JSON.stringify(document);
}

/** Reverses the order of members at every level; lists stay as they are. */
export function withMembersReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMembersReversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withMembersReversed(member)] as const);
  return Object.fromEntries(members.reverse());
}

/** Parses the lines of `apply --json`. The last event is `finished` and contains the report. */
export const parseEvents = (stdout: string): readonly AnyDocument[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const finalReport = (stdout: string): AnyDocument => parseEvents(stdout).at(-1).report;
