import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readMerge } from '../../../src/platform/git-history.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

const NOW = Date.parse('2026-05-04T10:00:00Z');
const REF = 'refs/heads/main';

const open: TestRepository[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

/** A repository with a merged plan; `hostile` puts files into the plan's folder that come with the pull request. */
function merged(hostile: (folder: string, top: string) => void): TestRepository {
  const repo = createRepository(NOW);
  open.push(repo);
  repo.write('sailplan.policy.json', '{}\n');
  repo.commit('policy');
  repo.git('switch', '-q', '-c', 'pr');
  repo.write('plans/0123456789abcdef/plan.json', '{"plan":1}\n');
  hostile(join(repo.folder, 'plans/0123456789abcdef'), repo.folder);
  repo.commit('plan');
  repo.git('switch', '-q', 'main');
  repo.merge('pr');
  return repo;
}

const read = ({ folder }: TestRepository) =>
  readMerge({
    folder: join(folder, 'plans/0123456789abcdef'),
    plans: join(folder, 'plans'),
    ref: REF,
    files: [{ role: 'plan', path: join(folder, 'plans/0123456789abcdef/plan.json') }],
  });

/** The layout that git takes for a bare repository. */
function bare(folder: string, config: string): void {
  for (const name of ['refs', 'objects']) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, '.keep'), '');
  }
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'config'), config);
}

describe('a pull request that brings a bare repository into the folder of its plan', () => {
  test.each([
    ['with a work tree elsewhere', '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = x\n'],
    ['that is bare', '[core]\n\trepositoryformatversion = 0\n\tbare = true\n'],
    ['with an fsmonitor', '[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = touch PWNED\n'],
    ['with hooks and a pager', '[core]\n\tbare = true\n\thooksPath = .\n\tpager = touch PWNED\n'],
    ['whose config cannot be read', '[core\n'],
  ])('%s: the repository above is asked all the same', async (_, config) => {
    const repo = merged((folder) => {
      bare(folder, config);
      bare(join(folder, 'x'), '[core]\n\tbare = true\n');
    });
    const facts = await read(repo);
    expect(facts.commit?.id).toBe(repo.git('rev-parse', 'HEAD'));
    expect(facts.files[0]).toMatchObject({ path: 'plans/0123456789abcdef/plan.json' });
    expect(facts.files[0]?.branch).toBe(facts.files[0]?.checkout);
    expect(existsSync(join(repo.folder, 'PWNED'))).toBe(false);
  });

  test('above the plan, in plans/: the repository is the one with a .git', async () => {
    const repo = merged((_, top) => bare(join(top, 'plans'), '[core]\n\tbare = true\n'));
    expect((await read(repo)).commit?.id).toBe(repo.git('rev-parse', 'HEAD'));
  });
});

test('git is given no secret, and runs nothing that the config of the repository names', async () => {
  const repo = merged(() => undefined);
  const witness = join(repo.folder, 'environment');
  const git = join(repo.folder, 'git');
  writeFileSync(git, `#!/bin/sh\nenv >> ${witness}\nexec git "$@"\n`, { mode: 0o755 });
  const before = { ...process.env };
  Object.assign(process.env, { SALEOR_TOKEN: 'secret-1', WAGTAIL_TOKEN: 'secret-2', AWS_SECRET: 'secret-3' });
  try {
    await readMerge({
      folder: join(repo.folder, 'plans/0123456789abcdef'),
      plans: join(repo.folder, 'plans'),
      ref: REF,
      files: [{ role: 'plan', path: join(repo.folder, 'plans/0123456789abcdef/plan.json') }],
      command: git,
    });
  } finally {
    process.env = before;
  }
  const { readFileSync } = await import('node:fs');
  const seen = readFileSync(witness, 'utf8');
  expect(seen).toContain('GIT_NO_LAZY_FETCH=1');
  expect(seen).not.toMatch(/secret-[123]/);
});
