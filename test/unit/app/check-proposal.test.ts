import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkProposal } from '../../../src/app/check-proposal.ts';
import type { Workspace } from '../../../src/app/options.ts';
import { reviewText } from '../../../src/app/review-file.ts';
import { printPlan } from '../../../src/plan/file/print.ts';
import { approvalFile, PLAN, policyBytes, samplePlan } from '../../support/approvals.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

const FOLDER = `plans/${PLAN.id}`;
const PLAN_TEXT = printPlan(samplePlan());
const REVIEW = reviewText(samplePlan(), null);

let repo: TestRepository;
beforeEach(() => {
  repo = createRepository(Date.parse('2026-05-04T10:00:00Z'));
  repo.write('sailplan.policy.json', policyBytes({}));
  repo.write('sailplan.config.json', '{"format":"sailplan-config","format_version":"1.0"}');
  repo.commit('Rules');
  repo.git('switch', '-q', '-c', 'pr');
});
afterEach(() => repo.remove());

const at = (path: string) => join(repo.folder, path);
const addPlan = (): void => {
  repo.write(`${FOLDER}/plan.json`, PLAN_TEXT);
  repo.write(`${FOLDER}/review.md`, REVIEW);
};

const workspace = (out = 'plans'): Workspace => ({
  out: at(out),
  contract: samplePlan().contract,
  contractPath: null,
  configPath: at('sailplan.config.json'),
  policyPath: at('sailplan.policy.json'),
  policyUse: 'default',
  places: {
    config: at('sailplan.config.json'),
    folder: repo.folder,
    given: { policy: undefined, contract: undefined, out: undefined },
    targetName: null,
  },
});

/** What is wrong with the branch `pr`; '' where nothing is. */
async function wrong(out = 'plans'): Promise<string> {
  repo.git('add', '-A', '--force');
  repo.git('commit', '-q', '--allow-empty', '-m', 'Plan');
  const { problems, plans } = await checkProposal({ workspace: workspace(out), base: 'main', head: 'pr' });
  return [...problems, ...plans.flatMap(({ checks }) => checks)]
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `${name}: ${detail}`)
    .join('\n');
}

test('a whole plan, with approvals and what may lie beside', async () => {
  addPlan();
  const { file, bytes } = approvalFile('Kim');
  repo.write(`${FOLDER}/approvals/${file}`, bytes);
  repo.write('plans/.gitkeep', '');
  repo.write(`${FOLDER}/refusals/1/report.json`, '{}\n');
  expect(await wrong()).toBe('');
});

test('what brings no plan is nothing to judge', async () => {
  repo.write('README.md', 'x\n');
  expect(await checkProposal({ workspace: workspace(), base: 'main', head: 'pr' })).toEqual({
    problems: [],
    plans: [],
  });
  repo.write('plans/archive/shop.jsonl', '{}\n');
  repo.write(`${FOLDER}/runs/1/journal.jsonl`, '{}\n');
  repo.write(`${FOLDER}/report.json`, '{}\n');
  expect(await wrong()).toBe('');
});

test.each([
  'refs/tags/origin/main',
  'refs/heads/origin/main',
])('a ref that is called like the base (%s) hides nothing', async (ref) => {
  addPlan();
  repo.write(`${FOLDER}/plan.json`, '{}\n');
  expect(await wrong()).toContain('plan');
  repo.git('update-ref', 'refs/remotes/origin/main', 'main');
  repo.git('update-ref', ref, 'pr');
  const checked = (base: string) => checkProposal({ workspace: workspace(), base, head: 'pr' });
  await expect(checked('origin/main')).rejects.toThrow('the name origin/main means');
  expect((await checked('refs/remotes/origin/main')).plans).toHaveLength(1);
});

