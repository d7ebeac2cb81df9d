import { basename, dirname, join } from 'node:path';
import type { Check, Refusal } from '../approval/finding.ts';
import { type Policy, readPolicy, rulesFor } from '../approval/policy/policy.ts';
import { type Decision, planFactsOf } from '../approval/verification.ts';
import { verifyApproval } from '../approval/verify-approvals.ts';
import type { Args, Io } from '../cli/io.ts';
import type { Settings } from '../cli/settings.ts';
import type { Contract } from '../contract/contract.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure, type FailureCode } from '../core/failure.ts';
import { isSame, type Json } from '../core/json/canonical-json.ts';
import { type ParsedPlan, requireVerified } from '../plan/file/integrity.ts';
import { parsePlan } from '../plan/file/parse.ts';
import { digestOf, idOf, type Plan } from '../plan/plan.ts';
import { notRebuilt } from '../plan/snapshots/extent.ts';
import { exists, readBytes } from '../platform/files.ts';
import { sshVerifier } from '../platform/ssh-keygen.ts';
import { readHistory } from './read-merge-facts.ts';
import { lastConverged, lastPolicy } from './store/archive-file.ts';
import { type Folder, filesIn, planText } from './store/plan-folder.ts';

/** A plan that was looked at from all sides. Only `ok` plans are applied. */
export interface Verified {
  readonly plan: Plan;
  readonly digest: string;
  readonly id: string;
  readonly checks: readonly Check[];
  readonly refusals: readonly Refusal[];
  readonly verdict: Decision;
}

/** Reads a plan that something is decided on: a file that is no whole plan is refused, as any other altered plan is. */
function decidable(folder: Folder): ParsedPlan {
  try {
    const parsed = parsePlan(planText(folder));
    requireVerified(parsed, { rebuilds: false });
    return parsed;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('plan_altered', `the plan file is refused: ${error.message}`, error.hint);
  }
}

/** A plan that somebody may say yes or no to. Throws a Failure (plan_altered, plan_errored). */
export function approvable(folder: Folder): Pick<Verified, 'plan' | 'digest' | 'id'> {
  const plan = requireVerified(decidable(folder), { folderId: folder.id });
  const digest = digestOf(plan);
  if (plan.errored)
    throw new Failure(
      'plan_errored',
      'the plan was made with --strict while something is wrong: it may be read, never applied',
      'Mend what it lists as errors and plan again.',
    );
  return { plan, digest, id: idOf(digest) };
}

/**
 * Everything that can be checked offline: printed form, digest, rebuild, strictness, contract, target (where one is
 * named), approvals, policy. Throws a Failure when the file is no plan at all.
 */
