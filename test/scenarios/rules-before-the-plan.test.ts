import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { fileNameFor } from '../../src/approval/approver-name.ts';
import { printPlan } from '../../src/plan/file/print.ts';
import { approvalFile, PLAN, policyBytes, samplePlan } from '../support/approvals.ts';
import { createRepository, type TestRepository } from '../support/git-repository.ts';
import { runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(120_000);

/** Whoever opens a pull request may propose rules, but its plan is judged by those from before. */
const REF = 'refs/heads/main';
const MERGE = { mode: 'merge', merge: { ref: REF, squash: 'refuse' } };
const STRICT = policyBytes(MERGE);
const LOOSE = policyBytes({ approvals: 1 });
const POLICY = 'sailplan.policy.json';
const CONFIG = 'sailplan.config.json';
const config = (more: object = {}) =>
  JSON.stringify({ format: 'sailplan-config', format_version: '1.0', ...more });

let repo: TestRepository;
beforeEach(() => {
  repo = createRepository(Date.now());
});
afterEach(() => repo.remove());

/** The plan with an unsigned approval in anybody's name. */
function addPlan(): void {
  repo.write(`plans/${PLAN.id}/plan.json`, printPlan(samplePlan()));
  const approval = approvalFile('Kim', { atMs: Date.now() - 60_000 });
  repo.write(`plans/${PLAN.id}/approvals/${fileNameFor('Kim')}`, approval.bytes);
}

/** The protected branch with its rules, and the branch `pr` checked out. */
function ruled(policy: Uint8Array = STRICT, given: string | null = config()): void {
  repo.write(POLICY, policy);
  if (given !== null) repo.write(CONFIG, given);
  repo.commit('Rules');
  repo.git('switch', '-q', '-c', 'pr');
}

function proposed(loosen: () => void): void {
  addPlan();
  loosen();
  repo.commit('Plan');
}

function merged(): void {
  repo.git('switch', '-q', 'main');
  repo.merge('pr');
}

interface Said {
  readonly ok: boolean;
  readonly refusals: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
}

/** What `verify` refuses, but for the contract, which the sample plan has its own of. */
async function refusals(folder = repo.folder, ...words: readonly string[]): Promise<string> {
  const { out, err } = await runCommand(['verify', PLAN.id, '--json', ...words], folder, process.env);
  if (out === '') return err;
  const said: Said = JSON.parse(out);
  return said.refusals
    .filter(({ code, message }) => code !== 'contract_differs' || message.includes('own rules'))
    .map(({ message, hint }) => `${message} (${hint})`)
    .join('\n');
}

test('nothing is refused where the rules stayed, or were merged before the plan', async () => {
  ruled();
  proposed(() => undefined);
  merged();
  expect(await refusals()).toBe('');
  repo.git('switch', '-q', '-c', 'rules', 'main~1');
  repo.write(POLICY, LOOSE);
  repo.commit('Loosen');
  repo.git('switch', '-q', '-C', 'main', 'main~1');
  repo.merge('rules');
  repo.git('switch', '-q', '-C', 'pr');
  proposed(() => undefined);
  merged();
  expect(await refusals()).toBe('');
});

test('the first policy of mode approvals may come with the first plan', async () => {
  repo.write(POLICY, LOOSE);
  addPlan();
  repo.commit('All at once');
  expect(await refusals()).toBe('');
});

describe('a pull request that changes, together with its plan,', () => {
  test.each<[string, () => void]>([
    ['the policy', () => repo.write(POLICY, LOOSE)],
    ['the policy, which it deletes', () => unlinkSync(join(repo.folder, POLICY))],
    [
      'the policy, which it makes a link to another file',
      () => {
        repo.write('tools/loose.json', LOOSE);
        unlinkSync(join(repo.folder, POLICY));
        symlinkSync('tools/loose.json', join(repo.folder, POLICY));
      },
    ],
    [
      'the policy, which it moves',
      () => {
        repo.git('mv', POLICY, 'old.json');
        repo.write(POLICY, LOOSE);
      },
    ],
    [
      'the config, which names another policy',
      () => {
        repo.write('tools/loose.json', LOOSE);
        repo.write(CONFIG, config({ policy: 'tools/loose.json' }));
      },
    ],
  ])('%s: is refused', async (_, loosen) => {
    ruled();
    proposed(loosen);
    merged();
    expect(await refusals()).toMatch(/own rules|no policy now/);
    expect(await refusals(repo.folder, '--no-policy')).toMatch(/own rules|no policy now/);
  });

  test.each<[string, object, object]>([
    ['archive', {}, { out: 'plans2' }],
    ['contract', {}, { contract: 'contract.json' }],
    [
      'target',
      { saleor_api_url: 'https://shop.example.com/graphql/' },
      { saleor_api_url: 'https://shop2.example.com/graphql/' },
    ],
    ['channel', {}, { saleor_channel_slug: 'other' }],
  ])('the config, which names another %s: is refused in mode approvals too', async (_, before, after) => {
    ruled(LOOSE, config(before));
    repo.write('contract.json', '{}\n');
    repo.commit('Unused');
    proposed(() => {
      repo.write(CONFIG, config(after));
      if ('out' in after) renameSync(join(repo.folder, 'plans'), join(repo.folder, 'plans2'));
    });
    merged();
    expect(await refusals()).toMatch(
      'contract' in after ? /contract\.json|names another/ : /names another policy, contract/,
    );
  });

  test.each<[string, string]>([
    ['desired', 'https://www.example.com/export.json'],
    ['capability_registry', 'registry.json'],
  ])('what of the config decides nothing (%s): is not refused', async (name, value) => {
    ruled(LOOSE);
    proposed(() => repo.write(CONFIG, config({ [name]: value })));
    merged();
    expect(await refusals()).toBe('');
  });

  test('the config, which was not there before and names a policy', async () => {
    ruled(STRICT, null);
    proposed(() => {
      repo.write('tools/loose.json', LOOSE);
      repo.write(CONFIG, config({ policy: 'tools/loose.json' }));
    });
    merged();
    expect(await refusals()).toContain('own rules');
  });

  test('the config, which is taken away with the policy that it named', async () => {
    repo.write('tools/strict.json', STRICT);
    ruled(LOOSE, config({ policy: 'tools/strict.json' }));
    proposed(() => unlinkSync(join(repo.folder, CONFIG)));
    merged();
    expect(await refusals()).toContain('own rules');
  });

  test('rules nearer to the folder that CI works in', async () => {
    ruled();
    proposed(() => {
      repo.write(`shop/${CONFIG}`, config({ policy: 'loose.json', out: '../plans' }));
      repo.write('shop/loose.json', LOOSE);
    });
    merged();
    expect(await refusals(join(repo.folder, 'shop'))).toContain('own rules');
  });

  test.each<[string, object, object]>([
    ['fewer hazards', { hazards: { must_be_accepted: ['renames_value'] } }, {}],
    ['a longer life', { max_age_hours: 1 }, { max_age_hours: 100 }],
  ])('rules of mode approvals, to %s: is refused', async (_, before, after) => {
    ruled(policyBytes(before));
    proposed(() => repo.write(POLICY, policyBytes(after)));
    merged();
    expect(await refusals()).toContain('the policy is weaker');
  });
});

describe('the ways into a branch', () => {
  const loosenFirst = () => {
    ruled();
    repo.write(POLICY, LOOSE);
    repo.commit('Loosen');
    proposed(() => undefined);
  };

  test('a rebase or fast-forward of a branch that loosens first: the change came without a merge', async () => {
    loosenFirst();
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--ff-only', 'pr');
    expect(await refusals()).toContain('changed policy or config without a merge');
  });

  test('a squash of both', async () => {
    loosenFirst();
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--squash', 'pr');
    repo.commit('Squashed');
    expect(await refusals()).toContain('own rules');
  });

  test('the branch itself, checked out', async () => {
    loosenFirst();
    expect(await refusals()).toContain('is not on refs/heads/main');
  });

  test.each([
    ['at one time, as a forge that rebases writes it', 0, true],
    ['an hour before', 3_600_000, false],
  ])('mode approvals, where a push may loosen first: %s', async (_, apartMs, isRefused) => {
    const now = Date.now();
    repo.write(POLICY, policyBytes({ max_age_hours: 1 }));
    repo.write(CONFIG, config());
    repo.commit('Rules', now - 9 * 3_600_000);
    repo.write(POLICY, LOOSE);
    repo.commit('Loosen', now - apartMs);
    addPlan();
    repo.commit('Plan', now);
    if (isRefused) expect(await refusals()).toMatch(/an approval lasts 72 h.*may be one push/);
    else expect(await refusals()).toBe('');
  });

  test('the same where the plan’s own policy makes its branch the protected one', async () => {
    ruled(policyBytes({ hazards: { must_be_accepted: ['renames_value'] } }));
    repo.write(
      POLICY,
      policyBytes({ mode: 'merge', approvals: 1, merge: { ref: 'refs/heads/pr', squash: 'trust_forge' } }),
    );
    repo.commit('Mine');
    proposed(() => undefined);
    merged();
    expect(await refusals()).toContain('renames_value need not be accepted');
  });

  test('an octopus merge', async () => {
    ruled();
    repo.write(POLICY, LOOSE);
    repo.commit('Loosen');
    repo.git('switch', '-q', '-c', 'plan', 'main');
    proposed(() => undefined);
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '-m', 'Both', 'pr', 'plan');
    expect(await refusals()).toContain('own rules');
  });

  test('a merge of the protected branch into another one, which then takes its place', async () => {
    loosenFirst();
    repo.git('switch', '-q', 'main');
    repo.write('README.md', 'on\n');
    repo.commit('On');
    repo.git('switch', '-q', 'pr');
    repo.git('merge', '-q', '--no-ff', '-s', 'ours', '-m', 'Merge main', 'main');
    repo.git('switch', '-q', '-C', 'main', 'pr');
    expect(await refusals()).toContain('changed policy or config without a merge');
  });

  test('the same from a root of its own, where the strict rules never were', async () => {
    ruled();
    repo.git('switch', '-q', '--orphan', 'root');
    repo.write(POLICY, LOOSE);
    repo.write(CONFIG, config());
    addPlan();
    repo.commit('Root');
    repo.git('merge', '-q', '--allow-unrelated-histories', '-s', 'ours', '-m', 'Merge main', 'main');
    repo.git('switch', '-q', '-C', 'main');
    expect(await refusals()).toContain('changed policy or config without a merge');
  });

  test('a policy that names the branch of the pull request as the protected one', async () => {
    ruled();
    proposed(() =>
      repo.write(
        POLICY,
        policyBytes({ mode: 'merge', merge: { ref: 'refs/heads/pr', squash: 'trust_forge' } }),
      ),
    );
    merged();
    expect(await refusals()).toContain('own rules');
  });

  test.each([
    'refs/tags/refs/heads/main',
    'refs/heads/refs/heads/main',
    'refs/remotes/refs/heads/main',
  ])('a ref called like the protected branch, which is not here: %s', async (ref) => {
    ruled();
    proposed(() => undefined);
    merged();
    repo.git('update-ref', ref, 'main');
    repo.git('switch', '-q', '--detach');
    repo.git('update-ref', '-d', 'refs/heads/main');
    expect(await refusals()).toContain('there is no refs/heads/main here');
  });

  test('grafts and replacements of the clone change nothing', async () => {
    ruled();
    proposed(() => repo.write(POLICY, LOOSE));
    merged();
    repo.write('.git/info/grafts', `${repo.git('rev-parse', 'main')} ${repo.git('rev-parse', 'pr')}\n`);
    repo.git('replace', '-f', repo.git('rev-parse', 'main^1'), repo.git('rev-parse', 'pr'));
    expect(await refusals()).toContain('own rules');
  });

  test('a shallow clone is refused with the depth to set, in mode approvals too', async () => {
    for (const [rules, words] of [
      [STRICT, 'own|fetch-depth|shallow'],
      [LOOSE, 'shallow'],
    ] as const) {
      repo.remove();
      repo = createRepository(Date.now());
      ruled(rules);
      proposed(() => undefined);
      merged();
      const clone = mkdtempSync(join(tmpdir(), 'clone-'));
      execFileSync('git', ['clone', '-q', '--depth', '1', `file://${repo.folder}`, clone], { stdio: 'pipe' });
      expect(await refusals(clone)).toMatch(new RegExp(words));
      rmSync(clone, { recursive: true });
    }
  });
});

