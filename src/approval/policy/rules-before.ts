import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { type Finding, passed, refused } from '../finding.ts';
import { type Policy, rulesFor } from './policy.ts';
import type { Rules } from './rules.ts';
import { weakenings } from './weaker.ts';

/** Something that decides, before the plan came and now. null: it is not there. */
export interface BeforeAndNow {
  readonly path: string;
  readonly before: string | null;
  readonly now: string | null;
}

/**
 * Git's version of the rules from before the plan: in the first parent of the commit that added it, or in the newest commit if
 * no commit did.
 */
export interface RulesBefore {
  /** That place, as text. */
  readonly where: string;
  /** Whether a commit added the plan. */
  readonly isCommitted: boolean;
  /** Whether a policy or a config existed. The first rules of a repository may come with its first plan. */
  readonly hadRules: boolean;
  readonly policyPath: string;
  /** SHA-256 of the policy's file; null: there was none. */
  readonly policyDigest: string | null;
  /** null: there was none, or it cannot be used. */
  readonly policy: Policy | null;
  /** Digest of what the config decides: policy, contract, folder of the plans, the target's shop and channel. */
  readonly config: BeforeAndNow;
  /** Digest of the contract's file. */
  readonly contract: BeforeAndNow | null;
  /** The rules were changed less than an hour before the plan, without a merge between: that may be one push, and is not counted. */
  readonly isOnePush: boolean;
  /** Id of a commit that changed the rules in a way that those before it forbid; null: none did. */
  readonly refusedChange: string | null;
  /** A file of rules from before the plan, where the policy itself is new with the plan; null: there was none, or it is not new. */
  readonly othersBefore: string | null;
  /** The first link inside the repository on the way to rules or plans; null: there is none. */
  readonly link: string | null;
}

/** The policy that judges a plan, and its rules; null where it has none for the target. */
export interface Ruling {
  readonly policy: Policy | null;
  readonly rules: Rules | null;
}

/** Rules of a target, or null: without any it is refused elsewhere, with the reason. */
export function rulesOrNull(policy: Policy | null, target: Target): Rules | null {
  try {
    return policy === null ? null : rulesFor(policy, target);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/**
 * Which policy judges: that of the checkout; but where mode merge was in force before the plan, the one from then, so that no
 * pull request switches it off.
 */
export function rulingOn(policy: Policy | null, before: RulesBefore | null, target: Target): Ruling {
  const former = rulesOrNull(before?.policy ?? null, target);
  return former?.mode === 'merge'
    ? { policy: before?.policy ?? null, rules: former }
    : { policy, rules: rulesOrNull(policy, target) };
}

const HINT =
  'Merge the change of the rules first. Then plan again, or remove the plan’s folder and merge it again.';

/** For a plan that no commit added. */
const COMMIT_HINT = 'Commit the change of the policy first, or revert it.';

const ONE_PUSH_HINT =
  'The rules were changed less than an hour before the plan and without a merge between, which may be one push. Merge that change with a merge commit before the plan, or run this on a terminal.';

const hintFor = ({ isCommitted, isOnePush }: RulesBefore): string =>
  isOnePush ? ONE_PUSH_HINT : isCommitted ? HINT : COMMIT_HINT;

/** Whether the checkout has the rules from before the plan, or rules that ask for no less. */
export function rulesBeforeFindings(
  now: Policy | null,
  before: RulesBefore | null,
  target: Target,
): readonly Finding[] {
  if (before === null) return [];
  const { refusedChange, link, policyDigest, config, contract, isCommitted, hadRules, where } = before;
  const differing =
    isCommitted && hadRules ? [configFindings(before, config), contractFindings(before, contract)] : [];
  const findings = [
    ...(refusedChange === null ? [] : [changeRefused(refusedChange)]),
    ...(link === null ? [] : [linkRefused(link)]),
    ...policyFindings(now, before, target),
    ...differing.flat(),
  ];
  return findings.length === 0 && policyDigest !== null
    ? [passed('rules', `they are the ones ${where}, or are not weaker`)]
    : findings;
}

const changeRefused = (commit: string): Finding =>
  refused(
    'rules',
    'policy_refused',
    `commit ${commit.slice(0, 12)} changed policy or config without a merge, which the rules before it do not allow`,
    'Revert that change and merge it with its own pull request.',
  );

const linkRefused = (link: string): Finding =>
  refused(
    'rules',
    'policy_refused',
    `${link} is a link, and a link can lead to other rules or plans than before`,
    'Name policy, contract, config and plans by a path without links, or replace the link by what it leads to.',
  );

function newWithPlan({ policyPath, othersBefore, where }: RulesBefore): readonly Finding[] {
  if (othersBefore === null) return [];
  return [
    refused(
      'rules',
      'policy_refused',
      `the policy ${policyPath} is new with the plan, and there was ${othersBefore} ${where}: a pull request cannot bring its own rules`,
      `Merge ${policyPath} with a pull request of its own. Then remove the plan’s folder and merge it again. A policy outside the repository counts at once.`,
    ),
  ];
}

function policyFindings(now: Policy | null, before: RulesBefore, target: Target): readonly Finding[] {
  const { policy, policyPath, policyDigest, where } = before;
  const hint = hintFor(before);
  if (policyDigest === null) return now === null ? [] : newWithPlan(before);
  if (now?.digest === policyDigest) return [];
  const was = `${policyPath} (sha256 ${policyDigest}) ${where}`;
  if (now === null) return [refused('rules', 'policy_missing', `the policy was removed: ${was}`, hint)];
  const less =
    policy === null
      ? ['that version cannot be used (a link, or not a policy), so the two cannot be compared']
      : weakenings(rulesOrNull(policy, target), rulesOrNull(now, target));
  return less.length === 0
    ? []
    : [
        refused(
          'rules',
          'policy_refused',
          `the policy is weaker than ${was}: ${less.join('; ')}. A pull request cannot change its own rules`,
          hint,
        ),
      ];
}

function configFindings(then: RulesBefore, { path, before, now }: BeforeAndNow): readonly Finding[] {
  return before === now
    ? []
    : [
        refused(
          'rules',
          'policy_refused',
          `${path} names another policy, contract, plans folder or shop than ${then.where}: a pull request cannot change its own rules`,
          hintFor(then),
        ),
      ];
}

function contractFindings({ where }: RulesBefore, contract: BeforeAndNow | null): readonly Finding[] {
  if (contract === null || contract.before === contract.now) return [];
  return [
    refused(
      'rules',
      'contract_differs',
      `${contract.path} differs from the version ${where}: a pull request cannot change its own rules`,
      HINT,
    ),
  ];
}
