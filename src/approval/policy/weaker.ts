import { isSame } from '../../core/json/canonical-json.ts';
import type { FilePin, Rules } from './rules.ts';

/**
 * In which ways rules ask for less than others did; empty: in none. What cannot be compared (another branch, other keys)
 * counts as less, because it may be. null: no rules, under which the target is refused.
 */
export function weakenings(before: Rules | null, after: Rules | null): readonly string[] {
  if (after === null) return [];
  if (before === null) return ['the target had no rules, so its plans were refused'];
  return [
    ...modeWeakenings(before, after),
    ...countWeakenings(before, after),
    ...limitWeakenings(before, after),
  ];
}

type Weakening = readonly [boolean, string];

const found = (all: readonly Weakening[]): readonly string[] =>
  all.flatMap(([isWeaker, words]) => (isWeaker ? [words] : []));

function modeWeakenings(before: Rules, after: Rules): readonly string[] {
  const [left, right] = [before.merge, after.merge];
  return found([
    [before.mode === 'merge' && after.mode !== 'merge', 'the merge no longer counts as approval'],
    [left !== null && right !== null && left.ref !== right.ref, 'another branch is the protected one'],
    [left?.squash === 'refuse' && right?.squash === 'trust_forge', 'a push counts as a merge'],
  ]);
}

const countWeakenings = (before: Rules, after: Rules): readonly string[] =>
  found([
    [after.approvals < before.approvals, `${after.approvals} approvals instead of ${before.approvals}`],
    [before.signatures === 'required' && after.signatures !== 'required', 'approvals need no signature'],
    [isOther(before.allowed_signers, after.allowed_signers), 'other keys may sign'],
    [isOther(before.revoked_keys, after.revoked_keys), 'other keys are revoked'],
    [!before.author_may_approve && after.author_may_approve, 'the author may approve'],
    [after.max_age_hours > before.max_age_hours, `an approval lasts ${after.max_age_hours} h`],
  ]);

/** Pinning a file only makes the policy stricter if none was pinned before. */
const isOther = (before: FilePin | null, after: FilePin | null): boolean =>
  before !== null && !isSame(before.sha256, after?.sha256 ?? null);

function limitWeakenings(before: Rules, after: Rules): readonly string[] {
  const dropped = before.must_be_accepted.filter((code) => !after.must_be_accepted.includes(code));
  const [left, right] = [before.products, after.products];
  return found([
    [dropped.length > 0, `${dropped.join(', ')} need not be accepted`],
    [
      left !== null && (right === null || right.share > left.share || right.from > left.from),
      'more products may change at once',
    ],
    [before.needs_whole_snapshots && !after.needs_whole_snapshots, 'plans do not need full snapshots'],
  ]);
}