test.each([
  'plans/.lock-shop',
  'plans/.LOCK-shop',
])('a lock that is committed (%s) is refused', async (path) => {
  repo.write(POLICY, LOOSE);
  addPlan();
  repo.write(path, '{}');
  expect(await refusals()).toBe('');
  repo.commit('All at once');
  expect(await refusals()).toContain(`${path} is committed`);
});

describe('without a commit of the plan', () => {
  test('a policy that is loosened in the work tree only is refused; committed, it counts', async () => {
    ruled(policyBytes({ max_age_hours: 1 }));
    addPlan();
    repo.write(POLICY, LOOSE);
    expect(await refusals()).toContain('an approval lasts 72 h');
    repo.git('add', POLICY);
    repo.git('commit', '-q', '-m', 'Policy');
    expect(await refusals()).toBe('');
  });

  test('in a repository without a commit, or in none, the checkout’s rules are the only ones', async () => {
    repo.write(POLICY, LOOSE);
    addPlan();
    expect(await refusals()).toBe('');
    rmSync(join(repo.folder, '.git'), { recursive: true });
    expect(await refusals()).toBe('');
  });

  test('a plan in a repository of its own inside the work tree', async () => {
    ruled();
    repo.git('switch', '-q', 'main');
    addPlan();
    mkdirSync(join(repo.folder, 'plans', PLAN.id), { recursive: true });
    execFileSync('git', ['init', '-q', join(repo.folder, 'plans')]);
    expect(await refusals()).toContain('outside the repository');
  });
});

