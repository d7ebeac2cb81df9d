import type { FailureCode } from '../../core/failure.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { HAZARDS } from '../../plan/hazards.ts';
import { parsePlanProvenance } from '../../plan/plan-provenance.ts';
import type { ApprovalNote } from '../../plan/report.ts';
import { type Finding, infoFinding, passed, refused, refusedBy } from '../finding.ts';
import type { MergeRules } from '../generated/policy.js';
import type { Rules } from '../policy/rules.ts';
import type { Approval } from '../signing/in-toto-statement.ts';
import { HOUR_MS, printSpan, printTime } from '../timestamps.ts';
import type { VerifyInput } from '../verification.ts';
import type { VerifiedStatement } from '../verified-statement.ts';
import { readAccept } from './accepted-hazards.ts';
import { evidenceFindings } from './brought-evidence.ts';
import type { Commit, FileFacts, MergeFacts, Renewal } from './merge-facts.ts';
import { fileFindings, missingFileFindings } from './merged-files.ts';

export interface MergeApproval {
  readonly findings: readonly Finding[];
  /** The merge as an approval, for the report; null: refused. */
  readonly note: ApprovalNote | null;
}

const NAME = 'merge';
/** PLAN is a placeholder for the id. */
const AGAIN =
  'If planning gives the same plan: sailplan approve PLAN, and have its file in approvals/ merged.';
/** Accepted difference between the clocks of two machines. */
const SKEW_MS = 5 * 60_000;

/** Rules that verifyMerge checks the history against. */
export interface MergeClaims {
  /** Codes of hazards that accept.json must name. */
  readonly hazards: readonly string[];
  /** Valid approvals that no apply has used up. */
  readonly approvals: readonly VerifiedStatement<Approval>[];
}

/**
 * Whether the merge of this plan's pull request approves it (docs/approval.md#mode-merge). A later merge of a newer approval,
 * or of the same plan proposed again, approves it again; an invalid one has no effect.
 */
export function verifyMerge(input: VerifyInput, rules: Rules, claims: MergeClaims): MergeApproval {
  const merged = verifyCommit(input, rules, claims.hazards);
  const renewal = input.merge?.renewal ?? null;
  if (input.merge === null || renewal === null) return merged;
  const isApproval = isRenewed(input.merge, renewal, claims.approvals);
  if (!isApproval && !isProposedAgain(input, input.merge, renewal)) return merged;
  const renewed = verifyCommit({ ...input, merge: { ...input.merge, ...renewal } }, rules, claims.hazards);
  if (renewed.note !== null) return renewed;
  const reasons = renewed.findings.flatMap(({ refusal }) => refusal?.message ?? []);
  const because = `merge ${short(renewal.commit.id)} of a newer ${isApproval ? 'approval' : 'proposal'} does not count: ${reasons.join('; ')}`;
  return { ...merged, findings: [...merged.findings, infoFinding(NAME, because)] };
}

/** Whether the commit added, from a merged branch, an approval that is newer than the plan's own merge. */
function isRenewed(
  { commit: first }: MergeFacts,
  { commit, approvals: files }: Renewal,
  approvals: readonly VerifiedStatement<Approval>[],
): boolean {
  return files.some((file) => {
    const { path, checkout, merge } = file;
    const isNew = ({ file, digest, atMs, predicate }: VerifiedStatement<Approval>) =>
      path.endsWith(`/${file}`) &&
      digest === merge &&
      predicate.decision === 'approve' &&
      first !== null &&
      atMs > first.atMs;
    return isReviewed(commit, file) && checkout === merge && approvals.some(isNew);
  });
}

/** Whether the merged file equals the branch's version. */
const isReviewed = ({ parents }: Commit, { merge, merged }: Pick<FileFacts, 'merge' | 'merged'>): boolean =>
  parents.length === 1 || merged.includes(merge);

/**
 * Whether the commit added a provenance.json that is newer than the plan's own merge and its last apply: the same plan,
 * planned and proposed again. Restoring an older one does not count.
 */
function isProposedAgain(
  { provenance: bytes, plan, earlierApply }: VerifyInput,
  { commit: first }: MergeFacts,
  { commit, provenance: file }: Renewal,
): boolean {
  if (file === null || bytes === null || first === null) return false;
  const isBrought =
    file.merge !== file.first_parent && file.merge === sha256(bytes) && file.checkout === file.merge;
  if (!isBrought || !isReviewed(commit, file)) return false;
  const provenance = parsePlanProvenance(parseJsonOrNothing(new TextDecoder().decode(bytes)) ?? null);
  if (provenance === null || provenance.digest !== plan.digest) return false;
  const madeAtMs = Date.parse(provenance.made_at);
  return madeAtMs > Math.max(first.atMs, earlierApply?.atMs ?? 0);
}

