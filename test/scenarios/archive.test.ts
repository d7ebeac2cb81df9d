import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { copyPlans, filesUnder, PORT, runWithArchive } from '../support/archived-plans.ts';
import { openShopWorkspace, runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

/** `UPDATE_ARCHIVED=1 npm test -- test/scenarios/archive.test.ts`: makes plans/ anew, on the sandbox at port 8077, and the pages that show it. */
beforeAll(async () => {
  if (process.env['UPDATE_ARCHIVED'] !== '1') return;
  const { desk } = await runWithArchive(PORT);
  const old = id();
  rmSync('plans', { recursive: true, force: true });
  copyPlans(desk, 'plans');
  await desk.close();
  const said = `$ sailplan audit\n${(await audit('plans')).out}\n$ sailplan audit verify --signers ${signers}\n${await verdict()}\n…\n`;
  for (const page of ['README.md', 'docs/archived-run.md', 'docs/review.md']) {
    const text = readFileSync(page, 'utf8').replaceAll(old, id());
    writeFileSync(
      page,
      text.replace(/\$ sailplan audit\n[^`]*/, () => said),
    );
  }
});

const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
const ENV = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' };
const audit = (out: string, ...words: readonly string[]) =>
  runCommand(['audit', ...words, '--out', out], resolve('.'), ENV);
const signers = 'plans/policy/allowed_signers';
/** Without the lines about commits, which differ in every checkout. */
const verdict = async () =>
  (await audit('plans', 'verify', '--signers', signers)).out.split('\n').slice(0, 3).join('\n');
const id = () => readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'archived-'));
  copies.push(folder);
  cpSync('plans', folder, { recursive: true });
  return folder;
}

test('the archived run of this project holds: chain, plan, approvals, report, signatures', async () => {
  const { code, out } = await audit('plans', 'verify', '--signers', signers);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('2 lines are intact') });
  expect(out).toContain('2 are signed');
  const head = /head ([0-9a-f]{64})/.exec(out)?.[1] ?? '';
  expect((await audit('plans', 'verify', '--head', head)).code).toBe(0);
  const { out: verified } = await runCommand(['verify', id(), '--json'], '.', process.env);
  const { checks }: { checks: readonly { name: string; ok: boolean }[] } = JSON.parse(verified);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'review', ok: true }));
});

test('whatever is altered in it is named', async () => {
  const archive = readdirSync('plans/archive')[0] ?? '';
  const cases: readonly (readonly [string, (text: string) => string, string])[] = [
    [`${id()}/plan.json`, (text) => text.replace('~25/run', '~26/run'), 'was altered'],
    [`${id()}/report.json`, (text) => text.replace('"converged": true', '"converged": false'), 'was altered'],
    [`${id()}/runs/1/report.json`, (text) => `${text} `, 'is missing or was altered'],
    [`archive/${archive}`, (text) => text.replace('"converged"', '"incomplete"'), 'line 2'],
    [`archive/${archive}`, (text) => `${text.split('\n')[1]}\n`, 'is missing'],
    [
      `archive/${archive}`,
      (text) => text.split('\n').reverse().slice(1).join('\n').concat('\n'),
      'reordered',
    ],
  ];
  for (const [path, alter, words] of cases) {
    const folder = copy();
    writeFileSync(join(folder, path), alter(readFileSync(join(folder, path), 'utf8')));
    const { code, out } = await audit(folder, 'verify');
    expect({ path, code, out }).toEqual({ path, code: 3, out: expect.stringContaining(words) });
  }
});

test('the last line of an unsigned archive is held against its report: another policy or result is named', async () => {
  const folder = copy();
  const path = join(folder, 'archive', readdirSync('plans/archive')[0] ?? '');
  const [first = '', last = ''] = readFileSync(path, 'utf8')
    .split('\n')
    .map((row) => row.replace(/"signature":(?:"[^"]*"|\{[^}]*\})/, '"signature":null'));
  const previous = createHash('sha256').update(first).digest('hex');
  const chained = last.replace(/"previous":"[0-9a-f]*"/, `"previous":"${previous}"`);
  writeFileSync(path, `${first}\n${chained}\n`);
  expect((await audit(folder, 'verify')).code).toBe(0);
  for (const [member, other] of [
    ['policy', 'null'],
    ['policy', `"${'0'.repeat(64)}"`],
    ['result', '"incomplete"'],
  ]) {
    const altered = chained.replace(new RegExp(`"${member}":"\\w*"`), `"${member}":${other}`);
    writeFileSync(path, `${first}\n${altered}\n`);
    const { code, out } = await audit(folder, 'verify');
    expect({ code, out }).toEqual({
      code: 3,
      out: expect.stringContaining(`line 2: it names another ${member}`),
    });
  }
});

test('an approval that is gone is missed, one that was replaced later is not', async () => {
  const folder = copy();
  const [file = ''] = readdirSync(join(folder, id(), 'approvals'));
  rmSync(join(folder, id(), 'approvals', file));
  expect((await audit(folder, 'verify')).code).toBe(0);
  rmSync(join(folder, id(), 'runs/1/approvals', file));
  expect((await audit(folder, 'verify')).out).toContain('an approval of plan');
});

test('signatures by a key that is not listed, or none at all, do not do where signers are given', async () => {
  const folder = copy();
  const ofAda = readFileSync(signers, 'utf8').split('\n')[1] ?? '';
  writeFileSync(join(folder, 'signers'), `${ofAda}\n`);
  const { code, out } = await audit(folder, 'verify', '--signers', join(folder, 'signers'));
  expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('is not in the signers file') });
});

test('docs/archived-run.md shows the output of these commands', async () => {
  const page = readFileSync('docs/archived-run.md', 'utf8');
  for (const out of [(await audit('plans')).out.trimEnd(), await verdict()])
    for (const line of out.split('\n')) expect(page).toContain(line);
});

test('audit says who approved and applied what, when, where and with what result', async () => {
  const { out } = await audit('plans');
  expect(out).toContain('http://127.0.0.1:8077/graphql/: 1 apply');
  expect(out).toMatch(/plan [0-9a-f]{16}: converged \(10 applied\)/);
  expect(out).toMatch(/approved by ada@example\.com at .* UTC, signed: read it line by line/);
  expect(out).toMatch(/applied by ci@example\.com, policy [0-9a-f]{12}/);
  expect((await audit('plans', '--format', 'markdown')).out).toContain('| `ada@example.com`, signed');
  const json = JSON.parse((await audit('plans', '--format', 'json')).out);
  expect(json).toMatchObject({
    ok: true,
    archives: [{ applies: [{ result: 'converged', approvals: [{ approver: 'ada@example.com' }] }] }],
  });
});

test('it holds no path, no account and no host of the machine that made it', () => {
  const { username, homedir } = userInfo();
  const folders = ['/tmp/', '/home/', '/Users/', `/${resolve('.').split('/')[1]}/`, homedir];
  for (const file of filesUnder('plans')) {
    const text = readFileSync(file, 'utf8');
    for (const word of [...folders, hostname()])
      expect({ file, has: text.includes(word) ? word : null }).toEqual({ file, has: null });
    if (file.endsWith('provenance.json')) {
      expect(JSON.parse(text).made_by).toMatch(/^\w+@example\.com$/);
      expect(text).not.toContain(`"${username}"`);
    }
  }
});

/** The plan depends on nothing but the two sides, so it can be made again; times, keys and run figures cannot. */
test('its plan can be made again, byte for byte, from the demo’s shop and catalogue', async () => {
  const desk = await openShopWorkspace();
  try {
    const shop = await desk.runExpecting(0, 'snapshot', 'saleor', '--locale', 'en');
    desk.write('shop.json', shop.replaceAll(desk.sandbox.url, `http://127.0.0.1:${PORT}/graphql/`));
    const made = await desk.plan('--actual', 'shop.json');
    expect(made.id).toBe(id());
    expect(desk.read(`plans/${made.id}/plan.json`)).toBe(readFileSync(`plans/${id()}/plan.json`, 'utf8'));
  } finally {
    await desk.close();
  }
});
