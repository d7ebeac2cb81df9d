import { expect, test } from '@jest/globals';
import {
  type RuleChange,
  type RuleVersion,
  rulesInForce,
} from '../../../../src/approval/merge/rules-in-force.ts';
import { rulesOf } from '../../../../src/approval/policy/rules.ts';

const merge = (squash: 'refuse' | 'trust_forge') =>
  rulesOf({ mode: 'merge', merge: { ref: 'refs/heads/main', squash } });
const version = (key: string, rules: RuleVersion['rules'] = rulesOf({})): RuleVersion => ({
  key,
  hasPolicy: true,
  rules,
});
const STRICT = version('strict', merge('refuse'));
const TRUSTING = version('trusting', merge('trust_forge'));
const LOOSE = version('loose');

let commits = 0;
const change = (to: RuleVersion, ...merged: readonly RuleVersion[]): RuleChange<RuleVersion> => {
  commits += 1;
  return {
    commit: { id: `commit-${commits}`, parents: ['x', ...merged.map(() => 'y')] },
    version: to,
    merged,
  };
};
const keyOf = (...changes: readonly RuleChange<RuleVersion>[]) => {
  const { version: found, refused } = rulesInForce(changes);
  return [found?.key ?? null, refused];
};

test('the first rules count however they came', () => {
  expect(keyOf()).toEqual([null, null]);
  expect(keyOf(change(STRICT))).toEqual(['strict', null]);
});

test('a merge changes them where the pull request had the new ones', () => {
  expect(keyOf(change(STRICT), change(LOOSE, LOOSE))).toEqual(['loose', null]);
  expect(keyOf(change(STRICT), change(LOOSE, STRICT, LOOSE))).toEqual(['loose', null]);
});

test('a push, a rebase and a merge that adds something by itself change nothing', () => {
  const pushed = change(LOOSE);
  expect(keyOf(change(STRICT), pushed)).toEqual(['strict', pushed.commit.id]);
  const added = change(LOOSE, STRICT);
  expect(keyOf(change(STRICT), added)).toEqual(['strict', added.commit.id]);
});

test('what was taken back, or merged properly afterwards, is mended', () => {
  expect(keyOf(change(STRICT), change(LOOSE), change(STRICT))).toEqual(['strict', null]);
  const other = version('other');
  expect(keyOf(change(STRICT), change(LOOSE), change(other, other))).toEqual(['other', null]);
});

test('a forge that is trusted may push; so may anybody under mode approvals', () => {
  expect(keyOf(change(TRUSTING), change(LOOSE))).toEqual(['loose', null]);
  expect(keyOf(change(LOOSE), change(STRICT))).toEqual(['strict', null]);
});

test('a merge whose first parent is another line does not drop the rules of the branch', () => {
  const foxtrot = change(LOOSE, STRICT);
  expect(keyOf(change(LOOSE), foxtrot)).toEqual(['strict', foxtrot.commit.id]);
  // The same as a pull request that is older than the change of the rules.
  expect(keyOf(change(STRICT), change(LOOSE, LOOSE), change(LOOSE, STRICT))).toEqual(['loose', null]);
});
