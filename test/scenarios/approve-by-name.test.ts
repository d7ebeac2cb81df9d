import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

/** Who approves where --as is not given, which names are none, and how plans are named. */

jest.setTimeout(60_000);

let desk: ShopWorkspace;
let id: string;
beforeEach(async () => {
  desk = await openShopWorkspace();
  ({ id } = await desk.plan());
});
afterEach(() => desk.close());

function setGitEmail(email: string): void {
  const path = join(desk.folder, 'gitconfig');
  writeFileSync(path, `[user]\n\temail = ${email}\n`);
  desk.env['GIT_CONFIG_GLOBAL'] = path;
}

test('git’s user.email approves, and the printed command needs no name', async () => {
  setGitEmail('ada@shop.example');
  const again = await desk.runExpecting(0, 'plan', '--desired', 'catalog.json', '--create-missing');
  expect(again).toContain(`  sailplan approve ${id}\n`);
  expect(await desk.runExpecting(0, 'approve', id, '--yes')).toContain('ada@shop.example approves plan');
});

// All of them: test/unit/approval/approver-name.test.ts.
test.each(['YOU', 'you@example.com'])('the placeholder %s approves nothing', async (name) => {
  const { code, err } = await desk.run('approve', id, '--as', name, '--yes');
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is a placeholder') });
  setGitEmail(name.includes('@') ? name : 'you@example.com');
  expect((await desk.run('approve', id, '--yes')).err).toContain('git’s user.email: the name');
  expect(JSON.parse(await desk.runExpecting(0, 'status', '--json'))[0].state).toBe('open');
});

test('without a name and without git’s, approve says how to give one', async () => {
  const { code, err } = await desk.run('approve', id, '--yes');
  expect(code).toBe(1);
  expect(err).toContain('git config --global user.email');
});

test('show, approve, verify, apply and revert take the first digits, latest, or no id at all', async () => {
  const start = id.slice(0, 4);
  expect(await desk.runExpecting(0, 'show')).toContain(`Plan ${id}`);
  expect(await desk.runExpecting(0, 'show', start)).toContain(`Plan ${id}`);
  expect(await desk.runExpecting(0, 'show', 'latest')).toContain(`Plan ${id}`);
  expect((await desk.run('show', '--report')).err).toContain('was not applied yet');
  await desk.runExpecting(0, 'approve', '--as', 'ada@example.com', '--yes');
  await desk.runExpecting(0, 'verify', start, '--no-policy');
  await desk.runExpecting(0, 'apply', '--no-policy');
  expect(await desk.runExpecting(0, 'show', start, '--report')).toContain(`Apply of plan ${id}`);
  expect(await desk.runExpecting(0, 'revert', start)).toContain('Plan ');
});
