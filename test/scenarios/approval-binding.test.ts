import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { fileNameFor } from '../../src/approval/approver-name.ts';
import { printEnvelope, signedBytes } from '../../src/approval/signing/dsse-envelope.ts';
import { approvalStatement, printStatement } from '../../src/approval/signing/in-toto-statement.ts';
import { printTime } from '../../src/approval/timestamps.ts';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { parsePlan } from '../../src/plan/file/parse.ts';
import { printPlan } from '../../src/plan/file/print.ts';
import { digestOf, idOf } from '../../src/plan/plan.ts';
import { createKeyring, type Keyring } from '../support/keyring.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

let desk: ShopWorkspace;
let ring: Keyring;
beforeEach(async () => {
  desk = await openShopWorkspace();
  ring = createKeyring();
});
afterEach(async () => {
  await desk.close();
  ring.remove();
});

const PEOPLE = ['max', 'kim', 'ada'];
const policy = (rules: object) =>
  desk.write('sailplan.policy.json', { format: 'sailplan-policy', format_version: '1.0', default: rules });

/** Signed approvals of people with keys of their own. */
function signed(rules: object, lines: readonly string[] = PEOPLE.map((name) => `${name}@example.com`)): void {
  for (const name of PEOPLE) ring.make(name);
  const text = lines
    .map((principal, index) => `${principal} namespaces="sailplan" ${ring.publicKey(PEOPLE[index] ?? '')}\n`)
    .join('');
  desk.write('allowed_signers', text);
  policy({
    signatures: 'required',
    allowed_signers: { path: 'allowed_signers', sha256: sha256(text) },
    ...rules,
  });
}

const key = (name: string) => join(ring.folder, name);
const approve = (id: string, name: string, ...more: readonly string[]) =>
  desk.runExpecting(0, 'approve', id, '--as', `${name}@example.com`, '--sign', key(name), '--yes', ...more);
const unsigned = (id: string, ...more: readonly string[]) =>
  desk.runExpecting(0, 'approve', id, '--as', 'ada@example.com', '--yes', ...more);

async function refused(id: string, words: string, ...flags: readonly string[]): Promise<void> {
  const before = desk.sandbox.log.counts.mutations;
  const { code, err } = await desk.run('apply', id, ...flags);
  expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(words) });
  expect(desk.sandbox.log.counts.mutations).toBe(before);
}

const applies = (id: string, ...flags: readonly string[]) => desk.runExpecting(0, 'apply', id, ...flags);

describe('approvals by people with keys', () => {
  test('two of three, each counted once', async () => {
    signed({ approvals: 2 });
    const { id } = await desk.plan();
    await refused(id, '0 of 2 approvals');
    await approve(id, 'max');
    await approve(id, 'max', '--comment', 'twice');
    await refused(id, '1 of 2 approvals');
    await unsigned(id);
    await refused(id, 'it is not signed');
    await approve(id, 'kim');
    await applies(id);
  });

  test('the author may not approve', async () => {
    signed({ author_may_approve: false });
    const { id } = await desk.plan('--as', 'max@example.com', '--sign', key('max'));
    await approve(id, 'max');
    await refused(id, 'the author of a plan may not approve it');
    await approve(id, 'kim');
    const again = await desk.plan('--as', 'kim@example.com', '--sign', key('kim'));
    expect(again.id).toBe(id);
    await applies(id);
  });

  test('a plan without a signed author statement is refused where the author may not approve', async () => {
    signed({ author_may_approve: false });
    const { id } = await desk.plan();
    await approve(id, 'kim');
    await refused(id, 'no signed statement says who the author is');
  });

  test('a wildcard in the signers file does not do where two are needed', async () => {
    signed({ approvals: 2 }, ['*@example.com', 'kim@example.com', 'ada@example.com']);
    const { id } = await desk.plan();
    await approve(id, 'max');
    await approve(id, 'kim');
    await refused(id, '1 of 2 approvals');
    await approve(id, 'ada');
    await applies(id);
  });

  test('an approval that is too old does not count', async () => {
    signed({ max_age_hours: 24 });
    const { id, digest } = await desk.plan();
    await approve(id, 'kim');
    const target = { name: null, api_url: desk.sandbox.url };
    const at = printTime(Date.now() - 25 * 3_600_000);
    const said = { approver: 'kim@example.com', decision: 'approve' as const, at, expires_at: null, target };
    const payload = printStatement(
      approvalStatement(digest, { ...said, accepted_hazards: [], comment: null }),
    );
    const path = `plans/${id}/approvals/${fileNameFor('kim@example.com')}`;
    desk.write(path, printEnvelope(payload, await ring.sign('kim')(signedBytes(payload))));
    await refused(id, 'it expired at');
  });

  test('without ssh-keygen nothing is taken on trust', async () => {
    signed({});
    const { id } = await desk.plan();
    await approve(id, 'kim');
    desk.env['PATH'] = '/nonexistent';
    await refused(id, 'ssh-keygen');
  });
});