function verifyCommit(input: VerifyInput, rules: Rules, hazards: readonly string[]): MergeApproval {
  const { merge: facts, now } = input;
  if (facts === null || rules.merge === null || facts.ref !== rules.merge.ref) {
    return refusedMerge(
      'history_incomplete',
      'mode merge needs the git history of the checkout',
      'Run inside the clone with the plan.',
    );
  }
  if (facts.isShallow) {
    return refusedMerge(
      'history_incomplete',
      'this is a shallow clone, so git does not know when the plan was merged',
      'Fetch the full history: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab), git fetch --unshallow.',
    );
  }
  if (facts.tip === null) {
    const branch = facts.ref.replace(/^refs\/(heads|remotes\/[^/]+)\//, '');
    return refusedMerge(
      'history_incomplete',
      `there is no ${facts.ref} here`,
      `Fetch it: git fetch origin ${branch}.`,
    );
  }
  const { commit } = facts;
  if (commit === null) {
    return refusedMerge(
      'plan_not_approved',
      `the plan is not on ${facts.ref}`,
      'Merge its pull request, then apply from that branch.',
    );
  }
  const findings = [
    ...missingFileFindings(facts, input),
    ...facts.files.flatMap((file) => fileFindings(file, facts.ref, input)),
    ...evidenceFindings(facts),
    ...ageFindings(commit, rules, now),
    ...mergerFindings(commit, facts, rules.merge.squash),
    ...acceptFindings(input, hazards),
  ];
  const isSound = findings.every(({ refusal }) => refusal === null);
  return { findings, note: isSound ? noteOf(commit, rules.merge) : null };
}

const refusedMerge = (code: FailureCode, message: string, hint: string): MergeApproval => ({
  findings: [refused(NAME, code, message, hint)],
  note: null,
});

function ageFindings({ id, atMs }: Commit, { max_age_hours }: Rules, now: number): readonly Finding[] {
  const until = atMs + max_age_hours * HOUR_MS;
  if (atMs > now + SKEW_MS) {
    return [
      refused(
        NAME,
        'approval_invalid',
        `commit ${short(id)} is of ${printTime(atMs)}, which is in the future`,
        'Check the clocks.',
      ),
    ];
  }
  return now <= until
    ? []
    : [
        refused(
          NAME,
          'approval_expired',
          `the plan was merged ${printSpan(now - atMs)} ago; a merge is valid for ${max_age_hours} h`,
          `Plan again and have that merged. ${AGAIN}`,
        ),
      ];
}

/**
 * A merge commit names the person who merged. A commit with one parent may be a squash, a rebase or a push: git cannot
 * distinguish them.
 */
function mergerFindings(
  commit: Commit,
  facts: MergeFacts,
  squash: 'refuse' | 'trust_forge',
): readonly Finding[] {
  if (commit.parents.length > 1) {
    const planFiles = facts.files.filter(({ role }) => role === 'plan' || role === 'accept');
    return planFiles.every(({ merge, merged }) => merged.includes(merge))
      ? [passed(NAME, mergerText(commit, squash))]
      : [
          refused(
            NAME,
            'plan_altered',
            `the plan of merge ${short(commit.id)} is not in a branch that it merged, so nobody reviewed it`,
            'Plan again, on a branch, and have that merged.',
          ),
        ];
  }
  const what = `commit ${short(commit.id)} added the plan without a merge: git cannot distinguish a squash or rebase of a reviewed pull request from a push, and does not name who merged`;
  return squash === 'trust_forge'
    ? [infoFinding(NAME, `${what}. The policy trusts the forge's protection of ${facts.ref}.`)]
    : [
        refused(
          NAME,
          'plan_not_approved',
          what,
          `Merge with a merge commit, or set merge.squash to trust_forge in a reviewed change of the policy. ${AGAIN}`,
        ),
      ];
}

/** Anybody who can push can write a merge commit under any name; it counts only if the policy trusts the forge. */
const mergerText = ({ id, author }: Commit, squash: 'refuse' | 'trust_forge'): string =>
  squash === 'trust_forge'
    ? `merged by ${author}, commit ${short(id)}, as the forge that the policy trusts wrote it`
    : `merged by ${author}, ${AS_COMMIT_SAYS}: ${short(id)}. Nothing proves that name`;

const AS_COMMIT_SAYS = 'as the commit says';

function acceptFindings({ accept, plan }: VerifyInput, hazards: readonly string[]): readonly Finding[] {
  if (accept === null) return hazards.length === 0 ? [] : [unacceptedFinding(hazards)];
  try {
    const codes = readAccept(accept, plan.digest, Object.keys(HAZARDS));
    const missing = hazards.filter((code) => !codes.includes(code));
    return missing.length === 0
      ? [passed(NAME, `accepted: ${codes.join(', ')}`)]
      : [unacceptedFinding(missing)];
  } catch (error) {
    return [refusedBy(NAME, error)];
  }
}

const unacceptedFinding = (codes: readonly string[]): Finding =>
  refused(
    NAME,
    'hazard_not_accepted',
    `accept.json does not accept ${codes.join(', ')}`,
    `On a branch, commit what the next command writes, and have that merged: sailplan approve PLAN --accept ${codes.join(',')}`,
  );

const short = (id: string): string => id.slice(0, 12);

const noteOf = ({ id, parents, author, atMs }: Commit, { ref, squash }: MergeRules): ApprovalNote => ({
  approver:
    parents.length > 1 ? `${author}${squash === 'refuse' ? ` (${AS_COMMIT_SAYS})` : ''}` : 'not named by git',
  at: printTime(atMs),
  signed: false,
  comment: `${parents.length > 1 ? 'merged into' : 'squashed, rebased or pushed to'} ${ref}, commit ${short(id)}`,
});
