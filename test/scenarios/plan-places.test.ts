import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

/** A path names the plan and with it the folder of the plans, from wherever one calls. */
let shop: Sandbox;
let env: NodeJS.ProcessEnv;
let home: Workspace;
let id: string;

beforeEach(async () => {
  shop = await startSandbox({ seed: demoShop() });
  env = shopEnv(shop);
  home = createWorkspace();
  home.write('catalog.json', JSON.stringify(demoExport()));
  await home.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  [id = ''] = home.ids();
});
afterEach(() => shop.close());
afterAll(removeWorkspaces);

const planPath = (): string => join(home.path, 'plans', id, 'plan.json');
const begun = (at: Workspace) => at.files().filter((name) => /plans|archive|lock|runs/.test(name));

test('approve, verify and apply by path from elsewhere: all is beside the plan, and the next command works there', async () => {
  const elsewhere = createWorkspace();
  const approved = await elsewhere.call(['approve', planPath(), '--as', 'ada@example.com', '--yes']);
  expect(approved).toMatchObject({ code: 0 });
  const next = `sailplan apply ${join(home.path, 'plans', id)}`;
  expect(approved.stdout).toContain(`  ${next}\n`);
  const applied = await elsewhere.call([...next.split(' ').slice(1), '--no-policy', '--no-mark'], { env });
  expect(applied).toMatchObject({ code: 0 });
  expect(begun(elsewhere)).toEqual([]);
  expect(home.files().filter((name) => name.startsWith('plans/archive/'))).toHaveLength(1);
  expect(JSON.parse((await home.call(['status', '--json'])).stdout)).toMatchObject([
    { id, state: 'applied' },
  ]);
  expect(await home.call(['audit', 'verify'])).toMatchObject({ code: 0 });
});

test('an applied plan does not write again, neither from elsewhere nor by a link', async () => {
  await home.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect(await home.call(['apply', id, '--no-policy', '--no-mark'], { env })).toMatchObject({ code: 0 });
  shop.edit.setMetadata('churn-watch', 'cp_offering_id', 'somebody');
  const before = shop.log.counts.mutations;
  const elsewhere = createWorkspace();
  symlinkSync(join(home.path, 'plans', id), join(elsewhere.path, 'link'));
  for (const path of [planPath(), 'link', 'link/plan.json'])
    expect(await elsewhere.call(['apply', path, '--no-policy', '--no-mark'], { env })).toMatchObject({
      code: expect.not.stringMatching(/^0$/),
    });
  expect(shop.log.counts.mutations).toBe(before);
  expect(begun(elsewhere)).toEqual([]);
});

test('two applies of one plan from two folders share one lock', async () => {
  await home.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  const elsewhere = createWorkspace();
  let letGo = (_: unknown): void => undefined;
  const hold = new Promise((go) => {
    letGo = go;
  });
  const writing = new Promise<void>((seen) => {
    shop.intercept = async ({ kind }) => {
      if (kind !== 'mutation') return undefined;
      seen();
      await hold;
      return undefined;
    };
  });
  const first = home.start(['apply', id, '--no-policy', '--no-mark'], { env });
  await writing;
  const second = await elsewhere.call(['apply', planPath(), '--no-policy', '--no-mark'], { env });
  expect(second.code).toBe(3);
  expect(second.stderr).toContain(`by process ${first.pid}`);
  letGo(null);
  expect(await first.done).toMatchObject({ code: 0 });
});

test('a plan.json that was copied elsewhere has lock, runs and archive beside it', async () => {
  const elsewhere = createWorkspace();
  cpSync(join(home.path, 'plans', id), join(elsewhere.path, 'artifact'), { recursive: true });
  await elsewhere.call(['approve', 'artifact', '--as', 'ada@example.com', '--yes']);
  const applied = await elsewhere.call(['apply', 'artifact/plan.json', '--no-policy', '--no-mark'], { env });
  expect(applied).toMatchObject({ code: 0 });
  expect(elsewhere.files().filter((name) => name.startsWith('artifact/archive/'))).toHaveLength(1);
  expect(elsewhere.files().filter((name) => name.startsWith('plans'))).toEqual([]);
  expect(await elsewhere.call(['audit', 'verify', '--out', 'artifact'])).toMatchObject({ code: 0 });
});