describe('an approval binds this plan', () => {
  test('an identical re-plan keeps it, one more change does not', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    const files = readdirSync(join(desk.folder, 'plans', id));
    expect((await desk.plan()).id).toBe(id);
    expect(readdirSync(join(desk.folder, 'plans', id))).toEqual(files);
    desk.sandbox.edit.setMetadata('brand-check', 'outcome_tagline', 'Edited by hand');
    const more = await desk.plan();
    expect(more.id).not.toBe(id);
    await refused(more.id, 'of 1 approval');
    const path = `plans/${more.id}/approvals`;
    renameSync(join(desk.folder, `plans/${id}/approvals`), join(desk.folder, path));
    await refused(more.id, 'it is for another plan');
  });

  test('a rejection blocks, also beside approvals, until the same person approves', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    await desk.runExpecting(
      0,
      'approve',
      id,
      '--as',
      'kim@example.com',
      '--yes',
      '--reject',
      '--comment',
      'wrong roles',
    );
    await refused(id, 'kim@example.com rejected this plan');
    await desk.runExpecting(0, 'approve', id, '--as', 'kim@example.com', '--yes');
    await applies(id);
  });

  test('a hazard that the policy names has to be accepted by name', async () => {
    policy({ hazards: { must_be_accepted: ['deletes_metadata'] } });
    const { id } = await desk.plan();
    await unsigned(id);
    await refused(id, 'it does not accept deletes_metadata');
    await unsigned(id, '--accept', 'deletes_metadata');
    await applies(id);
  });

  test('a hand-written plan without its hazards is refused, under whatever name', async () => {
    policy({ hazards: { must_be_accepted: ['deletes_metadata'] } });
    const { id } = await desk.plan();
    const plan = { ...parsePlan(desk.read(`plans/${id}/plan.json`)).plan, hazards: [] };
    const forged = idOf(digestOf(plan));
    renameSync(join(desk.folder, 'plans', id), join(desk.folder, 'plans', forged));
    desk.write(`plans/${forged}/plan.json`, printPlan(plan));
    const approval = await desk.run('approve', forged, '--as', 'ada@example.com', '--yes');
    expect(approval).toMatchObject({ code: 3, err: expect.stringContaining('hazards') });
    await refused(forged, 'differs in: hazards');
  });

  test('a plan made with another contract is refused', async () => {
    policy({ approvals: 1 });
    const contract = JSON.parse(readFileSync('src/contract/gtm-v1.json', 'utf8'));
    desk.write('contract.json', { ...contract, label_languages: [] });
    const { id } = await desk.plan('--contract', 'contract.json');
    await unsigned(id);
    await refused(id, 'is not the one of this checkout');
  });

  test('what provenance.json says changes no decision; review.md has to say what the plan says', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    const before = await desk.runExpecting(0, 'verify', id, '--json');
    desk.write(
      `plans/${id}/provenance.json`,
      '{"format_version": "9.9", "made_by": "nobody", "digest": "0"}',
    );
    rmSync(join(desk.folder, `plans/${id}/review.md`));
    const checksOf = (text: string) =>
      JSON.parse(text).checks.filter(({ name }: { readonly name: string }) => name !== 'review');
    expect(checksOf(await desk.runExpecting(0, 'verify', id, '--json'))).toEqual(checksOf(before));
    desk.write(`plans/${id}/review.md`, 'No hazards at all.');
    expect(await desk.runExpecting(3, 'verify', id)).toContain('REFUSED review: ');
    // An apply reads neither.
    await applies(id);
  });
});

