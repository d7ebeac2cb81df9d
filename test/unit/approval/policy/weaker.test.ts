import { expect, test } from '@jest/globals';
import { rulesOf } from '../../../../src/approval/policy/rules.ts';
import { weakenings } from '../../../../src/approval/policy/weaker.ts';

const pin = (digit: string) => ({ path: 'signers', sha256: digit.repeat(64) });
const MERGE = { mode: 'merge', merge: { ref: 'refs/heads/main', squash: 'refuse' } } as const;
const products = (share: number, from: number) => ({ thresholds: { products: { share, from } } });

test.each<[string, Parameters<typeof rulesOf>[0], Parameters<typeof rulesOf>[0], string]>([
  ['mode', MERGE, { approvals: 9 }, 'the merge no longer counts as approval'],
  ['branch', MERGE, { ...MERGE, merge: { ref: 'refs/heads/x', squash: 'refuse' } }, 'another branch'],
  ['squash', MERGE, { ...MERGE, merge: { ...MERGE.merge, squash: 'trust_forge' } }, 'a push counts'],
  ['approvals', { approvals: 2 }, { approvals: 1 }, '1 approvals instead of 2'],
  ['approvals of mode merge', { approvals: 1 }, MERGE, '0 approvals instead of 1'],
  ['signatures', { signatures: 'required' }, {}, 'no signature'],
  ['signers', { allowed_signers: pin('a') }, { allowed_signers: pin('b') }, 'other keys may sign'],
  ['signers left out', { allowed_signers: pin('a') }, {}, 'other keys may sign'],
  ['revoked keys', { revoked_keys: pin('a') }, {}, 'other keys are revoked'],
  ['author', { author_may_approve: false }, {}, 'the author may approve'],
  ['age', { max_age_hours: 24 }, {}, 'lasts 72 h'],
  ['hazards', { hazards: { must_be_accepted: ['renames_value'] } }, {}, 'renames_value need not be'],
  ['threshold gone', products(0.3, 10), {}, 'more products'],
  ['share', products(0.3, 10), products(0.4, 10), 'more products'],
  ['from', products(0.3, 10), products(0.3, 11), 'more products'],
  ['snapshots', {}, { allow_partial_snapshots: true }, 'plans do not need full snapshots'],
])('%s', (_, before, after, words) => {
  expect(weakenings(rulesOf(before), rulesOf(after)).join('; ')).toContain(words);
  expect(weakenings(rulesOf(before), rulesOf(before))).toEqual([]);
});

test('rules that ask for more are no weaker', () => {
  const more = {
    approvals: 2,
    signatures: 'required',
    allowed_signers: pin('a'),
    max_age_hours: 24,
    ...products(0.3, 10),
  } as const;
  expect(weakenings(rulesOf({}), rulesOf(more))).toEqual([]);
});

test('a target that was refused and has rules now is weaker; the other way round it is not', () => {
  expect(weakenings(null, rulesOf({}))).toEqual(['the target had no rules, so its plans were refused']);
  expect(weakenings(rulesOf({}), null)).toEqual([]);
});
