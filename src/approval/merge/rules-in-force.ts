import type { Rules } from '../policy/rules.ts';
import type { Commit } from './merge-facts.ts';

/** The rules as one commit has them. */
export interface RuleVersion {
  /** Of the policy's bytes and of what the config decides: equal for equal rules. */
  readonly key: string;
  readonly hasPolicy: boolean;
  /** For the plan's target; null: no policy, none for this target, or one that cannot be used. */
  readonly rules: Rules | null;
}

/** A commit of a branch's first-parent line that changed the rules, or a merge that could have. */
export interface RuleChange<V extends RuleVersion> {
  readonly commit: Pick<Commit, 'id' | 'parents'>;
  readonly version: V;
  /** In the other parents of a merge. */
  readonly merged: readonly V[];
}

export interface InForce<V extends RuleVersion> {
  /** The last version that came by a way which the rules before it allow; null: there never were rules. */
  readonly version: V | null;
  /** Id of the first commit since that changed the rules otherwise; null: there is none. */
  readonly refused: string | null;
}

/**
 * Which rules are in force after these commits, the oldest first. Under mode merge without trust in the forge only a merge
 * changes the rules, as it is with plans: a push, a rebase or what a merge commit adds by itself changes nothing. A merge
 * that leaves out rules which this line never had (its first parent is not the protected branch) changes nothing either.
 */
export function rulesInForce<V extends RuleVersion>(changes: readonly RuleChange<V>[]): InForce<V> {
  const seen = new Set<string>();
  let current: V | null = null;
  let refused: string | null = null;
  for (const { commit, version, merged } of changes) {
    const unseen = merged.find(({ key, hasPolicy }) => hasPolicy && key !== version.key && !seen.has(key));
    if (unseen !== undefined) current = unseen;
    else if (current === null || version.key === current.key || isAllowed(current, version, merged))
      current = version;
    seen.add(version.key);
    if (current.key === version.key) refused = null;
    else refused ??= commit.id;
  }
  return { version: current, refused };
}

function isAllowed(before: RuleVersion, after: RuleVersion, merged: readonly RuleVersion[]): boolean {
  const isStrict = before.rules?.mode === 'merge' && before.rules.merge?.squash === 'refuse';
  return !isStrict || merged.some(({ key }) => key === after.key);
}
