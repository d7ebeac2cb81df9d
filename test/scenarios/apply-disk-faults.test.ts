import * as realFs from 'node:fs';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { CANARY, leakingFiles, leaksIn } from '../support/canary.ts';
import { stride } from '../support/draws.ts';

/** Every call of the file system and of the network that an apply makes fails in turn, once and for good. */

const armed = { failAt: Number.POSITIVE_INFINITY, isForGood: false, calls: 0, isOn: false, failed: '' };

/** A disk with so much room: what is written counts against it, and the part that fits is written. */
const disk = { freeBytes: Number.POSITIVE_INFINITY };

function takeRoom(bytes: Uint8Array, offset: number): number {
  const fits = Math.min(bytes.length - offset, disk.freeBytes);
  if (bytes.length > offset && fits <= 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  disk.freeBytes -= fits;
  return fits;
}

/** The N-th call from now on fails, as a full or dying disk makes it fail. */
function strike(name: string): void {
  if (!armed.isOn) return;
  armed.calls += 1;
  const isStruck = armed.calls === armed.failAt || (armed.isForGood && armed.calls > armed.failAt);
  if (!isStruck) return;
  armed.failed ||= name;
  throw Object.assign(new Error(`${name} failed`), { code: armed.calls % 2 === 0 ? 'ENOSPC' : 'EIO' });
}

const STRUCK = [
  'openSync',
  'writeSync',
  'fsyncSync',
  'fsync',
  'renameSync',
  'mkdirSync',
  'linkSync',
  'readFileSync',
  'ftruncateSync',
] as const;
const struckFs = Object.fromEntries(
  Object.entries(realFs).map(([name, value]) => [
    name,
    !(STRUCK as readonly string[]).includes(name)
      ? value
      : (...words: unknown[]) => {
          strike(name);
          if (name === 'writeSync' && Number.isFinite(disk.freeBytes)) {
            const [file, text, offset = 0] = words as [number, string | Uint8Array, number?];
            const bytes = typeof text === 'string' ? Buffer.from(text) : text;
            return realFs.writeSync(file, bytes, offset, takeRoom(bytes, offset));
          }
          return (value as (...given: unknown[]) => unknown)(...words);
        },
  ]),
);
jest.unstable_mockModule('node:fs', () => struckFs);
jest.unstable_mockModule('../../src/platform/system-clock.ts', () => ({
  systemClock: { now: () => Date.now(), sleep: async () => undefined },
}));

const { run } = await import('../../src/cli/commands/apply.ts');
const { run: planRun } = await import('../../src/cli/commands/plan.ts');
const { run: approveRun } = await import('../../src/cli/commands/approve.ts');
const { Failure } = await import('../../src/core/failure.ts');
const { createSecrets } = await import('../../src/platform/secret-redaction.ts');
const { verifyChain } = await import('../../src/approval/archive/hash-chain.ts');
const { parseJournal: entriesIn } = await import('../../src/apply/journal-history.ts');

let port = 0;
let id = '';
const root = mkdtempSync(join(tmpdir(), 'sailplan-faults-'));
const master = join(root, 'master');
const said: string[] = [];
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open: Sandbox[] = [];
afterEach(async () => {
  armed.isOn = false;
  for (const sandbox of open.splice(0)) await sandbox.close();
});

const shop = async (): Promise<Sandbox> => {
  const sandbox = await startSandbox({ seed: demoShop(), port, tokens: { full: CANARY } });
  port = Number(new URL(sandbox.url).port);
  open.push(sandbox);
  return sandbox;
};

const ioFor = (sandbox: Sandbox) => ({
  out: (text: string) => void said.push(text),
  page: async (text: string) => void said.push(text),
  err: (text: string) => void said.push(text),
  ask: async () => null,
  isTerminal: false,
  hasColor: false,
  width: 100,
  env: { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: CANARY },
  phase: () => undefined,
  progress: () => undefined,
  trace: () => undefined,
  redact: (text: string) => text,
  assertNoSecret: createSecrets({ SALEOR_TOKEN: CANARY }).assertNoSecret,
  stopOnSignal: () => () => false,
});

beforeAll(async () => {
  const sandbox = await shop();
  const io = ioFor(sandbox);
  realFs.mkdirSync(master, { recursive: true });
  realFs.writeFileSync(join(root, 'catalog.json'), JSON.stringify(demoExport()));
  await planRun(
    { desired: join(root, 'catalog.json'), out: master, 'create-missing': true, policy: false },
    io,
  );
  id = readdirSync(master).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
  await approveRun({ path: id, out: master, as: 'ada@example.com', yes: true }, io);
  await sandbox.close();
});

const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What a run came to: an exit code, or the failure's. */
async function applyIn(out: string, sandbox: Sandbox, more: object = {}): Promise<number> {
  try {
    return await run({ path: id, out, policy: false, mark: true, ...more }, ioFor(sandbox));
  } catch (error) {
    said.push(String(error));
    if (error instanceof Failure) return error.exitCode;
    throw error;
  }
}

/** Mutations of the catalogue that arrived, and the intents that were durable when each did. */
function watch(sandbox: Sandbox, out: string): { readonly broken: string[]; written: number } {
  const seen = { broken: [] as string[], written: 0 };
  sandbox.intercept = ({ kind, fields }) => {
    if (kind !== 'mutation') return undefined;
    const ours = fields.filter(({ name }) => name !== 'updatePrivateMetadata');
    seen.written += ours.length;
    const intents = filesIn(out)
      .filter((name) => name.endsWith('journal.jsonl'))
      .flatMap((name) => entriesIn(readFileSync(name, 'utf8')))
      .filter(({ event }) => event === 'intent');
    if (ours.length > 0 && intents.length < seen.written)
      seen.broken.push(ours.map(({ name }) => name).join());
    const archive = join(out, 'archive');
    if (ours.length > 0 && !existsSync(archive)) seen.broken.push('no archive line before the first write');
    return undefined;
  };
  return seen;
}

function assertReadable(out: string): void {
  expect(leakingFiles(out)).toEqual([]);
  for (const name of filesIn(out)) {
    const text = readFileSync(name, 'utf8');
    if (name.endsWith('.json')) JSON.parse(text);
    if (name.endsWith('journal.jsonl'))
      for (const line of text.split('\n').slice(0, -1)) if (line !== '') JSON.parse(line);
    if (name.includes('/archive/')) expect(verifyChain(text)).toMatchObject({ ok: true });
    if (name.includes('.lock-')) JSON.parse(text);
  }
}

async function everyCall(isForGood: boolean): Promise<{ runs: number; codes: Record<string, number> }> {
  const codes: Record<string, number> = {};
  for (let failAt = 1; ; failAt += stride(4)) {
    const out = join(root, `${isForGood}-${failAt}`);
    cpSync(master, out, { recursive: true });
    const sandbox = await shop();
    const seen = watch(sandbox, out);
    Object.assign(armed, { failAt, isForGood, calls: 0, isOn: true, failed: '' });
    const code = await applyIn(out, sandbox).finally(() => {
      armed.isOn = false;
    });
    const what = `${armed.failed || 'nothing'} at ${failAt}${isForGood ? ' and ever after' : ''}: exit ${code}`;
    codes[code] = (codes[code] ?? 0) + 1;
    expect({ what, broken: seen.broken }).toEqual({ what, broken: [] });
    assertReadable(out);
    // What was written to the shop is never told as if nothing had happened.
    if (seen.written > 0) expect({ what, isTold: code === 0 || code === 5 }).toEqual({ what, isTold: true });
    const isLocked = readdirSync(out).some((name) => name.startsWith('.lock-'));
    const again = await applyIn(out, sandbox, isLocked ? { 'force-unlock': id } : {});
    expect({ what, again }).toEqual({ what, again: 0 });
    assertReadable(out);
    const report = JSON.parse(readFileSync(join(out, id, 'report.json'), 'utf8'));
    expect({ what, converged: report.converged }).toEqual({ what, converged: true });
    await sandbox.close();
    rmSync(out, { recursive: true, force: true });
    if (armed.failed === '') return { runs: failAt, codes };
  }
}

test.each([false, true])('the N-th call of the file system fails (for good: %s)', async (isForGood) => {
  const { runs, codes } = await everyCall(isForGood);
  console.log(
    `${runs - 1} calls failed in turn, for good: ${isForGood}; exit codes ${JSON.stringify(codes)}`,
  );
  expect(runs).toBeGreaterThan(20);
  expect(leaksIn(said.join('\n'))).toEqual([]);
}, 300_000);

/** What the events said at the end, and what they said was done before. */
function toldBy(lines: readonly string[]) {
  const events = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const done = events
    .filter(({ event, state }) => event === 'outcome' && state === 'done')
    .flatMap(({ refs }) => refs as string[]);
  return { done: new Set(done), last: events.at(-1) };
}

const ROOM = [0, 100, 400, 900, 1_600, 2_500, 3_600, 4_900, 6_400, 8_100, 12_000, 20_000, 30_000];

test.each(ROOM)('a disk with %i bytes free: report, events and exit code say what was done', async (room) => {
  const out = join(root, `room-${room}`);
  cpSync(master, out, { recursive: true });
  const sandbox = await shop();
  const seen = watch(sandbox, out);
  const from = said.length;
  disk.freeBytes = room;
  const code = await applyIn(out, sandbox, { json: true }).finally(() => {
    disk.freeBytes = Number.POSITIVE_INFINITY;
  });
  const { done, last } = toldBy(said.slice(from));
  expect(last.event).toBe('finished');
  expect(last.exit_code).toBe(code);
  const outcomeIn = (report: Reported, ref: string) =>
    report.outcomes.find((one) => one.ref === ref)?.outcome;
  const reports = [last.report as Reported, ...storedReports(out)];
  for (const report of reports)
    for (const ref of done)
      expect({ ref, outcome: outcomeIn(report, ref) }).toEqual({ ref, outcome: 'applied' });
  if (seen.written > 0) expect([0, 5]).toContain(code);
  if (seen.written === 0) expect(last.report.totals).toMatchObject({ applied: 0 });
  // Nothing is kept that is cut off, but the last line of a journal.
  assertReadable(out);
  expect(readdirSync(out).filter((name) => name.startsWith('.lock-'))).toEqual([]);
  expect(await applyIn(out, sandbox)).toBe(0);
  await sandbox.close();
});

interface Reported {
  readonly outcomes: readonly { readonly ref: string; readonly outcome: string }[];
}

const storedReports = (out: string): readonly Reported[] =>
  filesIn(join(out, id))
    .filter((name) => /\/runs\/\d+\/report\.json$|[0-9a-f]{16}\/report\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(name, 'utf8')));

