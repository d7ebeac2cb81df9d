import { sha256 } from '../core/json/canonical-json.ts';
import { byCodeUnit } from '../core/json/records.ts';
import type { ApprovalNote } from '../plan/report.ts';
import { NOT_WHOLE_REFUSAL } from '../plan/snapshots/extent-messages.ts';
import { countApprovals } from './count-approvals.ts';
import { earlierDecisionFindings } from './earlier-decisions.ts';
import { type Finding, infoFinding, passed, refused, refusedBy } from './finding.ts';
import { type MergeApproval, verifyMerge } from './merge/verify-merge.ts';
import { verifyPinnedFiles } from './policy/pinned-files.ts';
import { NO_POLICY, type Rules } from './policy/rules.ts';
import { selectRules } from './policy/select-rules.ts';
import type { Approval, Author } from './signing/in-toto-statement.ts';
import { parseTime } from './timestamps.ts';
import type { Decision, VerifyInput } from './verification.ts';
import {
  type VerificationContext,
  type VerifiedStatement,
  verifyApprovalFile,
  verifyAuthorFile,
} from './verified-statement.ts';

/**
 * Decides whether this plan may be applied now, from the policy, the approvals and, in mode merge, git
 * (docs/approval.md). Runs every check, so that a refusal names all errors and not just the first. Throws only for bugs.
 */
export async function verifyApproval(given: VerifyInput): Promise<Decision> {
  const selected = selectRules(given);
  const { rules, policy } = selected;
  const input = { ...given, policy };
  if (rules === null) return decide(input, selected.findings);
  const pinned = verifyPinnedFiles(input, rules);
  // Without a trusted signers file no signature means anything.
  if (pinned.findings.some(({ refusal }) => refusal !== null)) {
    return decide(input, [...selected.findings, ...pinned.findings]);
  }
  const context = contextOf(input, rules, pinned.signers);
  const statements = await verifyStatements(context, input);
  const earlier = await earlierDecisionFindings(context, statements.approvals, input.earlierDecisions);
  const hazards = hazardsToAccept(input, rules);
  const count = countApprovals({ rules, ...statements, hazards: hazards.codes, now: input.now });
  const isFresh = isUnusedSince(input.earlierApply);
  const claims = { hazards: hazards.codes, approvals: statements.approvals.filter(isFresh) };
  const merge = rules.mode === 'merge' ? verifyMerge(input, rules, claims) : NOT_MERGED;
  const approvedAtMs = approvedSinceLastApply(input, rules, count.counting.filter(isFresh), merge);
  return decide(
    input,
    [
      ...selected.findings,
      ...pinned.findings,
      ...statements.findings,
      ...earlier,
      ...authorFindings(rules, statements.author, input),
      ...count.findings,
      ...hazards.findings,
      ...merge.findings,
      ...snapshotFindings(input, rules),
      ...appliedFindings(input, approvedAtMs !== null),
    ],
    {
      approvals: [...(merge.note === null ? [] : [merge.note]), ...count.counting.map(noteOf)],
      approvedAtMs,
    },
  );
}

const contextOf = (
  { plan, revoked, now, verifier }: VerifyInput,
  rules: Rules,
  signers: VerificationContext['signers'],
): VerificationContext => ({
  plan,
  signers,
  revoked: rules.revoked_keys === null ? null : revoked,
  now,
  verifier,
});

/** Whether no earlier apply used the approval: a used approval never counts again, whatever time it claims. */
const isUnusedSince =
  (earlierApply: VerifyInput['earlierApply']) =>
  ({ atMs, digest }: VerifiedStatement<Approval>): boolean =>
    earlierApply === null || (atMs > earlierApply.atMs && !earlierApply.approvals.includes(digest));

/** Since when the plan has all approvals it needs, of these that no earlier apply has used; null: it has not. */
function approvedSinceLastApply(
  { earlierApply }: VerifyInput,
  { approvals, mode }: Rules,
  fresh: readonly VerifiedStatement<Approval>[],
  { note }: MergeApproval,
): number | null {
  const mergedAtMs = note === null ? null : parseTime(note.at);
  const isMergeUsed = earlierApply !== null && mergedAtMs !== null && mergedAtMs <= earlierApply.atMs;
  const times = [
    ...(approvals === 0 ? [] : [fresh.at(-approvals)?.atMs ?? null]),
    ...(mode === 'merge' ? [isMergeUsed ? null : mergedAtMs] : []),
  ];
  return times.some((time) => time === null) ? null : Math.min(...(times as readonly number[]));
}

const NOT_MERGED: MergeApproval = { findings: [], note: null };

interface VerifiedStatements {
  readonly approvals: readonly VerifiedStatement<Approval>[];
  readonly author: VerifiedStatement<Author> | null;
  readonly findings: readonly Finding[];
}