export async function verifyFolder(
  folder: Folder,
  settings: Settings,
  target: Target | null,
  args: Args,
  io: Io,
): Promise<Verified> {
  const {
    plan,
    integrity: { differing },
  } = decidable(folder);
  const digest = digestOf(plan);
  const id = idOf(digest);
  const checks: Check[] = [];
  const refusals: Refusal[] = [];
  const check = (name: string, ok: boolean, detail: string, code: FailureCode, hint: string) => {
    checks.push({ name, ok, detail });
    if (!ok) refusals.push({ code, message: detail, hint });
  };
  check('printed form', true, 'the bytes are those that sailplan writes', 'plan_altered', '');
  const isNamed = folder.id === null || folder.id === id;
  check(
    'digest',
    isNamed,
    isNamed
      ? digest
      : `the plan's digest is ${digest}, but its folder is named ${folder.id}: the plan was altered`,
    'plan_altered',
    'Restore the file as it was written, or plan again.',
  );
  check(
    'rebuild',
    differing.length === 0,
    differing.length === 0
      ? `built again from its own snapshots, it comes out the same${notRebuilt(plan)}`
      : `built again from its own snapshots, these differ: ${differing.join(', ')}`,
    'plan_altered',
    'The plan was altered or made by another version: plan again.',
  );
  check(
    'strict',
    !plan.errored,
    plan.errored
      ? 'it was made with --strict while something is wrong: it may be read, never applied'
      : 'nothing forbids to apply it',
    'plan_errored',
    'Mend what the plan lists as errors and plan again.',
  );
  const contract = contractCheck(plan.contract, settings.contract);
  check(
    'contract',
    contract.ok,
    contract.detail,
    'contract_differs',
    'Apply from the checkout that the plan was made from, or plan again.',
  );
  if (target !== null) {
    const isMeant = isSame(plan.target as never, target as never);
    check(
      'target',
      isMeant,
      isMeant ? target.api_url : `the plan is for ${shown(plan.target)}, this is ${shown(target)}`,
      'target_differs',
      'Set SALEOR_API_URL (and --target) to the plan’s shop, or plan again.',
    );
  }
  const verdict = await judge(plan, folder, settings, args, io);
  const all = verdict.ok ? refusals : [...refusals, ...verdict.refusals];
  // Whoever counts approvals does not know what the plan is called.
  const named = all.map((one) => ({ ...one, hint: one.hint.replace(/\bPLAN\b/g, id) }));
  return { plan, digest, id, checks: [...checks, ...verdict.checks], refusals: named, verdict };
}

const shown = ({ name, api_url, channel }: Target): string =>
  `${name === null ? api_url : `${name} (${api_url})`}${channel === undefined ? '' : `, channel ${channel}`}`;

function contractCheck(planned: Contract, mine: Contract): { ok: boolean; detail: string } {
  if (isSame(planned as unknown as Json, mine as unknown as Json)) return { ok: true, detail: mine.name };
  return {
    ok: false,
    detail: `the plan's contract (${planned.name}) is not the one of this checkout (${mine.name})`,
  };
}

async function judge(plan: Plan, folder: Folder, settings: Settings, args: Args, io: Io): Promise<Decision> {
  const policy = loadPolicy(settings, args);
  const rules = policy === null ? null : rulesOrNull(policy, plan.target);
  const beside = (path: string | undefined) =>
    path === undefined ? null : bytesOf(join(dirname(settings.policyPath), path));
  return verifyApproval({
    plan: planFactsOf(plan),
    policy,
    formerPolicy: lastPolicy(settings.out, plan.target),
    approvals: filesIn(folder, 'approvals', '.json').map((file) => ({
      file: basename(file),
      bytes: readBytes(file),
    })),
    author: bytesOf(join(folder.path, 'author.json')),
    signers: beside(rules?.allowed_signers?.path),
    revoked: beside(rules?.revoked_keys?.path),
    merge: await readHistory(rules, folder, settings),
    accept: bytesOf(join(folder.path, 'accept.json')),
    now: Date.now(),
    isTerminal: io.isTerminal,
    noPolicy: args['policy'] === false,
    spent: lastConverged(settings.out, plan.target, digestOf(plan)),
    verifier: sshVerifier(),
  });
}

function loadPolicy({ policyPath }: Settings, args: Args): Policy | null {
  const isNamed = typeof args['policy'] === 'string';
  if (!exists(policyPath)) {
    if (isNamed) throw new Failure('policy_missing', `there is no policy ${policyPath}`, 'Check --policy.');
    return null;
  }
  return readPolicy(readBytes(policyPath));
}

/** A policy that does not know the target is refused by the verdict, with its own words. */
function rulesOrNull(policy: Policy, target: Target) {
  try {
    return rulesFor(policy, target);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const bytesOf = (path: string): Uint8Array | null => (exists(path) ? readBytes(path) : null);

/** The first refusal as the error of the command, with how many there are besides. */
export function refusalOf({ id, refusals }: Verified): Failure | null {
  const [first, ...others] = refusals;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: sailplan verify lists them)`;
  return new Failure(first.code, `plan ${id} may not be applied: ${first.message}${more}`, first.hint);
}
