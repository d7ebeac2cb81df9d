import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { lastChange } from '../../../src/platform/git-history.ts';
import { openGit } from '../../../src/platform/git-program.ts';
import { lastChangesBelow } from '../../../src/platform/git-versions.ts';
import { createRepository } from '../../support/git-repository.ts';

jest.setTimeout(60_000);

const PLANS = ['0123456789abcdef', '1123456789abcdef', '2123456789abcdef'];
const FILES = ['plan.json', 'provenance.json', 'approvals/ada.json', 'approvals/max.json'];

/** Mulberry32: the same history on every machine. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (bits >>> 0) % limit;
  };
}

test('one walk gives the last change of every path that git gives one by one', async () => {
  const repo = createRepository(Date.parse('2026-05-04T10:00:00Z'));
  const draw = dice(7);
  try {
    repo.write('plans/README', 'first\n');
    repo.commit('first');
    for (let number = 0; number < 16; number += 1) {
      const isMerged = draw(3) === 0;
      if (isMerged) repo.git('switch', '-q', '-c', `branch-${number}`);
      for (let files = 0; files <= draw(2); files += 1) {
        const path = `plans/${PLANS[draw(2)]}/${FILES[draw(4)]}`;
        if (draw(4) === 0) rmSync(join(repo.folder, path), { force: true });
        else repo.write(path, `${number} ${draw(3)}\n`);
      }
      repo.write('other', `${draw(4)}\n`);
      repo.commit(`commit ${number}`);
      if (!isMerged) continue;
      repo.git('switch', '-q', 'main');
      repo.merge(`branch-${number}`);
    }
    const git = openGit(repo.folder);
    const tip = repo.git('rev-parse', 'HEAD');
    const lastOf = await lastChangesBelow(git, tip, 'plans');
    const asked = PLANS.flatMap((plan) => [
      ...['', ...FILES.map((file) => `/${file}`), '/approvals'].map((file) => [`plans/${plan}${file}`]),
      ['plan.json', 'approvals', 'provenance.json'].map((file) => `plans/${plan}/${file}`),
    ]);
    const found = new Set<string | null>();
    for (const paths of asked) {
      const expected = (await lastChange(git, tip, ...paths))?.id ?? null;
      expect([paths, lastOf(paths)]).toEqual([paths, expected]);
      found.add(expected);
    }
    // The history is worth the comparison: several commits, and paths that none changed.
    expect(found.size).toBeGreaterThan(4);
    expect(found.has(null)).toBe(true);
  } finally {
    repo.remove();
  }
});
