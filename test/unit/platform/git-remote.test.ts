import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openGit } from '../../../src/platform/git-program.ts';
import { openRemote } from '../../../src/platform/git-remote.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

let forge: TestRepository;
let clone: TestRepository;
beforeEach(() => {
  forge = createRepository(Date.now());
  clone = createRepository(Date.now());
  clone.git('remote', 'add', 'origin', forge.folder);
});
afterEach(() => {
  forge.remove();
  clone.remove();
});

const remote = () =>
  openRemote({
    git: openGit(clone.folder),
    remote: 'origin',
    credentials: null,
    person: { name: 'sailplan', email: 'sailplan@noreply.invalid' },
  });

test.each([
  'refs/heads/a',
  'feature',
  'zz/refs/heads',
])('the tip of a branch is that of its whole name, also beside %s/…/sailplan/x', async (folder) => {
  const [first, second] = [forge.commit('first'), forge.commit('second')];
  forge.git('update-ref', `refs/heads/${folder}/refs/heads/sailplan/x`, second);
  expect(await remote().branchTip('sailplan/x')).toBeNull();
  forge.git('update-ref', 'refs/heads/sailplan/x', first);
  forge.git('update-ref', 'refs/heads/refs/heads/sailplan/x', second);
  expect(await remote().branchTip('sailplan/x')).toBe(first);
});
