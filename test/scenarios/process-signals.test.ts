import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { verifyChain } from '../../src/approval/archive/hash-chain.ts';
import { seededRandom } from '../../src/sandbox/server/fault-injection.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server/server.ts';
import { CANARY, leakingFiles, leaksIn } from '../support/canary.ts';
import { draws } from '../support/draws.ts';
import {
  createWorkspace,
  EXPORT,
  type ProgramResult,
  removeWorkspaces,
  type Workspace,
} from '../support/workspace.ts';

/** `make sim` asks for 100 and 50. */
const KILLS = Number(process.env['KILLS'] ?? draws(6, 100));
const RACERS = Number(process.env['RACERS'] ?? draws(6, 50));
const LONG_MS = 600_000;

const latency = { scale: 0.5, workers: 2 };
let port = 0;
let id = '';
let planned: Workspace;
let reached = '';
const open: Sandbox[] = [];

/** The same shop at the same address each time: the plan names it. */
async function shop(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ port, tokens: { full: CANARY }, ...options });
  port = Number(new URL(sandbox.url).port);
  open.push(sandbox);
  return sandbox;
}

const env = (): NodeJS.ProcessEnv => ({
  SALEOR_API_URL: `http://127.0.0.1:${port}/graphql/`,
  SALEOR_TOKEN: CANARY,
});

/** A folder with the approved plan, as every trial begins. */
function trial(): Workspace {
  const at = createWorkspace();
  cpSync(join(planned.path, 'plans'), join(at.path, 'plans'), { recursive: true });
  return at;
}

const apply = (...more: readonly string[]) => ['apply', id, '--no-policy', ...more];

beforeAll(async () => {
  const sandbox = await shop();
  planned = createWorkspace();
  const plan = ['plan', '--desired', EXPORT, '--create-missing', '--sync-attributes', '--sync-products'];
  expect(await planned.call(plan, { env: env() })).toMatchObject({ code: 0 });
  [id = ''] = planned.ids();
  expect(await planned.call(['approve', id, '--as', 'ada@example.com', '--yes'])).toMatchObject({ code: 0 });
  const at = trial();
  expect(await at.call(apply(), { env: env() })).toMatchObject({ code: 0 });
  reached = stateOf(sandbox);
  await sandbox.close();
}, LONG_MS);
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});
afterAll(removeWorkspaces);

/** What the shop holds, without ids and times. */
function stateOf({ store }: Sandbox): string {
  const values = [...store.values.values()].map(({ attribute, name, slug, externalReference }) =>
    JSON.stringify([store.attributes.get(attribute)?.slug, name, slug, externalReference]),
  );
  const slugOf = (pk: number) => store.values.get(pk)?.slug;
  const products = [...store.products.values()].map((product) => {
    const held = [...product.assigned].map(([pk, list]) => [
      store.attributes.get(pk)?.slug,
      list.map(slugOf).sort(),
    ]);
    return JSON.stringify([product.slug, [...product.metadata].sort(), held.sort()]);
  });
  return [...values.sort(), ...products.sort()].join('\n');
}

/** Values that were created and are there twice: by name in one attribute, or by reference. */
function duplicatesIn({ store }: Sandbox): readonly string[] {
  const seen = new Set<string>();
  return [...store.values.values()].flatMap(({ attribute, name, externalReference }) => {
    const names = [
      `${attribute} ${name}`,
      ...(externalReference === null ? [] : [`reference ${externalReference}`]),
    ];
    const again = names.filter((one) => seen.has(one));
    for (const one of names) seen.add(one);
    return again;
  });
}

/** Every journal line parses but for a torn last one; the archive's chain holds but for a torn last line. */
function assertValid(at: Workspace): void {
  for (const name of at.files().filter((file) => file.endsWith('journal.jsonl'))) {
    for (const line of at.read(name).split('\n').slice(0, -1)) JSON.parse(line);
  }
  for (const name of at
    .files()
    .filter((file) => file.startsWith('plans/archive/') && file.endsWith('.jsonl'))) {
    const chain = verifyChain(at.read(name));
    expect(chain.ok || chain.problem.kind === 'torn').toBe(true);
  }
  for (const name of at.files().filter((file) => file.endsWith('.json'))) at.json(name);
}