describe('a plan is seen however it comes', () => {
  const other = (): void => {
    const folder = 'plans/0123456789abcdef';
    repo.git('switch', '-q', 'main');
    repo.write(`${folder}/plan.json`, PLAN_TEXT.replace('founder', 'founder'));
    repo.write(`${folder}/review.md`, REVIEW);
    repo.commit('Another');
    repo.git('switch', '-q', '-C', 'pr');
    renameSync(at(folder), at(FOLDER));
  };

  test('as a renamed folder, the same byte by byte', async () => {
    other();
    expect(await wrong()).toBe('');
    const { plans } = await checkProposal({ workspace: workspace(), base: 'main', head: 'pr' });
    expect(plans.map(({ id }) => id)).toEqual([PLAN.id]);
  });

  test('as a copy under the id of another', async () => {
    addPlan();
    renameSync(at(FOLDER), at('plans/0123456789abcdef'));
    expect(await wrong()).toContain('its folder is named 0123456789abcdef');
  });

  test('as a change of one that is merged', async () => {
    repo.git('switch', '-q', 'main');
    addPlan();
    repo.commit('Plan');
    repo.git('switch', '-q', '-C', 'pr');
    repo.write(`${FOLDER}/review.md`, REVIEW.replace('founder', 'nothing'));
    expect(await wrong()).toContain('review: review.md does not match the plan');
    unlinkSync(at(`${FOLDER}/plan.json`));
    expect(await wrong()).toContain('plan: ');
  });

  test('below another folder of the plans', async () => {
    addPlan();
    mkdirSync(at('shop'));
    renameSync(at('plans'), at('shop/plans'));
    expect(await wrong('shop/plans')).toBe('');
    repo.write(`shop/plans/${PLAN.id}/review.md`, 'Nothing.\n');
    expect(await wrong('shop/plans')).toContain('review: ');
  });
});

describe('names', () => {
  test.each([
    `${FOLDER}/README.md`,
    `${FOLDER}/Review.md`,
    `${FOLDER}/plan.json.orig`,
    `${FOLDER}/approvals/a/b.json`,
    `${FOLDER}/approvals/.kim.json`,
    `${FOLDER}/approvals/kim.JSON`,
    `${FOLDER}/HEAD`,
    `${FOLDER}/-rf`,
    `${FOLDER}/a "quoted"\nname`,
    `plans/${PLAN.id.toUpperCase()}/plan.json`,
    `plans/x/${PLAN.id}/plan.json`,
    'plans/.gitattributes',
    `Plans/${PLAN.id}/plan.json`,
    `PLANS/archive/shop.jsonl`,
    `plans./${PLAN.id}/plan.json`,
    `plans /${PLAN.id}/plan.json`,
    `plans. ./${PLAN.id}/plan.json`,
    `pl\u{200d}ans/${PLAN.id}/plan.json`,
    `\u{ff50}lans/${PLAN.id}/plan.json`,
    `Plan\u{17f}/${PLAN.id}/plan.json`,
  ])('%j: is not one of the files of a plan', async (path) => {
    addPlan();
    repo.write(path, PLAN_TEXT);
    expect(await wrong()).toContain(`files: ${path} is not one of the files of a plan`);
  });

  test.each([
    [`${FOLDER}/runs/1/journal.jsonl`],
    [`${FOLDER}/runs/x`],
    [`${FOLDER}/report.json`],
    ['plans/archive/shop.jsonl'],
    ['plans/.lock-shop'],
  ])('%s: is what only an apply writes', async (path) => {
    addPlan();
    repo.write(path, '{}\n');
    expect(await wrong()).toContain('only apply writes such files');
  });
});

