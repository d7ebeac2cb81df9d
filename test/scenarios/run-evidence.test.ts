import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  finalReport,
  removeWorkspaces,
  type Workspace,
} from '../support/workspace.ts';

/** What somebody else wrote into a plan's folder is ignored and named; what an apply left there is believed. */

jest.setTimeout(60_000);
const open: Sandbox[] = [];
afterEach(async () => {
  removeWorkspaces();
  for (const one of open.splice(0)) await one.close();
});

const TOKEN = 'canaryCANARYcanaryCANARY012345';
const VALUE = 'value.gsv_maturity.preview';

async function approved() {
  const sandbox = await startSandbox({ seed: demoShop(), tokens: { full: TOKEN } });
  open.push(sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  const env = { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: TOKEN };
  const call = (...words: string[]) => at.call(words, { env });
  await call('plan', '--desired', 'catalog.json', '--create-missing', '--quiet');
  const [id = ''] = at.ids();
  await call('approve', id, '--as', 'ada@example.com', '--yes');
  const apply = () => call('apply', id, '--no-policy', '--json');
  return { sandbox, at, id, env, call, apply };
}

/** A journal that says that everything was done. */
function forgedJournal(at: Workspace, id: string, more: object = {}): string {
  const entry = (event: string, rest: object = {}) =>
    `${JSON.stringify({ at: '2026-11-28T00:00:00.000Z', event, ...rest, ...more })}\n`;
  const changes: AnyDocument[] = at.json(`plans/${id}/plan.json`).changes;
  return [
    entry('started', { pending: [] }),
    ...changes.flatMap(({ ref }) => {
      const step = { kind: ref.startsWith('value') ? 'create_values' : 'update_product', refs: [ref] };
      return [entry('intent', step), entry('outcome', { ...step, state: 'done', made: [] })];
    }),
  ].join('');
}

/** Brings the shop in line from a checkout of its own. */
async function appliedElsewhere({ at, id, apply }: Awaited<ReturnType<typeof approved>>): Promise<void> {
  cpSync(join(at.path, 'plans'), join(at.path, 'before'), { recursive: true });
  expect((await apply()).code).toBe(0);
  await at.shell('rm -r plans && mv before plans');
  expect(at.ids()).toEqual([id]);
}

describe('a journal that nobody wrote who can apply', () => {
  const FORGERIES: readonly [string, string, object][] = [
    ['without codes', 'runs/1', {}],
    ['with codes of its own', 'runs/1', { previous: '0'.repeat(32), mac: '1'.repeat(32) }],
    ['of a later run', 'runs/77', {}],
    ['of the largest run there can be', 'runs/999999999', {}],
  ];
  test.each(FORGERIES)('%s: makes nothing applied that this run did not send', async (_, run, more) => {
    const all = await approved();
    await appliedElsewhere(all);
    const { at, id, apply } = all;
    at.write(`plans/${id}/${run}/journal.jsonl`, forgedJournal(at, id, more));
    const { code, stdout, stderr } = await apply();
    const report = finalReport(stdout);
    expect({ code, totals: report.totals }).toMatchObject({ code: 0, totals: { applied: 0, already: 10 } });
    expect(report.warnings).toContainEqual(
      expect.objectContaining({
        code: 'evidence_unproved',
        message: expect.stringContaining(`${run}/journal.jsonl`),
      }),
    );
    expect(stderr).toContain(`${run}/journal.jsonl is ignored`);
  });

  test('deletes no value that a person made under another slug', async () => {
    const { sandbox, at, id, call } = await approved();
    const made = sandbox.edit.addValue('gsv_maturity', 'Preview (by Kim)');
    made.externalReference = 'gsv_maturity.preview';
    at.write(`plans/${id}/runs/1/journal.jsonl`, forgedJournal(at, id));
    const { code } = await call('apply', id, '--no-policy', '--on-conflict', 'skip');
    expect(code).toBe(5);
    expect(sandbox.edit.values('gsv_maturity').map(({ name }) => name)).toContain('Preview (by Kim)');
  });

  test('stops nothing where it cannot be read', async () => {
    const { at, id, apply } = await approved();
    at.write(`plans/${id}/runs/1/journal.jsonl`, new Uint8Array([0xff, 0xfe, 0x00]));
    expect((await apply()).code).toBe(0);
  });

  test('is named by status, and no plan is incomplete for its sake', async () => {
    const { at, id, call } = await approved();
    at.write(`plans/${id}/runs/1/journal.jsonl`, forgedJournal(at, id));
    const [row] = JSON.parse((await call('status', '--json')).stdout);
    expect(row).toMatchObject({
      state: 'approved',
      detail: expect.stringContaining('journal.jsonl is ignored'),
    });
  });
});

describe('the journal of a run', () => {
  /** The first mutation of the catalogue is carried out, its answer is cut off, and from then on no read succeeds. */
  async function interrupted(all: Awaited<ReturnType<typeof approved>>) {
    const { sandbox, apply } = all;
    let isDown = false;
    sandbox.intercept = ({ kind, fields }) => {
      isDown ||= kind === 'mutation' && fields.some(({ name }) => name === 'attributeBulkUpdate');
      if (!isDown) return undefined;
      return kind === 'mutation'
        ? { kind: 'truncate' }
        : {
            kind: 'reply',
            status: 200,
            contentType: 'application/json',
            body: '{"errors":[{"message":"no"}]}',
          };
    };
    expect((await apply()).code).toBe(5);
    sandbox.intercept = undefined;
  }

  test('is believed by the next one, and by status', async () => {
    const all = await approved();
    await interrupted(all);
    const { id, call, apply } = all;
    expect(JSON.parse((await call('status', '--json')).stdout)[0]).toMatchObject({ id, state: 'incomplete' });
    const { code, stdout, stderr } = await apply();
    const report = finalReport(stdout);
    expect(code).toBe(0);
    expect(report.outcomes).toContainEqual(expect.objectContaining({ ref: VALUE, outcome: 'applied' }));
    expect(report.runs).toHaveLength(2);
    expect(stderr).not.toContain('is ignored');
  });

  test('that was altered is believed as far as it is unaltered', async () => {
    const all = await approved();
    await interrupted(all);
    const { at, id, apply } = all;
    const path = `plans/${id}/runs/1/journal.jsonl`;
    at.write(path, at.read(path).replace('"intent"', '"Intent"'));
    const { code, stdout } = await apply();
    const report = finalReport(stdout);
    expect(code).toBe(0);
    expect(report.outcomes).toContainEqual(expect.objectContaining({ ref: VALUE, outcome: 'already' }));
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'evidence_unproved' }));
  });
});

