import { basename, dirname, join } from 'node:path';
import type { Check, Refusal } from '../approval/finding.ts';
import type { PolicyNow } from '../approval/policy/former-policy.ts';
import { type Policy, readPolicy } from '../approval/policy/policy.ts';
import { rulingOn } from '../approval/policy/rules-before.ts';
import { type Decision, planFactsOf } from '../approval/verification.ts';
import { verifyApproval } from '../approval/verify-approvals.ts';
import type { Contract } from '../contract/contract.ts';
import { differenceText } from '../contract/contract-differences.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure, type FailureCode } from '../core/failure.ts';
import { isSame } from '../core/json/canonical-json.ts';
import { type ParsedPlan, requireVerified } from '../plan/file/integrity.ts';
import { digestOf, idOf, type Plan } from '../plan/plan.ts';
import { notRebuilt } from '../plan/snapshots/extent.ts';
import { exists, readBytes, SMALL_FILE } from '../platform/files.ts';
import { sshVerifier } from '../platform/ssh-keygen.ts';
import { decideOnCounts } from './check-plan-counts.ts';
import { formerPolicy } from './former-policy.ts';
import type { Workspace } from './options.ts';
import { readHistory } from './read-merge-facts.ts';
import { rulesBefore } from './rule-history.ts';
import { lastConverged, lastPolicy } from './store/archive-file.ts';
import { type Folder, filesIn, readProvedPlan, storedBytes } from './store/plan-folder.ts';

/** The result of all checks. Only a plan without refusals is applied. */
export interface Verified {
  readonly plan: Plan;
  readonly digest: string;
  readonly id: string;
  readonly checks: readonly Check[];
  readonly refusals: readonly Refusal[];
  readonly verdict: Decision;
  /** The checkout's policy; null: there is none. */
  readonly policyNow: PolicyNow | null;
  /** The policy depends on numbers that the plan claims, so apply compares them with the shop. */
  readonly countsDecide: boolean;
}

interface Judged {
  readonly decision: Decision;
  readonly countsDecide: boolean;
  readonly policyNow: PolicyNow | null;
}

export interface VerifyRequest {
  readonly workspace: Workspace;
  /** null: any target will do. */
  readonly target: Target | null;
  /** Whether there is a terminal: without a policy, one unsigned approval is enough only then. */
  readonly isTerminal: boolean;
}

/** Reads a plan for a decision. An invalid plan file is refused like any other altered plan. */
function decidable(folder: Folder): ParsedPlan {
  try {
    const parsed = readProvedPlan(folder);
    requireVerified(parsed, { rebuilds: false });
    return parsed;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('plan_altered', `the plan file is refused: ${error.message}`, error.hint);
  }
}

export type ApprovablePlan = Pick<Verified, 'plan' | 'digest' | 'id'>;

/** A plan that may be approved or rejected. Throws a Failure (plan_altered, plan_errored). */
export function approvable(folder: Folder): ApprovablePlan {
  const plan = requireVerified(decidable(folder), { folderId: folder.id });
  const digest = digestOf(plan);
  if (plan.errored)
    throw new Failure(
      'plan_errored',
      'the plan was written with --strict and has errors, so it cannot be applied',
      'Fix the errors that it lists, then plan again.',
    );
  return { plan, digest, id: idOf(digest) };
}

/**
 * Everything that can be checked offline: printed form, digest, rebuild, strictness, contract, target (if one is known),
 * approvals, policy. Throws a Failure if the file is not a plan.
 */
export async function verifyPlan(
  folder: Folder,
  { workspace, target, isTerminal }: VerifyRequest,
): Promise<Verified> {
  const whole = wholeness(folder, workspace.contract);
  const { plan, digest } = whole;
  const id = idOf(digest);
  const tested = [...whole.tests, ...(target === null ? [] : [targetTest(plan.target, target)])];
  const { decision, policyNow, countsDecide } = await decide(plan, folder, workspace, isTerminal);
  const failed = tested.flatMap(({ ok, detail, code, hint }) =>
    ok ? [] : [{ code, message: detail, hint }],
  );
  const isAltered = failed.some(({ code }) => code === 'plan_altered');
  const refusals = [
    ...failed,
    // An altered plan is not worth an approval: only its own refusal has a next step.
    ...(decision.ok ? [] : decision.refusals).map((one) => (isAltered ? { ...one, hint: '' } : one)),
  ];
  return {
    plan,
    digest,
    id,
    checks: [...tested.map(({ name, ok, detail }) => ({ name, ok, detail })), ...decision.checks],
    // The approval checks do not know the plan's id and write PLAN. The name of the folder is the one that commands find.
    refusals: refusals.map((one) => ({ ...one, hint: one.hint.replace(/\bPLAN\b/g, folder.id ?? id) })),
    verdict: decision,
    policyNow,
    countsDecide,
  };
}

/** What can be said of a plan without its approvals: printed form, digest, rebuild, strictness, contract. */
export interface Wholeness {
  readonly plan: Plan;
  readonly digest: string;
  readonly tests: readonly Test[];
}

/** Throws a Failure if the file is not a plan. */
export function wholeness(folder: Folder, contract: Contract): Wholeness {
  const {
    plan,
    integrity: { differing },
  } = decidable(folder);
  const digest = digestOf(plan);
  const tests = [...integrityTests(plan, digest, differing, folder), contractTest(plan.contract, contract)];
  return { plan, digest, tests };
}

