import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readAccept } from '../../src/approval/merge/accepted-hazards.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { Failure } from '../../src/core/failure.ts';
import { memberTwice } from '../../src/core/json/duplicate-members.ts';
import { HAZARDS } from '../../src/plan/hazards.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { draws } from '../support/draws.ts';
import { drawsOf, type Mutated, mutate } from '../support/mutate-file.ts';
import {
  type AnyDocument,
  createWorkspace,
  type ProgramResult,
  removeWorkspaces,
  type Workspace,
} from '../support/workspace.ts';

/**
 * Every file that a pull request could forge, changed at random: none is accepted that must be refused, none ends in a stack
 * trace, none takes 5 seconds or 600 MB.
 */
jest.setTimeout(1_200_000);

/** In this process, through main; and in processes of the built program. */
const CASES = Number(process.env['SEEDS'] ?? draws(200, 10_000));
/** In parts: THOROUGH=1 FIRST_SEED=5000 SEEDS=5000. */
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 0);
const BUILT_CASES = draws(20, 400);

let sandbox: Sandbox;
/** A plan that is approved, and one that was applied. */
let open: Workspace;
let done: Workspace;
let ids: { open: string; done: string };

const env = () => ({ SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full });

async function approved(at: Workspace): Promise<string> {
  const plan = ['plan', '--desired', 'catalog.json', '--create-missing', '--json'];
  const { stdout, stderr } = await at.call(plan, { env: env() });
  if (stdout === '') throw new Error(stderr);
  const { id } = JSON.parse(stdout);
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes'], { env: env() });
  return id;
}

function setUp(at: Workspace): void {
  at.write('catalog.json', JSON.stringify(demoExport()));
  at.write('contract.json', JSON.stringify(GTM_V1, null, 2));
  const { taxonomies } = demoExport() as AnyDocument;
  const keys = (taxonomies.capabilities ?? [{ key: 'a' }]).map(({ key }: AnyDocument) => key);
  at.write('registry.txt', `# ids\n${keys.join('\n')}\n`);
  const head = { format_version: '1.0' };
  at.write(
    'sailplan.policy.json',
    JSON.stringify({ format: 'sailplan-policy', ...head, default: { approvals: 1, max_age_hours: 24 } }),
  );
  at.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      ...head,
      contract: 'contract.json',
      capability_registry: 'registry.txt',
      policy: 'sailplan.policy.json',
    }),
  );
}

beforeAll(async () => {
  sandbox = await startSandbox({ seed: demoShop() });
  [open, done] = [createWorkspace(), createWorkspace()];
  setUp(open);
  setUp(done);
  const snapshot = await open.call(['snapshot', 'saleor'], { env: env() });
  open.write('shop.json', snapshot.stdout);
  ids = { open: await approved(open), done: await approved(done) };
  const lock = {
    ...{ pid: 4711, host: 'ci-runner', boot: null, started: null },
    ...{ plan: ids.open, at: '2026-11-23T09:00:00.000Z' },
  };
  open.write('lock', `${JSON.stringify(lock)}\n`);
  const other = await startSandbox({ seed: demoShop(), port: 0 });
  await other.close();
  const applied = await done.call(['apply', ids.done], { env: env() });
  expect([applied.code, applied.stderr]).toEqual([0, expect.any(String)]);
});
afterAll(async () => {
  await sandbox.close();
  removeWorkspaces();
});

const isThorough = process.env['THOROUGH'] === '1';

interface Kind {
  readonly at: () => Workspace;
  readonly path: () => string;
  /** File that is copied to `path` first; left out: `path` itself. */
  readonly from?: string;
  readonly words: () => readonly string[];
  /** Whether a change must be refused, that is end in another exit code than 0. */
  readonly mustRefuse: (before: Buffer, after: Buffer) => boolean;
}

/** Not what JSON readers agree on: two readers could see two documents. */
function isAmbiguous(_: Buffer, after: Buffer): boolean {
  const text = after.toString('utf8');
  if (!Buffer.from(text).equals(after)) return true;
  try {
    const value = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof value !== 'object' || memberTwice(text.replace(/^\ufeff/, '')) !== null || hasProto(value);
  } catch {
    return true;
  }
}

const hasProto = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.keys(value).includes('__proto__') || Object.values(value).some(hasProto));

const anyChange = (before: Buffer, after: Buffer): boolean => !before.equals(after);
const never = () => false;

/** The content that an export's digest covers. */
function losesContent(before: Buffer, after: Buffer): boolean {
  if (isAmbiguous(before, after)) return true;
  const [was, is] = [
    JSON.parse(before.toString()),
    JSON.parse(after.toString('utf8').replace(/^\ufeff/, '')),
  ];
  const isSame = isDeepStrictEqual([was.offerings, was.taxonomies], [is.offerings, is.taxonomies]);
  return was.content_sha256 !== undefined && was.content_sha256 === is.content_sha256 && !isSame;
}

/**
 * An archive that lost last lines cannot be told from one that never had them, and the time of the last line stands nowhere
 * else (SECURITY.md#the-archive).
 */