describe('a report that nobody wrote who can apply', () => {
  test.each(['{', '{"runs":[null]}', 'true'])('%s: is ignored and named', async (text) => {
    const { at, id, apply } = await approved();
    at.write(`plans/${id}/report.json`, text);
    const { code, stdout } = await apply();
    expect(code).toBe(0);
    expect(finalReport(stdout).runs).toHaveLength(1);
    expect(finalReport(stdout).warnings).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('report.json is ignored') }),
    );
  });

  test('of the same plan, altered: its runs are not those of the next report', async () => {
    const { at, id, apply } = await approved();
    await apply();
    const path = `plans/${id}/report.json`;
    const report = at.json(path);
    at.write(path, JSON.stringify({ ...report, runs: [{ ...report.runs[0], number: 41 }] }));
    const after = finalReport((await apply()).stdout);
    expect(after.runs.map(({ number }: AnyDocument) => number)).toEqual([1, 2]);
  });

  test('is reverted only with a warning', async () => {
    const { at, id, apply, call } = await approved();
    await apply();
    const path = `plans/${id}/report.json`;
    const before = await call('revert', id);
    expect(before.code).toBe(0);
    expect(`${before.stderr}${before.stdout}`).not.toContain('was not written by an apply');
    at.write(path, JSON.stringify(at.json(path)));
    const { code, stderr, stdout } = await call('revert', id);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(`${stderr}${stdout}`).toContain('was not written by an apply');
  });
});

describe('verify', () => {
  const check = async ({ id, call }: Awaited<ReturnType<typeof approved>>) => {
    const { code, stdout } = await call('verify', id, '--no-policy', '--json');
    const found = JSON.parse(stdout).checks.find(({ name }: AnyDocument) => name === 'evidence');
    return { code, ok: found.ok, detail: found.detail };
  };

  test.each<[string, (at: Workspace, id: string) => string]>([
    ['runs/1/journal.jsonl', forgedJournal],
    ['runs/1/report.json', () => '{}'],
    ['report.json', () => '{}'],
    ['report.json', () => 'no JSON'],
  ])('refuses a plan that comes with %s', async (path, text) => {
    const all = await approved();
    all.at.write(`plans/${all.id}/${path}`, text(all.at, all.id));
    expect(await check(all)).toMatchObject({ code: 3, ok: false, detail: expect.stringContaining(path) });
  });

  test('takes what its own starts and applies leave', async () => {
    const all = await approved();
    const { call, id, sandbox, apply } = all;
    await call('apply', id, '--policy', 'none.json');
    expect(await check(all)).toMatchObject({ ok: true });
    sandbox.edit.addValue('gsv_maturity', 'Preview (by Kim)').externalReference = 'gsv_maturity.preview';
    expect((await apply()).code).toBe(4);
    expect(await check(all)).toMatchObject({ ok: true });
    expect((await call('apply', id, '--no-policy', '--on-conflict', 'skip')).code).toBe(5);
    expect(await check(all)).toMatchObject({ ok: true });
  });
});
