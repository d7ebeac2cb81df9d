import { readFileSync } from 'node:fs';
import { afterAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** SALEOR_CHANNEL_SLUG, --plan, and what is told meanwhile. */

jest.setTimeout(90_000);
const open: Sandbox[] = [];
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of open) await sandbox.close();
});

async function scene(isDemo = true): Promise<{ at: Workspace; env: NodeJS.ProcessEnv; sandbox: Sandbox }> {
  const sandbox = await startSandbox(isDemo ? { seed: demoShop() } : {});
  open.push(sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  return { at, env: shopEnv(sandbox), sandbox };
}

const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing', '--json'];

test('a channel that is not there is refused with those that are', async () => {
  const { at, env } = await scene(false);
  const run = await at.call(['--desired', EXPORT], {
    env: { ...env, SALEOR_CHANNEL_SLUG: 'gvs' },
    bin: 'sync',
  });
  expect(run.code).toBe(1);
  expect(singleErrorOf(run)).toMatch(
    /has no channel "gvs"[\s\S]*Did you mean gsv\?[\s\S]*default-channel, gsv/,
  );
});

test('a channel is part of the target: a plan for it is applied for it only, and its figures are of it', async () => {
  const { at, env, sandbox } = await scene();
  const inChannel = { ...env, SALEOR_CHANNEL_SLUG: 'default-channel' };
  const { id } = JSON.parse((await at.call([...PLAN, '--adopt'], { env: inChannel })).stdout);
  expect(at.json(`plans/${id}/plan.json`).target.channel).toBe('default-channel');
  expect((await at.call(['show', id])).stdout).toContain(', channel default-channel');
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  const without = await at.call(['apply', id, '--no-policy'], { env });
  expect([without.code, singleErrorOf(without)]).toEqual([
    3,
    expect.stringContaining('channel default-channel'),
  ]);
  expect(sandbox.log.counts.mutations).toBe(0);
  expect((await at.call(['apply', id, '--no-policy'], { env: inChannel })).code).toBe(0);
  // One shop, one chain: the audit trail is not split by channel.
  expect(at.files().filter((name) => /^plans\/archive\//.test(name))).toHaveLength(1);
  expect((await at.call(['audit', 'verify'])).code).toBe(0);
});

test('the config names a channel for each target', async () => {
  const { at, env, sandbox } = await scene();
  at.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      targets: { live: { saleor_api_url: sandbox.url, saleor_channel_slug: 'default-channel' } },
    }),
  );
  const { SALEOR_API_URL: url = '', ...rest } = env;
  const given = { ...rest, SAILPLAN_ALLOWED_ORIGINS: new URL(url).origin };
  const { id } = JSON.parse((await at.call([...PLAN, '--target', 'live'], { env: given })).stdout);
  expect(at.json(`plans/${id}/plan.json`).target).toEqual({
    name: 'live',
    api_url: url,
    channel: 'default-channel',
  });
});

test('--no-dry-run --plan writes an approved plan without a terminal, and refuses one that is not', async () => {
  const { at, env, sandbox } = await scene();
  const words = ['--desired', 'catalog.json', '--create-missing'];
  const first = await at.call([...words, '--no-dry-run'], { env, bin: 'sync' });
  expect(first.code).toBe(3);
  const [id = ''] = at.ids();
  expect(first.stderr).toContain(`sync_wagtail_to_saleor --no-dry-run --plan ${id}`);
  const unapproved = await at.call(['--no-dry-run', '--plan', id, '--no-policy'], { env, bin: 'sync' });
  expect([unapproved.code, sandbox.log.counts.mutations]).toEqual([3, 0]);
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  // A dry run unless it is said, here too.
  const dry = await at.call(['--plan', id, '--no-policy', '--report-path', 'dry.json'], { env, bin: 'sync' });
  expect([dry.code, sandbox.log.counts.mutations, at.json('dry.json').mode]).toEqual([0, 0, 'dry_run']);
  const written = await at.call(
    ['--no-dry-run', '--plan', id, '--no-policy', '--report-path', 'report.json'],
    {
      env,
      bin: 'sync',
    },
  );
  expect([written.code, at.json('report.json').converged]).toEqual([0, true]);
});

test.each([
  [['--desired', 'catalog.json'], 'cannot be combined'],
  [['--limit', '3'], 'without --limit 3'],
  [['--strict'], 'without --strict'],
  [['--only-slugs', 'call-notes'], 'without --only-slugs call-notes'],
])('--plan with %j is refused: a plan says itself what it holds', async (words, says) => {
  const { at, env } = await scene();
  const { id } = JSON.parse((await at.call(PLAN, { env })).stdout);
  const run = await at.call(['--plan', id, ...words], { env, bin: 'sync' });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining(says)]);
});

const TOKEN = 'canary-token-0123456789';

test('--debug writes each request and answer, without the token; --verbose tells them; --quiet tells nothing', async () => {
  const sandbox = await startSandbox({ seed: demoShop(), tokens: { full: TOKEN } });
  open.push(sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  const env = shopEnv(sandbox);
  const traced = await at.call([...PLAN, '--debug', 'trace.jsonl', '--verbose'], { env });
  expect(traced.code).toBe(0);
  const lines: readonly AnyDocument[] = at
    .read('trace.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.length).toBe(sandbox.log.counts.requests);
  for (const line of lines)
    expect(line).toMatchObject({
      status: 200,
      ms: expect.any(Number),
      answer: expect.stringContaining('data'),
    });
  expect(lines.map(({ operation }) => operation)).toContain('Preflight');
  expect(traced.stderr).toMatch(/^Preflight to http:\S+: 200, \d+ bytes in \d+ ms$/m);
  expect(`${at.read('trace.jsonl')}${traced.stderr}`).not.toContain('canary');

  const json = await at.call([...PLAN, '--verbose', '--log', 'json'], { env });
  for (const line of json.stderr.trimEnd().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/^(note|request|progress)$/) });
  const quiet = await at.call([...PLAN, '--quiet', '--exclude', 'product.nowhere'], { env });
  expect([quiet.code, quiet.stderr]).toEqual([0, '']);
});

test('a trace that cannot be written is said before anything is read', async () => {
  const { at, env, sandbox } = await scene();
  const run = await at.call([...PLAN, '--debug', 'no/such/folder/trace.jsonl'], { env });
  expect([run.code, singleErrorOf(run)]).toEqual([1, expect.stringContaining('trace.jsonl')]);
  expect(sandbox.log.counts.requests).toBe(0);
});

test('the help says that nothing is written to a channel', () => {
  expect(readFileSync('docs/sync.md', 'utf8')).toContain('no metadata on channel listings');
});