test('--out beside a path of another folder is refused, and the same folder is not', async () => {
  const run = await home.call(['verify', planPath(), '--out', 'other']);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('Remove --out');
  await home.call(['approve', planPath(), '--as', 'ada@example.com', '--yes', '--out', 'plans']);
  expect((await home.call(['verify', planPath(), '--out', 'plans', '--no-policy'])).code).toBe(0);
});

test('revert by path writes its plan beside the one that it takes back', async () => {
  await home.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  await home.call(['apply', id, '--no-policy'], { env });
  const elsewhere = createWorkspace();
  const reverted = await elsewhere.call(['revert', planPath()], { env });
  expect(reverted).toMatchObject({ code: 0 });
  expect(begun(elsewhere)).toEqual([]);
  expect(home.ids()).toHaveLength(2);
  expect(reverted.stdout).toContain(`sailplan apply ${join(home.path, 'plans')}/`);
});

test('an identical plan that is approved already leads on to apply', async () => {
  await home.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  const again = await home.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  expect(again.stdout).toContain('approved already');
  expect(again.stdout).not.toContain('sailplan approve');
  expect(again.stdout).toContain(`sailplan apply ${id}`);
});

test('the placeholder of a hint is no approver', async () => {
  const run = await home.call(['approve', id, '--as', 'YOU', '--yes']);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('is a placeholder');
  expect(home.files().filter((name) => name.includes('/approvals/'))).toEqual([]);
});

test('status by path from elsewhere: of the plan, or of the folder of the plans', async () => {
  const elsewhere = createWorkspace();
  const plans = join(home.path, 'plans');
  for (const path of [planPath(), join(plans, id), plans, home.path]) {
    const { code, stdout } = await elsewhere.call(['status', path, '--json']);
    const listed = JSON.parse(stdout).map((row: { readonly id: string }) => row.id);
    expect([path, code, listed]).toEqual([path, 0, path === home.path ? [] : [id]]);
  }
  expect(await home.call(['status', id])).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  expect(await home.call(['status', '0000000000000000'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no plan 0000000000000000 in plans'),
  });
  cpSync(join(plans, id), join(elsewhere.path, 'copied'), { recursive: true });
  expect(await elsewhere.call(['status', 'copied'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('its folder does not have'),
  });
});

test('an id is that of a plan in the folder of the plans, whatever the working folder holds', async () => {
  cpSync(join(home.path, 'plans', id), join(home.path, id), { recursive: true });
  const run = await home.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect(run.stdout).toContain(`Written to plans/${id}/approvals/`);
  expect(home.files().filter((name) => name.startsWith(`${id}/approvals`))).toEqual([]);
});

test('what git and file managers leave among the approvals is no decision', async () => {
  const approvals = join(home.path, 'plans', id, 'approvals');
  mkdirSync(approvals, { recursive: true });
  for (const name of ['.gitkeep', '.DS_Store']) writeFileSync(join(approvals, name), '');
  expect((await home.call(['apply', id, '--dry-run', '--no-policy'], { env })).stderr).not.toContain(
    'approvals/',
  );
});

test.each<[string, string, (folder: string) => void]>([
  ['a link for plan.json', 'plan.json is not a plain file', (folder) => relink(join(folder, 'plan.json'))],
  ['a link for provenance.json', 'is not a plain file', (folder) => relink(join(folder, 'provenance.json'))],
  [
    'a link among the approvals',
    'is not a plain file',
    (folder) => {
      mkdirSync(join(folder, 'approvals'));
      symlinkSync('/dev/zero', join(folder, 'approvals', 'kim.json'));
    },
  ],
  [
    'a link for the approvals',
    'is not a plain file',
    (folder) => symlinkSync('/etc', join(folder, 'approvals')),
  ],
  ['another link', 'is not a plain file', (folder) => symlinkSync('/etc/passwd', join(folder, '0link'))],
  ['a pipe', 'is not a plain file', (folder) => execFileSync('mkfifo', [join(folder, 'accept.json')])],
  ['a folder for accept.json', 'is a folder', (folder) => mkdirSync(join(folder, 'accept.json'))],
  [
    'a name in other letters',
    'is not spelled review.md',
    (folder) => writeFileSync(join(folder, 'REVIEW.md'), ''),
  ],
  ...['kim.JSON', '.kim.json', 'kim.json.orig', 'kim.json ', 'kim', 'kim.ｊson'].map(
    (name): [string, string, (folder: string) => void] => [
      `a decision named ${name}`,
      'is not named like an approval',
      (folder) => {
        mkdirSync(join(folder, 'approvals'));
        writeFileSync(join(folder, 'approvals', name), '');
      },
    ],
  ),
  [
    'a folder among the approvals',
    'is not a plain file',
    (folder) => mkdirSync(join(folder, 'approvals', 'more.json'), { recursive: true }),
  ],
  ...['Approvals', 'approvals.', 'approvals ', 'appro\u200bvals', 'ａpprovals'].map(
    (name): [string, string, (folder: string) => void] => [
      `a second folder of approvals, ${JSON.stringify(name)}`,
      'is not spelled approvals',
      (folder) => mkdirSync(join(folder, name)),
    ],
  ),
  [
    'a link for the whole folder',
    'not the folder of a plan',
    (folder) => {
      renameSync(folder, `${folder}-elsewhere`);
      symlinkSync(`${folder}-elsewhere`, folder);
    },
  ],
])('%s: nothing is decided on it', async (_, words, act) => {
  act(join(home.path, 'plans', id));
  for (const command of [
    ['verify', id],
    ['apply', id, '--no-policy'],
    ['show', id],
  ]) {
    const run = await home.call(command, { env });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(words)]);
  }
  expect(shop.log.counts.mutations).toBe(0);
});