describe('rules that are new with the plan', () => {
  const STRONG = policyBytes({
    approvals: 1,
    max_age_hours: 2,
    hazards: { must_be_accepted: ['bulk_change'] },
  });
  const NEW = /is new with the plan/;

  test.each<[string, readonly string[], () => void]>([
    [
      '--policy, a file of its own',
      ['--policy', 'tools/loose.json'],
      () => repo.write('tools/loose.json', LOOSE),
    ],
    [
      '--policy, with another config',
      ['--policy', 'tools/loose.json', '--config', 'tools/c.json'],
      () => {
        repo.write('tools/loose.json', LOOSE);
        repo.write('tools/c.json', config({ out: '../plans' }));
      },
    ],
  ])('%s: are refused where there were others, also on a merge', async (_, words, bring) => {
    ruled(STRONG);
    proposed(bring);
    merged();
    expect(await refusals(repo.folder, ...words, '--out', 'plans')).toMatch(NEW);
  });

  test('a folder that becomes a link to a new one, with config, policy and plans', async () => {
    repo.write(`shops/eu/${POLICY}`, STRONG);
    repo.write(`shops/eu/${CONFIG}`, config());
    repo.commit('Rules');
    repo.git('switch', '-q', '-c', 'pr');
    renameSync(join(repo.folder, 'shops'), join(repo.folder, 'evil'));
    symlinkSync('evil', join(repo.folder, 'shops'));
    repo.write(`evil/eu/${POLICY}`, LOOSE);
    addPlan();
    renameSync(join(repo.folder, 'plans'), join(repo.folder, 'evil/eu/plans'));
    repo.commit('Plan');
    merged();
    expect(await refusals(join(repo.folder, 'shops/eu'))).toMatch(NEW);
  });

  test('a policy where there was only a config counts on no machine without a terminal', async () => {
    repo.write(CONFIG, config());
    repo.commit('Config');
    repo.git('switch', '-q', '-c', 'pr');
    proposed(() => repo.write(POLICY, LOOSE));
    merged();
    expect(await refusals()).toMatch(NEW);
  });

  test('count once they were merged by themselves, or where a person keeps them outside git', async () => {
    ruled(STRONG);
    repo.write('tools/ci.json', LOOSE);
    repo.commit('Policy of CI');
    merged();
    repo.git('switch', '-q', '-C', 'pr');
    proposed(() => undefined);
    merged();
    expect(await refusals(repo.folder, '--policy', 'tools/ci.json')).toBe('');
    repo.write('mine.json', LOOSE);
    expect(await refusals(repo.folder, '--policy', 'mine.json')).toBe('');
  });

  test('count where the repository had none: --policy with the first plan', async () => {
    repo.write('tools/ci.json', LOOSE);
    addPlan();
    repo.commit('All at once');
    expect(await refusals(repo.folder, '--policy', 'tools/ci.json')).toBe('');
  });
});

describe('a link inside the repository on the way to', () => {
  test.each<[string, object, string, readonly string[]]>([
    ['the policy that the config names', { policy: 'rules/p.json' }, 'rules', []],
    ['the policy of --policy', {}, 'rules', ['--policy', 'rules/p.json']],
    ['the plans', {}, 'plans', []],
  ])('%s is refused, because it can lead to another file than before', async (_, more, folder, words) => {
    repo.write('rules/p.json', LOOSE);
    repo.write('plans/.gitkeep', '');
    ruled(LOOSE, config(more));
    proposed(() => {
      renameSync(join(repo.folder, folder), join(repo.folder, 'evil'));
      symlinkSync('evil', join(repo.folder, folder));
    });
    merged();
    expect(await refusals(repo.folder, ...words)).toMatch(/is a link/);
  });

  test('its folder from outside changes nothing', async () => {
    ruled(LOOSE);
    proposed(() => undefined);
    merged();
    const outside = mkdtempSync(join(tmpdir(), 'link-'));
    try {
      symlinkSync(repo.folder, join(outside, 'repo'));
      const policy = join(outside, 'repo', POLICY);
      expect(await refusals(repo.folder, '--policy', policy)).toBe('');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});