/** One check, with the next step where it fails. */
export interface Test extends Check {
  readonly code: FailureCode;
  readonly hint: string;
}

function integrityTests(
  plan: Plan,
  digest: string,
  differing: readonly string[],
  folder: Folder,
): readonly Test[] {
  const isNamed = folder.id === null || folder.id === idOf(digest);
  const isRebuilt = differing.length === 0;
  return [
    {
      name: 'printed form',
      ok: true,
      detail: 'the file is unchanged since sailplan wrote it',
      code: 'plan_altered',
      hint: '',
    },
    {
      name: 'digest',
      ok: isNamed,
      detail: isNamed
        ? digest
        : `the plan's digest is ${digest}, but its folder is named ${folder.id}: the plan was altered`,
      code: 'plan_altered',
      hint: 'Restore the file as it was written, or plan again.',
    },
    {
      name: 'rebuild',
      ok: isRebuilt,
      detail: isRebuilt
        ? `a rebuild from its own snapshots gives the same plan${notRebuilt(plan)}`
        : `a rebuild from its own snapshots differs in: ${differing.join(', ')}`,
      code: 'plan_altered',
      hint: 'The plan was altered, or written by another version: plan again.',
    },
    {
      name: 'strict',
      ok: !plan.errored,
      detail: plan.errored
        ? 'it was written with --strict and has errors, so it cannot be applied'
        : 'the plan has no errors under --strict',
      code: 'plan_errored',
      hint: 'Fix the errors that the plan lists, then plan again.',
    },
  ];
}

const shown = ({ name, api_url, channel }: Target): string =>
  `${name === null ? api_url : `${name} (${api_url})`}${channel === undefined ? '' : `, channel ${channel}`}`;

function contractTest(planned: Contract, mine: Contract): Test {
  const ok = isSame(planned, mine);
  return {
    name: 'contract',
    ok,
    detail: ok
      ? mine.name
      : `the plan's contract (${planned.name}) is not the one of this checkout (${mine.name}): they differ ${differenceText(planned, mine)}`,
    code: 'contract_differs',
    hint: 'Give the plan’s contract (--contract, or "contract" in the config), or plan again.',
  };
}

function targetTest(planned: Target, target: Target): Test {
  const ok = isSame(planned, target);
  return {
    name: 'target',
    ok,
    detail: ok ? target.api_url : `the plan is for ${shown(planned)}, this is ${shown(target)}`,
    code: 'target_differs',
    hint: 'Set SALEOR_API_URL (and --target) to the plan’s shop, or plan again.',
  };
}

/** Throws a Failure (policy_refused, policy_missing) where the policy cannot be used. */
export const assertPolicy = (workspace: Workspace): void => void loadPolicy(workspace);

async function decide(
  plan: Plan,
  folder: Folder,
  workspace: Workspace,
  isTerminal: boolean,
): Promise<Judged> {
  const { policyPath, policyUse } = workspace;
  const policy = loadPolicy(workspace);
  const { target } = plan;
  const before = await rulesBefore({ target, folder, workspace, isTerminal }, policy);
  const { rules } = rulingOn(policy, before, target);
  const beside = (path: string | undefined) =>
    path === undefined ? null : bytesOf(join(dirname(policyPath), path));
  const decision = await verifyApproval({
    plan: planFactsOf(plan),
    policy,
    before,
    formerPolicy: formerPolicy(folder.plans, lastPolicy(folder.plans, target)),
    approvals: filesIn(folder, 'approvals', '.json').map((file) => ({
      file: basename(file),
      bytes: storedBytes(folder.path, file, SMALL_FILE),
    })),
    author: storedIn(folder, 'author.json'),
    signers: beside(rules?.allowed_signers?.path),
    revoked: beside(rules?.revoked_keys?.path),
    merge: await readHistory(rules, folder, workspace),
    accept: storedIn(folder, 'accept.json'),
    provenance: storedIn(folder, 'provenance.json'),
    now: Date.now(),
    isTerminal,
    noPolicy: policyUse === 'none',
    earlierApply: lastConverged(folder.plans, target, digestOf(plan)),
    verifier: sshVerifier(),
  });
  return {
    decision,
    policyNow: policy === null ? null : { policy, before, target, isTerminal },
    countsDecide: rules !== null && decideOnCounts(rules),
  };
}

/** null: there is none. Throws a Failure (policy_refused, policy_missing). */
export function loadPolicy({ policyPath, policyUse }: Workspace): Policy | null {
  if (!exists(policyPath)) {
    if (policyUse === 'named')
      throw new Failure('policy_missing', `there is no policy ${policyPath}`, 'Check --policy.');
    return null;
  }
  return readPolicy(readBytes(policyPath, SMALL_FILE));
}

const bytesOf = (path: string): Uint8Array | null => (exists(path) ? readBytes(path, SMALL_FILE) : null);

const storedIn = (folder: Folder, name: string): Uint8Array | null => {
  const path = join(folder.path, name);
  return exists(path) ? storedBytes(folder.path, path, SMALL_FILE) : null;
};

/** The first refusal as a Failure, with the number of further ones. */
export function refusalOf({ id, refusals }: Verified): Failure | null {
  const [first, ...others] = refusals;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: sailplan verify lists them)`;
  return new Failure(first.code, `plan ${id} may not be applied: ${first.message}${more}`, first.hint);
}
