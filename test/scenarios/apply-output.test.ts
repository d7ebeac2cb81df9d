import { readFileSync } from 'node:fs';
import { afterAll, expect, jest, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  finalReport,
  parseEvents,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** What an apply says while it works, and what it would say to the shop. */

jest.setTimeout(90_000);
const open: Sandbox[] = [];
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of open) await sandbox.close();
});

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const ajv = new Ajv({ strict: false, allowUnionTypes: true });
const isEvent = ajv.compile(json('schemas/event.schema.json'));
const isReport = ajv.compile(json('schemas/report.schema.json'));

async function approved(): Promise<{ at: Workspace; id: string; env: NodeJS.ProcessEnv; sandbox: Sandbox }> {
  const sandbox = await startSandbox({ seed: demoShop() });
  open.push(sandbox);
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  at.write('catalog.json', JSON.stringify(demoExport()));
  const planned = await at.call(['plan', '--desired', 'catalog.json', '--create-missing', '--json'], { env });
  const { id } = JSON.parse(planned.stdout);
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  return { at, id, env, sandbox };
}

const documented = (stdout: string): readonly AnyDocument[] => {
  const events = parseEvents(stdout);
  for (const event of events) expect([event, isEvent(event), isEvent.errors]).toEqual([event, true, null]);
  return events;
};

test('--json tells each step before and after it, how far it is, and ends with the report', async () => {
  const { at, id, env } = await approved();
  const { code, stdout } = await at.call(['apply', id, '--no-policy', '--json'], { env });
  const events = documented(stdout);
  expect([events.at(0).event, events.at(-1).event]).toEqual(['started', 'finished']);
  const refsOf = (event: string) =>
    events.filter((one) => one.event === event).flatMap((one) => one.refs as readonly string[]);
  expect(refsOf('outcome').sort()).toEqual(refsOf('intent').sort());
  // What stands in the stream stands in the journal, in the same order.
  const journal = parseEvents(at.read(`plans/${id}/runs/1/journal.jsonl`));
  const steps = (all: readonly AnyDocument[]) =>
    all.filter(({ event }) => ['intent', 'outcome'].includes(event));
  const unsealed = journal.map(({ previous: _, mac: __, ...entry }) => entry);
  expect(steps(events)).toEqual(steps(unsealed));
  const told = events.filter(({ event }) => event === 'progress').map(({ done }) => done);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(events.findLast(({ event }) => event === 'progress')).toMatchObject({ done: 10, total: 10 });
  const finished = events.at(-1);
  expect(finished).toMatchObject({ ending: 'done', exit_code: code, error: null });
  expect(isReport(finished.report)).toBe(true);
  expect(finished.report).toEqual(at.json(finished.report_path));
});

test('--json tells a refusal and a stale plan too, with a report of this start', async () => {
  const { at, id, env, sandbox } = await approved();
  const refused = await at.call(['apply', id, '--json'], { env });
  expect(documented(refused.stdout).at(-1)).toMatchObject({
    ending: 'refused',
    exit_code: 3,
    error: { code: 'policy_missing' },
    report_path: `plans/${id}/refusals/1/report.json`,
  });
  expect(refused.code).toBe(3);
  expect(finalReport(refused.stdout)).toEqual(at.json(`plans/${id}/refusals/1/report.json`));
  // The plan's own report is for whoever holds the lock.
  expect(at.files()).not.toContain(`plans/${id}/report.json`);

  sandbox.edit.setMetadata('churn-watch', 'credits_estimate_min', '21');
  const stale = await at.call(['apply', id, '--no-policy', '--json'], { env });
  expect(stale.code).toBe(4);
  expect(documented(stale.stdout).at(-1)).toMatchObject({ ending: 'stale', exit_code: 4 });
  expect(at.files()).toContain(`plans/${id}/runs/1/report.json`);
  expect(sandbox.log.counts.mutations).toBe(0);
  // What was refused is no run; after a conflict a new plan is needed, until the shop is again as it was.
  const [row] = JSON.parse((await at.call(['status', '--json'])).stdout);
  expect(row).toMatchObject({ state: 'stale', detail: expect.stringContaining('plan again') });
  const checked = await at.call(['status', '--check', '--json'], { env });
  expect(JSON.parse(checked.stdout)[0].state).toBe('stale');
});

test('whoever reads the events and goes away does not stop the run', async () => {
  const { at, id, env } = await approved();
  const { stdout } = await at.shell(
    `$SAILPLAN apply ${id} --no-policy --json | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"`,
    { env },
  );
  expect(stdout.trim()).toBe('0');
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({ converged: true, totals: { applied: 10 } });
});

