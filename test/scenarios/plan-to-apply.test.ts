import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { applyPatch } from 'rfc6902';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  createWorkspace,
  EXPORT,
  type ProgramResult,
  removeWorkspaces,
  SNAPSHOT,
  shopEnv,
  singleErrorOf,
  type Workspace,
  withMembersReversed,
} from '../support/workspace.ts';

jest.setTimeout(30_000);
const PLAN = ['plan', '--desired', EXPORT, '--create-missing'];
const open: Sandbox[] = [];
let still: Sandbox;

async function shop(options: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}

beforeAll(async () => {
  still = await shop();
});
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of open) await sandbox.close();
});

/** A bench with an approved plan for this shop. */
async function approved(
  sandbox: Sandbox,
  words: readonly string[] = PLAN,
): Promise<{ at: Workspace; id: string; env: NodeJS.ProcessEnv }> {
  const at = createWorkspace();
  const env = shopEnv(sandbox);
  await ok(at.call(words, { env }));
  const [id = ''] = at.ids();
  await ok(at.call(['approve', id, '--as', 'ada@example.com', '--yes']));
  return { at, id, env };
}

async function ok(running: Promise<ProgramResult>): Promise<ProgramResult> {
  const run = await running;
  if (run.code !== 0) throw new Error(`exit ${run.code}: ${run.stderr}${run.stdout.slice(-500)}`);
  return run;
}

const apply = (id: string) => ['apply', id, '--no-policy'];

/** The committed one stays as the first version wrote it, to be read for ever. */
const asFormat10 = (snapshot: string): string =>
  snapshot.replace('"format_version":"1.1"', '"format_version":"1.0"').replace(/^"looked":.*\n/m, '');

test('a snapshot of the sandbox is the committed one, but for the port and what format 1.1 adds', async () => {
  const at = createWorkspace();
  await ok(at.call(['snapshot', 'saleor', '--out', 'shop.json'], { env: shopEnv(still) }));
  const { host } = new URL(still.url);
  const made = asFormat10(at.read('shop.json').replaceAll(host, '127.0.0.1:8000'));
  if (process.env['UPDATE_GOLDEN']) (await import('node:fs')).writeFileSync(SNAPSHOT, made);
  expect(made).toBe(readFileSync(SNAPSHOT, 'utf8'));
});

test('planned from two files without network or token: the same bytes twice, and from shuffled members', async () => {
  const at = createWorkspace();
  const words = (desired: string, actual: string, out: string) => [
    ...PLAN.slice(0, 2),
    desired,
    '--create-missing',
    '--actual',
    actual,
    '--out',
    out,
  ];
  at.write('desired.json', JSON.stringify(withMembersReversed(JSON.parse(readFileSync(EXPORT, 'utf8')))));
  at.write(
    'actual.json',
    JSON.stringify(withMembersReversed(JSON.parse(readFileSync(SNAPSHOT, 'utf8'))), null, 3),
  );
  await ok(at.call(words(EXPORT, SNAPSHOT, 'first')));
  await ok(at.call(words(EXPORT, SNAPSHOT, 'second')));
  await ok(at.call(words('desired.json', 'actual.json', 'third')));
  const plans = at.files().filter((name) => name.endsWith('plan.json'));
  expect(plans.map((name) => name.split('/')[0])).toEqual(['first', 'second', 'third']);
  const [first = '', ...others] = plans.map((name) => at.read(name));
  for (const other of others) expect(other).toBe(first);
});

test('every patch, applied to before by rfc6902, gives after', async () => {
  const at = createWorkspace();
  await ok(at.call([...PLAN, '--sync-attributes', '--sync-products', '--actual', SNAPSHOT]));
  const { changes } = at.json(`plans/${at.ids()[0]}/plan.json`);
  expect(changes.length).toBeGreaterThan(100);
  for (const { ref, before, after, patch } of changes) {
    const box = { document: structuredClone(before) };
    const moved = patch.map((operation: { path: string }) => ({
      ...operation,
      path: `/document${operation.path}`,
    }));
    expect([ref, applyPatch(box, moved).filter((error) => error !== null)]).toEqual([ref, []]);
    expect([ref, box.document]).toEqual([ref, after]);
  }
});

test('plan, approve, apply, plan: nothing is left, and a second apply writes nothing', async () => {
  const sandbox = await shop();
  const { at, id, env } = await approved(sandbox);
  const first = await ok(at.call(apply(id), { env }));
  expect(first.stdout).toContain(`plans/${id}/report.json`);
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({
    mode: 'apply',
    converged: true,
    totals: { failed: 0, unknown: 0 },
  });
  const again = await ok(at.call([...PLAN, '--json', '--detailed-exitcode'], { env }));
  expect(JSON.parse(again.stdout)).toMatchObject({
    plan: null,
    summary: { create: 0, update: 0, delete: 0 },
  });
  const before = sandbox.log.counts.mutations;
  await ok(at.call(apply(id), { env }));
  expect(sandbox.log.counts.mutations).toBe(before);
});