describe('an approval that no policy could count', () => {
  const another = approvalFile('Kim', { planDigest: 'cd'.repeat(32) });
  test.each<[string, string, string | Uint8Array, string]>([
    ['no JSON', 'kim.json', 'yes!', 'not JSON'],
    ['an empty file', 'kim.json', '', 'not JSON'],
    ['of another plan', another.file, another.bytes, 'it is for another plan'],
    ['in a file of another name', 'mary.json', approvalFile('Kim').bytes, 'belongs in'],
    [
      'from the future',
      approvalFile('Kim').file,
      approvalFile('Kim', { atMs: Date.now() + 3_600_000 }).bytes,
      'future',
    ],
  ])('%s: is named', async (_, file, bytes, words) => {
    addPlan();
    repo.write(`${FOLDER}/approvals/${approvalFile('Lee').file}`, approvalFile('Lee').bytes);
    repo.write(`${FOLDER}/approvals/${file}`, bytes);
    const found = await wrong();
    expect(found).toContain(`approvals: ${file}: `);
    expect(found).toContain(words);
    expect(found.split('\n')).toHaveLength(1);
  });
});

test('thousands of odd files are named in part', async () => {
  addPlan();
  for (let more = 0; more < 300; more += 1) repo.write(`${FOLDER}/x${more}.txt`, `${more}`);
  const found = (await wrong()).split('\n');
  expect(found).toHaveLength(51);
  expect(found.at(-1)).toBe('files: 250 more files like these');
});

describe('what a pull request takes away', () => {
  const approval = `${FOLDER}/approvals/${approvalFile('Kim').file}`;
  const mergedPlan = (): void => {
    addPlan();
    repo.write(approval, approvalFile('Kim').bytes);
    repo.commit('Plan');
    repo.git('switch', '-q', 'main');
    repo.merge('pr');
    repo.git('switch', '-q', '-C', 'pr');
  };

  test.each<[string, () => void]>([
    ['is removed', () => unlinkSync(at(approval))],
    ['gets another name', () => renameSync(at(approval), at(`${FOLDER}/approvals/mary.json`))],
    ['goes with all others', () => rmSync(at(`${FOLDER}/approvals`), { recursive: true })],
  ])('an approval or rejection that %s is named', async (_, act) => {
    mergedPlan();
    act();
    expect(await wrong()).toContain(`files: ${approval} is deleted, and it may be a rejection`);
  });

  test('the whole plan may go, and an approval may be replaced', async () => {
    mergedPlan();
    repo.write(approval, approvalFile('Kim', { decision: 'reject' }).bytes);
    expect(await wrong()).toBe('');
    rmSync(at(FOLDER), { recursive: true });
    expect(await wrong()).toBe('');
  });
});

