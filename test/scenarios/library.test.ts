import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  apply,
  approve,
  type Built,
  buildPlan,
  digestOf,
  Failure,
  parsePlan,
  printPlan,
  readActual,
  readDesired,
  render,
  requireVerified,
  verify,
  writePlan,
} from '../../src/index.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, removeWorkspaces, shopEnv } from '../support/workspace.ts';

jest.setTimeout(60_000);
let sandbox: Sandbox;
let folder = '';
let out = '';

beforeEach(async () => {
  sandbox = await startSandbox({ seed: demoShop(), site: { document: demoExport() } });
  folder = mkdtempSync(join(tmpdir(), 'sailplan-library-'));
  out = join(folder, 'plans');
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify(demoExport()));
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
  removeWorkspaces();
});

const shop = () => ({ apiUrl: sandbox.url, token: sandbox.tokens.full });

async function built(): Promise<Built> {
  const site = await readDesired({ file: join(folder, 'catalog.json') });
  const actual = await readActual({ ...shop(), desired: site.desired });
  return buildPlan(site, actual, { options: { create_missing: true } });
}

/** The code of the Failure that a call ends in. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return error instanceof Failure ? `${error.code} ${error.exitCode}` : String(error);
  }
}

test('a plan of the library is the command’s plan, byte for byte', async () => {
  const plan = await built();
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  const { stdout } = await at.call(['plan', '--desired', 'catalog.json', '--create-missing', '--json'], {
    env: shopEnv(sandbox),
  });
  const said = JSON.parse(stdout);
  expect([plan.id, plan.digest]).toEqual([said.id, said.digest]);
  expect(printPlan(plan.plan)).toBe(at.read(said.plan));
  const parsed = parsePlan(printPlan(plan.plan));
  expect([digestOf(requireVerified(parsed)), parsed.integrity.differing]).toEqual([plan.digest, []]);
});

test('the same site read from a file and from its address is the same desired state', async () => {
  const [file, url] = await Promise.all([
    readDesired({ file: join(folder, 'catalog.json') }),
    readDesired({ url: sandbox.siteUrl }),
  ]);
  expect(url.desired).toEqual(file.desired);
});

test('nothing is applied without an approval of exactly this plan, and an altered one never', async () => {
  const plan = await built();
  const path = writePlan(plan, { out }) ?? '';
  expect(await verify(path, { out })).toMatchObject({ ok: false, id: plan.id });
  const before = sandbox.log.counts.mutations;
  expect(await codeOf(apply(path, { ...shop(), out, policy: false }))).toBe('plan_not_approved 3');
  expect(await codeOf(approve(path, { as: 'ada@example.com', planId: '0'.repeat(16), out }))).toBe(
    'confirmation_missing 3',
  );
  await approve(path, { as: 'ada@example.com', planId: plan.id, out });
  expect(await verify(path, { out, policy: false })).toMatchObject({ ok: true, refusals: [] });
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replace('~40/run', '~41/run'));
  expect(await codeOf(apply(path, { ...shop(), out, policy: false }))).toBe('plan_altered 3');
  writeFileSync(path, whole);
  const elsewhere = { ...shop(), name: 'production', out, policy: false as const };
  expect(await codeOf(apply(path, elsewhere))).toBe('target_differs 3');
  expect(sandbox.log.counts.mutations).toBe(before);

  const { report, ending } = await apply(path, { ...shop(), out, policy: false });
  expect([ending, report.converged]).toEqual(['done', true]);
  expect((await built()).plan.changes).toEqual([]);
  expect(writePlan(await built(), { out })).toBeNull();
});

test('a dry run writes nothing; a policy that is there is not switched off', async () => {
  const plan = await built();
  const path = writePlan(plan, { out }) ?? '';
  await approve(path, { as: 'ada@example.com', planId: plan.id, out });
  const before = sandbox.log.counts.mutations;
  const dry = await apply(path, { ...shop(), out, policy: false, dryRun: true });
  expect([dry.ending, dry.path, sandbox.log.counts.mutations]).toEqual(['dry_run', null, before]);
  const policy = join(folder, 'policy.json');
  writeFileSync(
    policy,
    JSON.stringify({
      format: 'sailplan-policy',
      format_version: '1.0',
      default: { approvals: 1, hazards: { must_be_accepted: ['deletes_metadata'] } },
    }),
  );
  expect(await codeOf(apply(path, { ...shop(), out, policy }))).toBe('hazard_not_accepted 3');
});

test('a plan and a report are rendered in every medium', async () => {
  const { plan, provenance } = await built();
  expect(render(plan, 'text', { provenance, summary: true })).toContain('Plan: 2 to create, 8 to update');
  expect(render(plan, 'markdown', { provenance, maxBytes: 20_000 })).toMatch(/^#/);
  expect(render(plan, 'html', { provenance })).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(render(plan, 'json', { provenance }))).toHaveProperty('verdict');
});

test('a token that stands in what is written is an error, and one that is too short is refused', async () => {
  const plan = await built();
  const token = 'off_0020';
  expect(await codeOf(Promise.resolve().then(() => writePlan(plan, { out, token })))).toBe('secret_found 1');
  expect(await codeOf(readActual({ ...shop(), token: 'short' }))).toBe('secret_too_short 1');
});

test('a token does not travel over plain http to another machine unless that is said', async () => {
  expect(await codeOf(readActual({ ...shop(), apiUrl: 'http://shop.example.com/graphql/' }))).toBe(
    'origin_not_allowed 1',
  );
  const url = 'http://cms.example.com/catalog-export/';
  expect(await codeOf(readDesired({ url, headers: { authorization: 'Token abcdefgh' } }))).toBe(
    'origin_not_allowed 1',
  );
});