test.each([false, true])('the N-th request is lost, or its answer (for good: %s)', async (isForGood) => {
  const codes: Record<string, number> = {};
  for (const isExecuted of [false, true]) {
    let isStruck = true;
    for (let failAt = 1; isStruck; failAt += stride(3)) {
      const out = join(root, `net-${isForGood}-${failAt}`);
      cpSync(master, out, { recursive: true });
      const sandbox = await shop();
      const seen = watch(sandbox, out);
      const inner = sandbox.intercept;
      let calls = 0;
      isStruck = false;
      sandbox.intercept = async (request) => {
        await inner?.(request);
        calls += 1;
        if (!(calls === failAt || (isForGood && calls > failAt))) return undefined;
        isStruck = true;
        return { kind: 'drop', isExecuted };
      };
      // A shop that is gone for good is not waited for.
      const code = await applyIn(out, sandbox, { wait: 0 });
      const what = `request ${failAt}${isForGood ? ' and ever after' : ''}: exit ${code}`;
      codes[code] = (codes[code] ?? 0) + 1;
      expect({ what, broken: seen.broken }).toEqual({ what, broken: [] });
      assertReadable(out);
      if (seen.written > 0)
        expect({ what, isTold: code === 0 || code === 5 }).toEqual({ what, isTold: true });
      sandbox.intercept = undefined;
      const again = await applyIn(out, sandbox);
      expect({ what, again }).toEqual({ what, again: 0 });
      await sandbox.close();
      rmSync(out, { recursive: true, force: true });
    }
  }
  console.log(`exit codes, for good: ${isForGood}: ${JSON.stringify(codes)}`);
  expect(leaksIn(said.join('\n'))).toEqual([]);
}, 300_000);