describe('a tree that git itself would not write', () => {
  const raw = (kind: string, input: string | Buffer): string =>
    execFileSync('git', ['-C', repo.folder, 'hash-object', '-t', kind, '-w', '--stdin', '--literally'], {
      input,
    })
      .toString()
      .trim();
  const tree = (...entries: readonly (readonly [string, string, string])[]): string =>
    raw(
      'tree',
      Buffer.concat(
        entries.flatMap(([mode, name, id]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
      ),
    );

  test.each([
    'the good one last',
    'the good one first',
    'two folders',
  ])('with a name twice is refused: %s', async (kind) => {
    const good = ['100644', 'plan.json', raw('blob', PLAN_TEXT)] as const;
    const bad = ['100644', 'plan.json', raw('blob', '{}\n')] as const;
    const folder = (...files: (typeof good)[]) => ['40000', PLAN.id, tree(...files)] as const;
    const plans =
      kind === 'two folders'
        ? tree(folder(good), folder(bad))
        : tree(kind === 'the good one last' ? folder(bad, good) : folder(good, bad));
    const top = tree(['40000', 'plans', plans]);
    const person = 'Max <max@example.com> 1777888800 +0000';
    const head = raw(
      'commit',
      `tree ${top}\nparent ${repo.git('rev-parse', 'main')}\nauthor ${person}\ncommitter ${person}\n\nx\n`,
    );
    await expect(checkProposal({ workspace: workspace(), base: 'main', head })).rejects.toThrow(
      `a tree of git has ${FOLDER}/plan.json twice`,
    );
  });
});

describe('modes', () => {
  test.each<[string, () => void]>([
    ['a link for provenance.json', () => symlinkSync('/dev/zero', at(`${FOLDER}/provenance.json`))],
    [
      'a link for plan.json',
      () => {
        renameSync(at(`${FOLDER}/plan.json`), at('elsewhere.json'));
        symlinkSync('../../elsewhere.json', at(`${FOLDER}/plan.json`));
      },
    ],
    ['a link for approvals', () => symlinkSync('/etc', at(`${FOLDER}/approvals`))],
    ['a link for a folder of a plan', () => symlinkSync(PLAN.id, at('plans/0123456789abcdef'))],
    [
      'a link for the folder of the plans',
      () => {
        renameSync(at('plans'), at('elsewhere'));
        symlinkSync('elsewhere', at('plans'));
      },
    ],
    ['a link spelled like the folder of the plans', () => symlinkSync('elsewhere', at('Plans'))],
    ['a program', () => repo.git('update-index', '--add', '--chmod=+x', `${FOLDER}/plan.json`)],
  ])('%s', async (name, act) => {
    addPlan();
    if (name === 'a program') repo.git('config', 'core.fileMode', 'false');
    act();
    expect(await wrong()).toMatch(/is not a regular file \(mode (120000|100755)\)/);
  });

  test('another repository for a folder of a plan, or for all', async () => {
    addPlan();
    const id = repo.git('rev-parse', 'HEAD');
    for (const path of ['plans/0123456789abcdef', 'Plans']) {
      repo.git('update-index', '--add', '--cacheinfo', `160000,${id},${path}`);
      repo.git('add', FOLDER);
      repo.git('commit', '-q', '-m', 'Submodule');
      const { problems } = await checkProposal({ workspace: workspace(), base: 'main', head: 'pr' });
      expect(problems.map(({ detail }) => detail)).toContain(`${path} is not a regular file (mode 160000)`);
    }
  });

  test('among 3,000 other files', async () => {
    addPlan();
    symlinkSync('/etc/passwd', at(`${FOLDER}/0link`));
    for (let more = 0; more < 3_000; more += 1)
      repo.write(`${FOLDER}/x/padding-padding-${more}.txt`, `${more}`);
    expect(await wrong()).toContain(`${FOLDER}/0link is not a regular file (mode 120000)`);
  }, 60_000);
});

describe('rules that come with a plan', () => {
  test.each<[string, () => void]>([
    ['a policy', () => repo.write('sailplan.policy.json', policyBytes({ max_age_hours: 100 }))],
    [
      'a config that names another',
      () =>
        repo.write(
          'sailplan.config.json',
          '{"format":"sailplan-config","format_version":"1.0","policy":"loose.json"}',
        ),
    ],
    [
      'a config that names a contract',
      () =>
        repo.write(
          'sailplan.config.json',
          '{"format":"sailplan-config","format_version":"1.0","contract":"contract.json"}',
        ),
    ],
    ['no policy', () => rmSync(at('sailplan.policy.json'))],
  ])('%s', async (_, act) => {
    addPlan();
    act();
    expect(await wrong()).toContain('rules: policy, config or contract change together with a plan');
  });

  test('alone are nothing to judge here', async () => {
    repo.write('sailplan.policy.json', policyBytes({ max_age_hours: 100 }));
    expect(await wrong()).toBe('');
  });
});

describe('what cannot be seen is refused', () => {
  test('a commit that is not here', async () => {
    const asked = checkProposal({ workspace: workspace(), base: 'main', head: 'nowhere' });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
    const option = checkProposal({ workspace: workspace(), base: 'main', head: '--all' });
    await expect(option).rejects.toMatchObject({ code: 'usage' });
  });

  test('a branch without history in common', async () => {
    repo.git('switch', '-q', '--orphan', 'pr2');
    addPlan();
    repo.commit('Plan');
    const asked = checkProposal({ workspace: workspace(), base: 'main', head: 'pr2' });
    await expect(asked).rejects.toMatchObject({ code: 'history_incomplete' });
  });
});

test('review.md that says less, or more, than the plan', async () => {
  addPlan();
  for (const text of [
    '',
    REVIEW.replace('⚠', ''),
    `${REVIEW}\nAll is well.\n`,
    REVIEW.replace('renames', 'keeps'),
  ]) {
    if (text === REVIEW) throw new Error('the text is not changed');
    repo.write(`${FOLDER}/review.md`, text);
    expect(await wrong()).toContain('review: review.md does not match the plan');
  }
  repo.write(`${FOLDER}/review.md`, REVIEW.replaceAll('\n', '\r\n'));
  expect(await wrong()).toBe('');
  unlinkSync(at(`${FOLDER}/review.md`));
  expect(await wrong()).toBe('');
});

describe('what an apply wrote', () => {
  const LINES = ['{"sequence":1}\n', '{"sequence":2}\n'];
  const ARCHIVE = 'plans/archive/shop.jsonl';
  beforeEach(() => {
    repo.git('switch', '-q', 'main');
    addPlan();
    repo.write(ARCHIVE, LINES.join(''));
    repo.write(`${FOLDER}/runs/1/journal.jsonl`, '{}\n');
    repo.write(`${FOLDER}/runs/1/report.json`, '{}\n');
    repo.write(`${FOLDER}/report.json`, '{}\n');
    repo.commit('Applied');
    repo.git('switch', '-q', '-C', 'pr');
  });

  test.each<[string, () => void, string]>([
    ['removes an archive', () => unlinkSync(at(ARCHIVE)), `${ARCHIVE} is deleted`],
    ['removes its folder', () => rmSync(at('plans/archive'), { recursive: true }), `${ARCHIVE} is deleted`],
    [
      'moves an archive',
      () => renameSync(at(ARCHIVE), at('plans/archive/other.jsonl')),
      `${ARCHIVE} is deleted`,
    ],
    ['removes the last line', () => repo.write(ARCHIVE, LINES[0] ?? ''), 'does not begin with its lines'],
    ['empties an archive', () => repo.write(ARCHIVE, ''), 'does not begin with its lines'],
    [
      'changes a line',
      () => repo.write(ARCHIVE, `${LINES[0]}{"sequence":3}\n`),
      'does not begin with its lines',
    ],
    ['removes a run', () => rmSync(at(`${FOLDER}/runs`), { recursive: true }), 'journal.jsonl is deleted'],
    ['removes a report', () => unlinkSync(at(`${FOLDER}/report.json`)), 'report.json is deleted'],
    [
      'changes a journal',
      () => repo.write(`${FOLDER}/runs/1/journal.jsonl`, '{}\n{}\n'),
      'journal.jsonl is changed',
    ],
  ])('cannot be hidden by a pull request: one that %s is refused', async (_, change, words) => {
    change();
    expect(await wrong()).toContain(words);
  });

  test('may be added to, and goes with its plan', async () => {
    repo.write(ARCHIVE, `${LINES.join('')}{"sequence":3}\n`);
    repo.write(`${FOLDER}/runs/2/report.json`, '{}\n');
    repo.write(`${FOLDER}/report.json`, '{"again":1}\n');
    expect(await wrong()).toBe('');
    rmSync(at(FOLDER), { recursive: true });
    expect(await wrong()).toBe('');
  });

  test('of the branch since is not taken for removed', async () => {
    repo.git('switch', '-q', 'main');
    repo.write(ARCHIVE, `${LINES.join('')}{"sequence":3}\n`);
    repo.commit('Applied again');
    repo.git('switch', '-q', 'pr');
    repo.write('README.md', 'x\n');
    expect(await wrong()).toBe('');
  });
});
