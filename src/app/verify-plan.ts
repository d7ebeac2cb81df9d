import { dirname, join } from 'node:path';
import type { Check, Refusal } from '../approval/finding.ts';
import type { PolicyNow } from '../approval/policy/former-policy.ts';
import { type Policy, readPolicy } from '../approval/policy/policy.ts';
import { rulingOn } from '../approval/policy/rules-before.ts';
import { type Decision, type EarlierApply, planFactsOf } from '../approval/verification.ts';
import { verifyApproval } from '../approval/verify-approvals.ts';
import type { Contract } from '../contract/contract.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { type ParsedPlan, requireVerified } from '../plan/file/integrity.ts';
import { digestOf, idOf, type Plan } from '../plan/plan.ts';
import { exists, readBytes, SMALL_FILE, WRITTEN_FILE } from '../platform/files.ts';
import { sshVerifier } from '../platform/ssh-keygen.ts';
import { decideOnCounts } from './check-plan-counts.ts';
import { committedDecisions } from './committed-decisions.ts';
import { formerPolicy } from './former-policy.ts';
import type { SharedHistory } from './history-answers.ts';
import type { Workspace } from './options.ts';
import { type Test, targetTest, testsOf } from './plan-tests.ts';
import { readHistory } from './read-merge-facts.ts';
import { rulesBefore } from './rule-history.ts';
import { type OpenArchive, openArchive, type TargetArchive } from './store/archive-file.ts';
import { assertPlain } from './store/plan-files.ts';
import { type Folder, readProvedPlan, storedBytes } from './store/plan-folder.ts';
import { readApprovals } from './store/read-approvals.ts';

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
  /** How archives are read: once for many plans, or (default) anew. */
  readonly open?: OpenArchive;
  /** What a command that judges many plans, and changes nothing, reads of git only once; null (default): for one plan. */
  readonly history?: SharedHistory | null;
  /** false: a plan that is applied, and not approved again, is not rebuilt: the apply did so before it wrote. */
  readonly rebuildsApplied?: boolean;
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
export async function verifyPlan(folder: Folder, request: VerifyRequest): Promise<Verified> {
  const { workspace, target } = request;
  assertPlain(folder.path, folder.id !== null);
  const parsed = decidable(folder);
  const { plan } = parsed;
  const [digest, open] = [digestOf(plan), request.open ?? openArchive];
  const archive = open(folder.plans, plan.target);
  const earlierApply = archive.lastConverged(digest);
  const id = idOf(digest);
  const facts = { earlierApply, lastPolicy: archive.lastPolicy() };
  const { decision, policyNow, countsDecide } = await decide(plan, folder, request, facts);
  const isApplied = earlierApply !== null && (!decision.ok || decision.isApplied);
  const tested = [
    ...testsOf(parsed, workspace.contract, {
      folder,
      isRebuilt: request.rebuildsApplied !== false || !isApplied,
    }),
    ...(target === null ? [] : [targetTest(plan.target, target)]),
  ];
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
  const parsed = decidable(folder);
  const { plan } = parsed;
  return { plan, digest: digestOf(plan), tests: testsOf(parsed, contract, { folder, isRebuilt: true }) };
}

/** Throws a Failure (policy_refused, policy_missing) where the policy cannot be used. */
export const assertPolicy = (workspace: Workspace): void => void loadPolicy(workspace);

/** What the archive says of a plan and of its target. */
interface ArchiveFacts {
  readonly earlierApply: EarlierApply | null;
  readonly lastPolicy: ReturnType<TargetArchive['lastPolicy']>;
}

async function decide(
  plan: Plan,
  folder: Folder,
  { workspace, isTerminal, history = null }: VerifyRequest,
  { earlierApply, lastPolicy }: ArchiveFacts,
): Promise<Judged> {
  const { policyPath, policyUse } = workspace;
  const policy = loadPolicy(workspace);
  const { target } = plan;
  const before = await rulesBefore({ target, folder, workspace, isTerminal, history }, policy);
  const { rules } = rulingOn(policy, before, target);
  const beside = (path: string | undefined) =>
    path === undefined ? null : bytesOf(join(dirname(policyPath), path));
  const decision = await verifyApproval({
    plan: planFactsOf(plan),
    policy,
    before,
    formerPolicy: formerPolicy(folder.plans, lastPolicy),
    approvals: readApprovals(folder),
    earlierDecisions: await committedDecisions(folder, history),
    author: storedIn(folder, 'author.json'),
    signers: beside(rules?.allowed_signers?.path),
    revoked: beside(rules?.revoked_keys?.path),
    merge: await readHistory(rules, folder, workspace),
    accept: storedIn(folder, 'accept.json'),
    provenance: storedIn(folder, 'provenance.json'),
    now: Date.now(),
    isTerminal,
    noPolicy: policyUse === 'none',
    earlierApply,
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
  return readPolicy(readBytes(policyPath, WRITTEN_FILE));
}

const bytesOf = (path: string): Uint8Array | null => (exists(path) ? readBytes(path, WRITTEN_FILE) : null);

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