function relink(path: string): void {
  renameSync(path, `${path}.moved`);
  symlinkSync(`${path}.moved`, path);
}

test('review.md that says something else is refused by verify, and written anew by the next plan', async () => {
  const path = join(home.path, 'plans', id, 'review.md');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/### Hazards[^#]*/, ''));
  const verified = await home.call(['verify', id, '--no-policy']);
  expect(verified.stdout).toContain('REFUSED review: review.md does not match the plan');
  await home.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect((await home.call(['verify', id, '--no-policy'])).stdout).toContain('ok      review: ');
});

test('of an altered plan no command names an id that does not exist', async () => {
  const path = join(home.path, 'plans', id, 'plan.json');
  const text = readFileSync(path, 'utf8');
  // Another title rebuilds to a valid plan, with another digest.
  const altered = text.replaceAll('"Churn Watch"', '"Churn Watcher"');
  expect(altered).not.toBe(text);
  writeFileSync(path, altered);
  const { code, stdout } = await home.call(['verify', id, '--no-policy']);
  expect([code, stdout]).toEqual([
    3,
    expect.stringContaining('the plan was altered\n        Restore the file'),
  ]);
  const named = [...stdout.matchAll(/sailplan (?:approve|show|apply) ([0-9a-f]{16})/g)].map(([, one]) => one);
  expect(new Set(named)).toEqual(new Set([id]));
  expect(stdout).not.toContain('sailplan approve');
});

test('review.md that is not UTF-8 text is refused by verify, and written again by the next plan', async () => {
  const path = join(home.path, 'plans', id, 'review.md');
  const text = readFileSync(path, 'utf8');
  for (const bytes of [Buffer.from(`\u{feff}${text}`, 'utf16le'), Buffer.from([0xc3, 0x28])]) {
    writeFileSync(path, bytes);
    const verified = await home.call(['verify', id, '--no-policy']);
    expect([verified.code, verified.stdout]).toEqual([3, expect.stringContaining('REFUSED review: ')]);
    expect(verified.stdout).toMatch(/not UTF-8 text/);
    await home.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});