describe('an approval is used up', () => {
  test('by the apply that converged: the same edit next month needs a new one', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    const file = `plans/${id}/approvals/${fileNameFor('ada@example.com')}`;
    const first = desk.read(file);
    await applies(id);
    await applies(id);
    desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '30');
    await refused(id, 'an approval covers one apply');
    await unsigned(id, '--comment', 'again');
    await applies(id);
    expect(desk.sandbox.edit.product('churn-watch').metadata.get('credits_estimate_max')).toBe('50');
    desk.write(file, first);
    desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '30');
    await refused(id, 'an approval covers one apply');
    await desk.runExpecting(0, 'audit', 'verify');
  });

  test('and the shop’s mark knows it where the archive is gone', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    await applies(id);
    rmSync(join(desk.folder, 'plans/archive'), { recursive: true });
    desk.sandbox.edit.setMetadata('churn-watch', 'credits_estimate_max', '30');
    await refused(id, "the shop's mark");
  });

  test('a run whose end was never recorded is ended by the next one, and the archive holds', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    await applies(id, '--no-mark');
    const archive = join(
      desk.folder,
      'plans/archive',
      readdirSync(join(desk.folder, 'plans/archive'))[0] ?? '',
    );
    writeFileSync(archive, `${readFileSync(archive, 'utf8').split('\n')[0]}\n`);
    for (const path of ['report.json', 'runs/1/report.json']) rmSync(join(desk.folder, 'plans', id, path));
    await applies(id, '--no-mark');
    expect(readFileSync(archive, 'utf8').trimEnd().split('\n')).toHaveLength(2);
    expect(await desk.runExpecting(0, 'audit')).toContain('converged');
    await desk.runExpecting(0, 'audit', 'verify');
  });
});

describe('the policy', () => {
  test('that vanished after an apply is missed: by the archive, and without it by the shop', async () => {
    policy({ approvals: 1 });
    const first = await desk.plan();
    await unsigned(first.id);
    await applies(first.id);
    rmSync(join(desk.folder, 'sailplan.policy.json'));
    desk.sandbox.edit.setMetadata('brand-check', 'outcome_tagline', 'Edited by hand');
    const { id } = await desk.plan();
    await unsigned(id);
    await refused(id, 'an earlier apply to this target used a policy', '--no-policy');
    rmSync(join(desk.folder, 'plans/archive'), { recursive: true });
    await refused(id, 'mark in the shop', '--no-policy');
  });

  test('is not switched off by --no-policy, and its absence has to be spelled out', async () => {
    policy({ approvals: 1 });
    const { id } = await desk.plan();
    await unsigned(id);
    await refused(id, '--no-policy was given, but a policy exists', '--no-policy');
    rmSync(join(desk.folder, 'sailplan.policy.json'));
    await refused(id, 'no sailplan.policy.json is found');
    await applies(id, '--no-policy');
  });

  test('with a member that is not known is refused with the nearest one', async () => {
    policy({ aprovals: 2 });
    const { id } = await desk.plan();
    await unsigned(id);
    await refused(id, 'approvals');
  });
});

describe('a signed archive', () => {
  test('shows who wrote each line, and a line by anybody else', async () => {
    for (const name of PEOPLE) ring.make(name);
    desk.write('signers', `kim@example.com ${ring.publicKey('kim')}\n`);
    policy({ approvals: 1 });
    desk.env['SAILPLAN_ARCHIVE_KEY'] = key('kim');
    const { id } = await desk.plan();
    await unsigned(id);
    await applies(id);
    await desk.runExpecting(0, 'audit', 'verify', '--signers', 'signers');
    delete desk.env['SAILPLAN_ARCHIVE_KEY'];
    desk.sandbox.edit.setMetadata('brand-check', 'outcome_tagline', 'Edited by hand');
    const next = await desk.plan();
    await unsigned(next.id);
    await applies(next.id);
    await desk.runExpecting(0, 'audit', 'verify');
    expect(await desk.runExpecting(3, 'audit', 'verify', '--signers', 'signers')).toContain(
      'line 3 is not signed',
    );
  });

  test('a key that cannot sign stops the apply before its first write', async () => {
    policy({ approvals: 1 });
    desk.env['SAILPLAN_ARCHIVE_KEY'] = '/nonexistent/key';
    const { id } = await desk.plan();
    await unsigned(id);
    const { code, err } = await desk.run('apply', id);
    expect({ code, err }).toEqual({ code: expect.any(Number), err: expect.stringContaining('did not sign') });
    expect(code).not.toBe(0);
    expect(desk.sandbox.log.counts.mutations).toBe(0);
  });
});