test('--dry-run --show-requests shows what an apply then sends, and sends nothing', async () => {
  const { at, id, env, sandbox } = await approved();
  const seen: { query: string; variables: AnyDocument }[] = [];
  const dry = await at.call(['apply', id, '--no-policy', '--dry-run', '--show-requests', '--json'], { env });
  expect(sandbox.log.counts.mutations).toBe(0);
  expect(at.files().filter((name) => name.includes('/runs/'))).toEqual([]);
  const { requests } = documented(dry.stdout).at(-1);
  const human = await at.call(['apply', id, '--no-policy', '--dry-run', '--show-requests'], { env });
  expect(human.stdout).toContain(`Request 1 of ${requests.length}`);

  sandbox.intercept = ({ kind, query, variables }) => {
    if (kind === 'mutation' && !query.includes('updatePrivateMetadata'))
      seen.push({ query, variables: variables as AnyDocument });
    return undefined;
  };
  expect((await at.call(['apply', id, '--no-policy', '--parallel', '1'], { env })).code).toBe(0);
  expect(seen.map(({ query }) => query)).toEqual(requests.map(({ query }: AnyDocument) => query));
  // Where an id stands now, there was the name of what did not exist yet.
  for (const [index, { variables }] of seen.entries()) {
    const shown = JSON.stringify(requests[index].variables).replace(/\(id of [^)]*\)/g, 'NEW');
    const sent = JSON.stringify(variables);
    for (const part of shown.split('NEW')) expect(sent).toContain(part);
  }
});

test('--show-requests without --dry-run is no order to write', async () => {
  const { at, id, env, sandbox } = await approved();
  const run = await at.call(['apply', id, '--no-policy', '--show-requests'], { env });
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('--dry-run')]);
  expect(sandbox.log.counts.mutations).toBe(0);
});

const lease = (over: object) =>
  JSON.stringify({
    plan: 'a'.repeat(16),
    host: 'elsewhere',
    pid: 4711,
    at: new Date().toISOString(),
    ...over,
  });

test('a lease that another machine left warns, in words and in the report, and stops nothing', async () => {
  const { at, id, env, sandbox } = await approved();
  await note(sandbox, lease({}));
  const run = await at.call(['apply', id, '--no-policy'], { env });
  expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('another apply may be running')]);
  expect(at.json(`plans/${id}/report.json`).warnings[0]).toMatchObject({ code: 'other_apply', ref: 'shop' });
  // This run has ended: nobody is warned of it.
  expect(await noted(sandbox)).toMatchObject({ sailplan_lease: 'null' });
});

test.each([
  ['old', () => lease({ at: new Date(Date.now() - 7 * 3_600_000).toISOString() })],
  ['not ours', () => '{"plan": 5}'],
  ['not even JSON', () => 'free'],
])('a lease that is %s says nothing', async (_, text) => {
  const { at, id, env, sandbox } = await approved();
  await note(sandbox, text());
  const run = await at.call(['apply', id, '--no-policy'], { env });
  expect([run.code, run.stderr]).toEqual([0, '']);
});

test('while it runs the shop holds its lease; --no-mark writes neither lease nor mark', async () => {
  const { at, id, env, sandbox } = await approved();
  let during: AnyDocument = null;
  sandbox.intercept = async ({ query }) => {
    if (query.includes('productUpdate')) during ??= await noted(sandbox);
    return undefined;
  };
  expect((await at.call(['apply', id, '--no-policy'], { env })).code).toBe(0);
  expect(JSON.parse(during.sailplan_lease)).toMatchObject({ plan: id, pid: expect.any(Number) });

  const quiet = await approved();
  const run = await quiet.at.call(['apply', quiet.id, '--no-policy', '--no-mark'], { env: quiet.env });
  expect(run.code).toBe(0);
  expect(await noted(quiet.sandbox)).toEqual({});
});

test('an edit of an unmanaged field while its product is written is told as a possible overwrite', async () => {
  const { at, id, env, sandbox } = await approved();
  sandbox.intercept = ({ query }) => {
    if (query.includes('productUpdate')) sandbox.edit.renameProduct('call-notes', 'Call Notes, renamed');
    return undefined;
  };
  expect((await at.call(['apply', id, '--no-policy'], { env })).code).toBe(0);
  const { warnings } = at.json(`plans/${id}/report.json`);
  const told = warnings.filter(({ code }: AnyDocument) => code === 'possible_overwrite');
  expect(told.map(({ ref }: AnyDocument) => ref)).toEqual(['product.call-notes']);
});

async function ask(sandbox: Sandbox, query: string): Promise<AnyDocument> {
  const reply = await fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.tokens.full}` },
    body: JSON.stringify({ query }),
  });
  return ((await reply.json()) as AnyDocument).data;
}

/** What the app keeps in the shop. */
const noted = async (sandbox: Sandbox): Promise<AnyDocument> =>
  (await ask(sandbox, '{ app { privateMetafields } }')).app.privateMetafields;

async function note(sandbox: Sandbox, text: string): Promise<void> {
  const { id } = (await ask(sandbox, '{ app { id } }')).app;
  const input = `[{ key: "sailplan_lease", value: ${JSON.stringify(text)} }]`;
  const mutation = `mutation { updatePrivateMetadata(id: "${id}", input: ${input}) { errors { message } } }`;
  expect((await ask(sandbox, mutation)).updatePrivateMetadata.errors).toEqual([]);
}