const said = (runs: readonly ProgramResult[]): string =>
  runs.map(({ stdout, stderr }) => stdout + stderr).join('');

test(
  `an apply that is ended by TERM or KILL at any instant is finished by the next ones (${KILLS} instants)`,
  async () => {
    const draw = seededRandom(8);
    const codes: (number | null)[] = [];
    for (let number = 0; number < KILLS; number += 1) {
      const sandbox = await shop({ latency });
      const at = trial();
      const signal = number % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
      const started = at.start(apply(), { env: env() });
      const timer = setTimeout(() => started.kill(signal), 250 + draw() * 2_250);
      const runs: ProgramResult[] = [await started.done];
      clearTimeout(timer);
      codes.push(runs[0]?.code ?? null);
      assertValid(at);
      for (let attempt = 0; attempt < 3 && runs.at(-1)?.code !== 0; attempt += 1) {
        runs.push(await at.call(apply(), { env: env() }));
      }
      expect({ code: runs.at(-1)?.code, said: runs.length > 3 ? said(runs) : '' }).toEqual({
        code: 0,
        said: '',
      });
      expect(stateOf(sandbox)).toBe(reached);
      expect(duplicatesIn(sandbox)).toEqual([]);
      expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true });
      expect(leakingFiles(at.path)).toEqual([]);
      expect(leaksIn(said(runs))).toEqual([]);
      assertValid(at);
      await sandbox.close();
    }
    console.log(`exit codes of the ended runs: ${codes.join(' ')}`);
  },
  LONG_MS,
);

/** Resolves once the shop is asked to change its catalogue: the run's own entry in the app's metadata comes before. */
function firstWrite(sandbox: Sandbox, hold: Promise<unknown> = Promise.resolve()): Promise<void> {
  return new Promise((seen) => {
    sandbox.intercept = async ({ kind, fields }) => {
      if (kind !== 'mutation' || fields.every(({ name }) => name === 'updatePrivateMetadata'))
        return undefined;
      seen();
      await hold;
      return undefined;
    };
  });
}

test(
  'a first signal lets what is in flight end, writes journal and report, and exits 5',
  async () => {
    const sandbox = await shop({ latency });
    const at = trial();
    const writing = firstWrite(sandbox);
    const started = at.start(apply(), { env: env() });
    await writing;
    started.kill('SIGTERM');
    const ended = await started.done;
    expect(ended).toMatchObject({ code: 5 });
    expect(ended.stderr).toContain('Stopping: waits for the requests in flight');
    expect(ended.stdout).toMatch(/Next: +To resume, run the same apply again/);
    const report = at.json(`plans/${id}/report.json`);
    expect(report.converged).toBe(false);
    expect(report.totals.not_attempted).toBeGreaterThan(0);
    expect(report.totals.unknown + report.totals.failed).toBe(0);
    const events = at
      .read(`plans/${id}/runs/1/journal.jsonl`)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events.filter((event) => event === 'intent')).toHaveLength(
      events.filter((event) => event === 'outcome').length,
    );
    expect(events.at(-1)).toBe('finished');
    expect(leakingFiles(at.path)).toEqual([]);
    expect(at.files().filter((name) => name.startsWith('plans/.lock-'))).toEqual([]);
  },
  LONG_MS,
);