const isNoBeginning = (before: Buffer, after: Buffer): boolean => {
  const isBeginning = before.subarray(0, after.length).equals(after);
  if (isBeginning && (after.length === 0 || after.at(-1) === 0x0a)) return false;
  const [was, is] = [before, after].map((bytes) =>
    bytes.toString('latin1').replace(/"at":"[\dTZ:.-]{24}"(?=[^\n]*\n$)/, '"at":""'),
  );
  return was !== is;
};

const fileIn = (at: Workspace, pattern: RegExp): string =>
  at.files().find((file) => pattern.test(file)) ?? '';
const archiveIn = (at: Workspace): string => fileIn(at, /^plans\/archive\/.*\.jsonl$/);
const lockName = () => {
  const [, name = ''] = /archive\/(.*)\.jsonl$/.exec(archiveIn(done)) ?? [];
  return `plans/.lock-${name}`;
};

const KINDS: Readonly<Record<string, Kind>> = {
  plan: kindOf(
    () => `plans/${ids.open}/plan.json`,
    () => ['verify', ids.open],
    anyChange,
  ),
  approval: kindOf(
    () => fileIn(open, /\/approvals\/.*\.json$/),
    () => ['verify', ids.open],
    anyChange,
  ),
  policy: kindOf(
    () => 'sailplan.policy.json',
    () => ['verify', ids.open],
    isAmbiguous,
  ),
  config: kindOf(
    () => 'sailplan.config.json',
    () => ['verify', ids.open],
    isAmbiguous,
  ),
  contract: kindOf(
    () => 'contract.json',
    () => ['verify', ids.open],
    isAmbiguous,
  ),
  registry: kindOf(
    () => 'registry.txt',
    () => ['snapshot', 'wagtail', '--desired', 'catalog.json'],
    never,
  ),
  'registry in a lint': kindOf(
    () => 'registry.txt',
    () => ['lint', '--desired', 'catalog.json'],
    never,
  ),
  export: kindOf(
    () => 'catalog.json',
    () => ['snapshot', 'wagtail', '--desired', 'catalog.json'],
    losesContent,
  ),
  snapshot: kindOf(
    () => 'shop.json',
    () => ['plan', '--desired', 'catalog.json', '--actual', 'shop.json', '--out', 'other', '--json'],
    (before, after) => {
      const isReadable = !isAmbiguous(before, after) || memberTwice(after.toString('utf8')) !== null;
      return !isReadable;
    },
  ),
  provenance: kindOf(
    () => `plans/${ids.open}/provenance.json`,
    () => ['show', ids.open],
    never,
  ),
  lock: {
    ...kindOf(
      lockName,
      () => ['apply', ids.open],
      () => true,
    ),
    from: 'lock',
  },
  journal: kindOf(
    () => `plans/${ids.done}/runs/1/journal.jsonl`,
    () => ['status'],
    never,
    () => done,
  ),
  report: kindOf(
    () => `plans/${ids.done}/report.json`,
    () => ['audit', 'verify'],
    anyChange,
    () => done,
  ),
  'report that is shown': kindOf(
    () => `plans/${ids.done}/report.json`,
    () => ['show', `plans/${ids.done}/report.json`],
    never,
    () => done,
  ),
  'report code': kindOf(
    () => `plans/${ids.done}/runs/1/report.mac`,
    () => ['status'],
    never,
    () => done,
  ),
  archive: kindOf(
    () => archiveIn(done),
    () => ['audit', 'verify'],
    isNoBeginning,
    () => done,
  ),
};

function kindOf(
  path: Kind['path'],
  words: Kind['words'],
  mustRefuse: Kind['mustRefuse'],
  at: Kind['at'] = () => open,
): Kind {
  return { at, path, words, mustRefuse };
}

/** Of CPU time, whatever else the machine does; a hang ends at the call's own limit. */
const MOST_MS = 5_000;
const MOST_BYTES = 600 * 1024 * 1024;
const CRASH =
  /internal error|RangeError|TypeError|SyntaxError|^ +at .*[.:]\d+\)?$|Maximum call stack|heap out of memory/m;

/** Runs a command with a changed file in place, and puts the file back. */
async function withFile(
  { at, path }: Kind,
  before: Buffer,
  { bytes }: Mutated,
  run: () => Promise<ProgramResult>,
): Promise<ProgramResult & { readonly ms: number }> {
  const file = join(at().path, path());
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const begun = process.cpuUsage();
  try {
    const ended = await run();
    const { user, system } = process.cpuUsage(begun);
    return { ...ended, ms: (user + system) / 1000 };
  } finally {
    if (path() === lockName()) rmSync(file, { force: true });
    else writeFileSync(file, before);
    rmSync(join(at().path, 'other'), { recursive: true, force: true });
  }
}

const original = ({ at, path, from }: Kind): Buffer => Buffer.from(at().read(from ?? path()));

