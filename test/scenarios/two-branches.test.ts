import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GIT_SETTINGS } from '../support/git-repository.ts';
import { openShopWorkspace, type ShopWorkspace } from '../support/shop-workspace.ts';

jest.setTimeout(120_000);

let desk: ShopWorkspace;
beforeEach(async () => {
  desk = await openShopWorkspace();
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Kim Doe');
  git('config', 'user.email', 'kim@example.com');
  desk.write('.gitignore', 'catalog.json\nplans/.lock-*\n');
  desk.write('.gitattributes', 'plans/** -text\n');
  commit('First');
});
afterEach(() => desk.close());

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', desk.folder, ...args], {
    env: { ...process.env, ...GIT_SETTINGS },
    stdio: 'pipe',
  }).toString();
const commit = (message: string): void => {
  git('add', '-A');
  git('commit', '-q', '-m', message);
};

/** Plans, approves and applies the difference of one product, and commits all of it. */
async function applied(slug: string): Promise<string> {
  const out = await desk.runExpecting(
    0,
    'plan',
    '--desired',
    'catalog.json',
    '--create-missing',
    '--only-slugs',
    slug,
  );
  const id = /[0-9a-f]{16}/.exec(out)?.[0] ?? '';
  await desk.runExpecting(0, 'approve', id, '--as', 'kim@example.com', '--yes');
  await desk.runExpecting(0, 'apply', id, '--no-policy');
  commit(`Apply ${slug}`);
  return id;
}

/** Two branches that were applied from, and their merge into `main`. */
async function forked(): Promise<{ readonly other: string; readonly hasConflict: boolean }> {
  await applied('support-triage');
  git('switch', '-q', '-c', 'other');
  const other = await applied('churn-watch');
  git('switch', '-q', 'main');
  await applied('deal-desk');
  try {
    git('merge', '-q', '--no-ff', '-m', 'Merge other', 'other');
    return { other, hasConflict: false };
  } catch {
    return { other, hasConflict: true };
  }
}

const printed = (text: string, start: string): string[] => {
  const from = text.indexOf(start);
  return (
    text
      .slice(from)
      .split(/ (?:while|after) /)[0]
      ?.split(' ')
      .slice(1) ?? []
  );
};
const verify = () => desk.run('audit', 'verify');

test('two branches that were applied from: the conflict is named, and the printed way out ends with a whole archive', async () => {
  const { other, hasConflict } = await forked();
  expect(hasConflict).toBe(true);
  const refused = await verify();
  expect([refused.code, refused.out]).toEqual([3, expect.stringContaining('two branches were applied from')]);
  git(...printed(refused.out, 'git checkout --ours'));
  commit('Merge other');
  // The lines of the other branch are missed until its plan is archived again.
  const lacking = await verify();
  expect([lacking.code, lacking.out]).toEqual([
    3,
    expect.stringContaining(`plan ${other}: 1 run wrote a journal`),
  ]);
  const written = desk.sandbox.log.counts.mutations;
  await desk.runExpecting(0, 'approve', other, '--as', 'kim@example.com', '--yes');
  await desk.runExpecting(0, 'apply', other, '--no-policy');
  expect(desk.sandbox.log.counts.mutations).toBe(written);
  commit('Archive again');
  const whole = await verify();
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('6 lines are intact')]);
});

test('a merge that kept the lines of both is named, and undone by the printed command', async () => {
  desk.write('.gitattributes', 'plans/** -text\nplans/archive/*.jsonl merge=union text\n');
  commit('Union');
  const { other, hasConflict } = await forked();
  expect(hasConflict).toBe(false);
  const refused = await verify();
  expect([refused.code, refused.out]).toEqual([3, expect.stringContaining('both follow line 2')]);
  git(...printed(refused.out, 'git restore --source HEAD^'));
  commit('Lines of main');
  await desk.runExpecting(0, 'approve', other, '--as', 'kim@example.com', '--yes');
  await desk.runExpecting(0, 'apply', other, '--no-policy');
  commit('Archive again');
  const whole = await verify();
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('6 lines are intact')]);
});