/** One change of a plan folder that nobody made on purpose. */
const ALTERED: readonly (readonly [string, (text: string) => string])[] = [
  ['a letter in a string', (text) => text.replace('"reason": "', '"reason": "X')],
  [
    'a letter in a product’s new value',
    (text) => text.replace('"outcome_tagline":"Tagline', '"outcome_tagline":"tagline'),
  ],
  ['a blank added', (text) => text.replace('"summary": {', '"summary":  {')],
  ['a newline at the end', (text) => `${text}\n`],
  [
    'a digit',
    (text) => text.replace(/"create":(\d)/, (_, digit) => `"create":${(Number(digit) + 1) % 10 || 1}`),
  ],
  ['a member removed', (text) => text.replace(/\n {2}"errored": false,/, '')],
  [
    'a member that is there twice',
    (text) => text.replace('"errored": false,', '"errored": false,\n  "errored": false,'),
  ],
];

test('one byte of the plan changed, or its folder renamed: exit 3 and no mutation', async () => {
  const { at, id, env } = await approved(still);
  const plan = at.read(`plans/${id}/plan.json`);
  for (const [what, alter] of ALTERED) {
    const altered = alter(plan);
    expect([what, altered === plan]).toEqual([what, false]);
    at.write(`plans/${id}/plan.json`, altered);
    const run = await at.call(apply(id), { env });
    expect([what, run.code, singleErrorOf(run)]).toEqual([what, 3, expect.any(String)]);
  }
  at.write(`plans/${id}/plan.json`, plan);
  await ok(at.shell(`mv plans/${id} plans/0000000000000000`));
  const renamed = await at.call(apply('0000000000000000'), { env });
  expect([renamed.code, singleErrorOf(renamed)]).toEqual([3, expect.stringContaining('0000000000000000')]);
  expect(still.log.counts.mutations).toBe(0);
  // Of a start that was refused there is a report, and nothing else.
  const begun = at.files().filter((name) => /runs|lock|archive|\.tmp/.test(name));
  expect(begun.filter((name) => !/\/runs\/\d+\/report\.json$/.test(name))).toEqual([]);
});

test('a product edited in the shop meanwhile: exit 4, three ways shown, no mutation', async () => {
  const sandbox = await shop();
  const { at, id, env } = await approved(sandbox);
  sandbox.edit.setMetadata('offering-005', 'outcome_tagline', 'Typed in the dashboard');
  const run = await at.call(apply(id), { env });
  expect(run.code).toBe(4);
  for (const words of [
    'product.offering-005',
    'outcome_tagline',
    'planned from',
    'planned to',
    'Typed in the dashboard',
  ])
    expect(run.stdout).toContain(words);
  expect(run.stdout.split('\n').length).toBeLessThan(14);
  expect(sandbox.log.counts.mutations).toBe(0);
  expect(at.json(`plans/${id}/report.json`).totals).toMatchObject({ applied: 0, failed: 0 });
});

test('an unmanaged field edited meanwhile: it is applied, and the edit survives', async () => {
  const sandbox = await shop();
  const { at, id, env } = await approved(sandbox);
  sandbox.edit.setMetadata('offering-005', 'warehouse_note', 'top shelf');
  sandbox.edit.renameProduct('offering-007', 'A better name');
  await ok(at.call(apply(id), { env }));
  expect(sandbox.edit.product('offering-005').metadata.get('warehouse_note')).toBe('top shelf');
  expect(sandbox.edit.product('offering-007').name).toBe('A better name');
});

test('killed in the middle of an apply, run again: it converges without a duplicate', async () => {
  const sandbox = await shop({ latency: { scale: 0.3, workers: 2 } });
  const { at, id, env } = await approved(sandbox, [...PLAN, '--only-slugs', 'offering-005,offering-007']);
  const started = at.start(apply(id), { env });
  for (let tries = 0; sandbox.log.counts.mutations < 3 && tries < 1000; tries += 1)
    await new Promise((wait) => setTimeout(wait, 5));
  started.kill('SIGKILL');
  expect((await started.done).code).toBeNull();
  const resumed = await ok(at.call(apply(id), { env }));
  expect(resumed.stderr).toContain(`took over the lock of process ${started.pid}`);
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true });
  for (const { slug } of sandbox.store.attributes.values()) {
    const names = sandbox.edit.values(slug).map(({ name }) => name);
    expect([slug, new Set(names).size]).toEqual([slug, names.length]);
    expect(sandbox.edit.values(slug).filter((value) => /-\d+$/.test(value.slug))).toEqual([]);
  }
  const again = await ok(at.call([...PLAN, '--json'], { env }));
  expect(JSON.parse(again.stdout).summary.by_kind.value).toEqual({ create: 0, update: 0, delete: 0 });
});