/** What is wrong with how a case ended; null: nothing. */
function faultOf(
  { mustRefuse }: Kind,
  before: Buffer,
  { bytes }: Mutated,
  { code, stdout, stderr, ms }: ProgramResult & { readonly ms: number },
): string | null {
  if (CRASH.test(stderr) || CRASH.test(stdout.slice(0, 2_000))) return `a crash: ${stderr.slice(0, 300)}`;
  if (code === null || code > 6) return `exit code ${code}: ${stderr.slice(0, 300)}`;
  if (ms > MOST_MS) return `${Math.round(ms)} ms`;
  return code === 0 && mustRefuse(before, bytes) ? 'it was accepted' : null;
}

test('unchanged, every command goes through but the locked apply, and the lint that names one page', async () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    const before = original(kind);
    const same = { name: '', bytes: before };
    const { code } = await withFile(kind, before, same, () => kind.at().call(kind.words(), { env: env() }));
    const wanted = name === 'lock' ? 3 : name === 'registry in a lint' ? 1 : 0;
    expect({ name, code }).toEqual({ name, code: wanted });
  }
});

test(`${CASES} changed files through the entry of the program`, async () => {
  const faults: string[] = [];
  const slowest = { ms: 0, what: '' };
  const kinds = Object.entries(KINDS);
  const files = kinds.map(([, kind]) => original(kind));
  const refused = new Map<string, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed += 1) {
    if (isThorough && seed % 500 === 0)
      process.stderr.write(`forged files: seed ${seed}, ${faults.length} faults\n`);
    const [name, kind] = kinds[seed % kinds.length] as [string, Kind];
    const before = files[seed % kinds.length] as Buffer;
    const changed = mutate(before, drawsOf(seed), files);
    const ended = await withFile(kind, before, changed, () =>
      kind.at().call(kind.words(), { env: env(), timeoutMs: 60_000 }),
    );
    if (ended.code !== 0) refused.set(name, (refused.get(name) ?? 0) + 1);
    if (ended.ms > slowest.ms) Object.assign(slowest, { ms: ended.ms, what: `${name}: ${changed.name}` });
    const fault = faultOf(kind, before, changed, ended);
    if (fault !== null) faults.push(`seed ${seed}, ${name}, ${changed.name}: ${fault}`);
  }
  if (isThorough)
    process.stderr.write(
      `forged files: ${CASES} cases, slowest ${JSON.stringify(slowest)}, refused ${JSON.stringify([...refused])}\n`,
    );
  expect(faults).toEqual([]);
});

test(`${Math.min(CASES, 2_000)} changed accept.json`, () => {
  const digest = 'a'.repeat(64);
  const before = Buffer.from(
    JSON.stringify({
      format: 'sailplan-accept',
      format_version: '1.0',
      plan_digest: digest,
      accepted_hazards: ['bulk_change'],
    }),
  );
  for (let seed = 0; seed < Math.min(CASES, 2_000); seed += 1) {
    const { bytes } = mutate(before, drawsOf(50_000 + seed), [Buffer.from('{"a":1}')]);
    let accepted: readonly string[] | null = null;
    try {
      accepted = readAccept(bytes, digest, Object.keys(HAZARDS));
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
    }
    if (accepted === null) continue;
    expect({ seed, isAmbiguous: isAmbiguous(before, bytes) }).toEqual({ seed, isAmbiguous: false });
    expect(JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))).toMatchObject({
      plan_digest: digest,
      accepted_hazards: accepted,
    });
  }
});

/** Tells the CPU time in µs and the most memory in kB that a process had, as its last line on stderr. */
const MEASURED = `--import "data:text/javascript,process.on('exit',()=>{const%20r=process.resourceUsage();process._rawDebug('used',r.userCPUTime+r.systemCPUTime,r.maxRSS)})"`;

test(`${BUILT_CASES} changed files through the built program, with its time and memory`, async () => {
  const faults: string[] = [];
  const kinds = Object.entries(KINDS);
  const files = kinds.map(([, kind]) => original(kind));
  let peak = 0;
  for (let seed = 0; seed < BUILT_CASES; seed += 1) {
    const [name, kind] = kinds[seed % kinds.length] as [string, Kind];
    const before = files[seed % kinds.length] as Buffer;
    const changed = mutate(before, drawsOf(100_000 + seed), files);
    const ended = await withFile(kind, before, changed, () =>
      kind.at().callBin(kind.words(), { env: { ...env(), NODE_OPTIONS: MEASURED }, timeoutMs: 60_000 }),
    );
    const [, cpu = 'Infinity', kB = 'Infinity'] = /used (\d+) (\d+)\s*$/.exec(ended.stderr) ?? [];
    const [ms, memory] = [Number(cpu) / 1000, 1024 * Number(kB)];
    peak = Math.max(peak, memory);
    const fault = memory > MOST_BYTES ? `${memory} bytes` : faultOf(kind, before, changed, { ...ended, ms });
    if (fault !== null) faults.push(`seed ${100_000 + seed}, ${name}, ${changed.name}: ${fault}`);
  }
  if (isThorough) process.stderr.write(`built: ${BUILT_CASES} cases, peak ${peak / 1048576} MiB\n`);
  expect(faults).toEqual([]);
});