async function verifyStatements(
  context: VerificationContext,
  { approvals: files, author }: VerifyInput,
): Promise<VerifiedStatements> {
  const approvals: VerifiedStatement<Approval>[] = [];
  const findings: Finding[] = [];
  for (const one of [...files].sort((a, b) => byCodeUnit(a.file, b.file))) {
    try {
      approvals.push(await verifyApprovalFile(context, one));
    } catch (error) {
      findings.push(refusedBy('approvals', error, `approvals/${one.file}`));
    }
  }
  if (author === null) return { approvals, author: null, findings };
  try {
    return { approvals, author: await verifyAuthorFile(context, author), findings };
  } catch (error) {
    return { approvals, author: null, findings: [...findings, refusedBy('author', error, 'author.json')] };
  }
}

function authorFindings(
  rules: Rules,
  author: VerifiedStatement<Author> | null,
  input: VerifyInput,
): readonly Finding[] {
  if (author?.signerMatch === 'named')
    return [passed('author', `${author.predicate.author}, signed with ${author.key}`)];
  if (rules.author_may_approve) {
    return author === null
      ? []
      : [
          infoFinding(
            'author',
            `${author.predicate.author}, by a statement that proves nothing (${author.signerMatch})`,
          ),
        ];
  }
  // An invalid author.json was refused by `verifyStatements`.
  if (author === null && input.author !== null) return [];
  return [
    refused(
      'author',
      'plan_not_approved',
      `the author may not approve, and ${author === null ? 'no signed statement says who the author is' : `the author's statement is ${author.signerMatch}`}`,
      'Plan with sailplan plan --sign KEY, with a key that allowed_signers assigns to a full name.',
    ),
  ];
}

/** Codes of the hazards that each approval must accept by name under these rules, sorted. */
function hazardsToAccept(
  { plan }: VerifyInput,
  rules: Rules,
): { readonly codes: readonly string[]; readonly findings: readonly Finding[] } {
  const named = rules.must_be_accepted;
  const present = new Set(named.length === 0 ? [] : plan.hazards.map(({ code }) => code));
  const { changed, compared } = plan.products;
  const isBulk =
    rules.products !== null && changed >= rules.products.from && changed > compared * rules.products.share;
  const codes = new Set<string>(named.filter((code) => present.has(code)));
  if (isBulk) codes.add('bulk_change');
  const findings = [
    ...(codes.size === 0 ? [] : [passed('hazards', `to be accepted by name: ${[...codes].join(', ')}`)]),
    ...(isBulk
      ? [
          infoFinding(
            'hazards',
            `${changed} of ${compared} products change: more than the policy's threshold`,
          ),
        ]
      : []),
  ];
  return { codes: [...codes].sort(), findings };
}

const snapshotFindings = ({ plan }: VerifyInput, rules: Rules): readonly Finding[] =>
  !plan.hasWholeSnapshots && rules.needs_whole_snapshots && rules !== NO_POLICY
    ? [refused('snapshots', 'policy_refused', NOT_WHOLE_REFUSAL.message, NOT_WHOLE_REFUSAL.hint)]
    : [];

const appliedFindings = ({ earlierApply }: VerifyInput, isApprovedAnew: boolean): readonly Finding[] =>
  earlierApply === null
    ? []
    : [
        infoFinding(
          'applied',
          `The plan was applied before (${earlierApply.by}): ${isApprovedAnew ? 'it was approved again since.' : 'applying it again only confirms the result.'}`,
        ),
      ];

interface GivenApproval {
  readonly approvals: readonly ApprovalNote[];
  /** null: the plan has not all the approvals it needs, or an earlier apply has used them. */
  readonly approvedAtMs: number | null;
}

/** These findings are reported as they are; others get their name in front. */
const UNNAMED = ['policy', 'applied'];

function decide(
  input: VerifyInput,
  findings: readonly Finding[],
  { approvals, approvedAtMs }: GivenApproval = { approvals: [], approvedAtMs: null },
): Decision {
  const checks = findings.map(({ name, detail, refusal }) => ({ name, ok: refusal === null, detail }));
  const notes = findings
    .filter(({ isNote }) => isNote)
    .map(({ name, detail }) => (UNNAMED.includes(name) ? detail : `${name}: ${detail}`));
  const [first, ...others] = findings.flatMap(({ refusal }) => refusal ?? []);
  const policy = input.policy?.digest ?? null;
  if (first !== undefined) return { ok: false, refusals: [first, ...others], policy, notes, checks };
  return {
    ok: true,
    approvals,
    approval_digests: input.approvals.map(({ bytes }) => sha256(bytes)).sort(),
    policy,
    isApplied: input.earlierApply !== null && approvedAtMs === null,
    approvedAtMs: approvedAtMs ?? Number.NEGATIVE_INFINITY,
    notes,
    checks,
  };
}

const noteOf = ({ predicate, signerMatch }: VerifiedStatement<Approval>): ApprovalNote => ({
  approver: predicate.approver,
  at: predicate.at,
  signed: signerMatch === 'named' || signerMatch === 'wildcard',
  comment: predicate.comment,
});