test(
  'a second signal exits at once and leaves no lock; the journal is valid, and the same apply resumes',
  async () => {
    const sandbox = await shop({ latency });
    const at = trial();
    let letGo = (_: unknown): void => undefined;
    const writing = firstWrite(
      sandbox,
      new Promise((go) => {
        letGo = go;
      }),
    );
    const started = at.start(apply(), { env: env() });
    await writing;
    started.kill('SIGTERM');
    await new Promise((later) => setTimeout(later, 100));
    started.kill('SIGTERM');
    expect(await started.done).toMatchObject({ code: 143 });
    letGo(null);
    sandbox.intercept = undefined;
    assertValid(at);
    expect(at.files().filter((name) => name.includes('.lock-'))).toEqual([]);
    const resumed = await at.call(apply(), { env: env() });
    expect(resumed).toMatchObject({ code: 0 });
    expect(leaksIn(said([resumed]))).toEqual([]);
    expect(leakingFiles(at.path)).toEqual([]);
    expect(stateOf(sandbox)).toBe(reached);
    // The run that was killed is told, too.
    expect(at.json(`plans/${id}/report.json`).runs).toMatchObject([
      { number: 1, finished_at: null },
      { number: 2 },
    ]);
  },
  LONG_MS,
);

test(
  'a killed apply leaves its lock; the next one takes it over and says so',
  async () => {
    const sandbox = await shop({ latency });
    const at = trial();
    const writing = firstWrite(sandbox);
    const started = at.start(apply(), { env: env() });
    await writing;
    started.kill('SIGKILL');
    await started.done;
    sandbox.intercept = undefined;
    expect(at.files().filter((name) => name.startsWith('plans/.lock-'))).toHaveLength(1);
    const resumed = await at.call(apply(), { env: env() });
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stderr).toContain(
      `took over the lock of process ${started.pid}, which applied plan ${id}`,
    );
    expect(at.files().filter((name) => name.includes('.lock-'))).toEqual([]);
    expect(stateOf(sandbox)).toBe(reached);
  },
  LONG_MS,
);

test(
  'a signal before the first write: nothing was written, no lock is left',
  async () => {
    const sandbox = await shop({ latency });
    const at = trial();
    let letGo = (_: unknown): void => undefined;
    const hold = new Promise((go) => {
      letGo = go;
    });
    const reading = new Promise<void>((seen) => {
      sandbox.intercept = async () => {
        seen();
        await hold;
        return undefined;
      };
    });
    const started = at.start(apply(), { env: env() });
    await reading;
    started.kill('SIGINT');
    await new Promise((later) => setTimeout(later, 100));
    letGo(null);
    const ended = await started.done;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('nothing was written');
    expect(sandbox.log.counts.mutations).toBe(0);
    expect(at.files().filter((name) => name.includes('.lock-'))).toEqual([]);
  },
  LONG_MS,
);

test(
  `${RACERS} processes race to apply one plan: one does, the others name who holds the lock`,
  async () => {
    const sandbox = await shop();
    const at = trial();
    let letGo = (_: unknown): void => undefined;
    firstWrite(
      sandbox,
      new Promise((go) => {
        letGo = go;
      }),
    );
    const runs: Promise<ProgramResult>[] = [];
    let refused = 0;
    for (let number = 0; number < RACERS; number += 1) {
      const run = at.start(apply(), { env: env() }).done.then((ended) => {
        refused += 1;
        if (refused === RACERS - 1) letGo(null);
        return ended;
      });
      runs.push(run);
      // Twelve start together; the others follow, as long as the first one writes.
      if (number % 12 === 11)
        await Promise.race([Promise.all(runs), new Promise((later) => setTimeout(later, 2_500))]);
    }
    const ended = await Promise.all(runs);
    expect(ended.filter(({ code }) => code === 0)).toHaveLength(1);
    const others = ended.filter(({ code }) => code !== 0);
    for (const { code, stderr } of others) {
      expect(code).toBe(3);
      expect(stderr).toMatch(/by process \d+ on \S+, which may be running/);
    }
    expect(stateOf(sandbox)).toBe(reached);
    expect(duplicatesIn(sandbox)).toEqual([]);
    expect(leakingFiles(at.path)).toEqual([]);
    expect(leaksIn(said(ended))).toEqual([]);
    expect(at.files().filter((name) => name.includes('.lock-'))).toEqual([]);
  },
  LONG_MS,
);
