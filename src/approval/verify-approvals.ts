import { byCodeUnit, sha256 } from '../core/json/canonical-json.ts';
import type { ApprovalNote } from '../plan/report.ts';
import { countApprovals } from './count-approvals.ts';
import { type Finding, infoFinding, passed, refused, refusedBy } from './finding.ts';
import { type Merged, verifyMerge } from './merge/verify-merge.ts';
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
 * Whether this plan may be applied now, by these rules and these files (docs/approval.md). Everything is looked at,
 * so that a refusal names all that is wrong and not just the first. Throws only for bugs.
 */
export async function verifyApproval(input: VerifyInput): Promise<Decision> {
  const governed = selectRules(input);
  if (governed.rules === null) return conclude(input, governed.findings);
  const { rules } = governed;
  const trusted = verifyPinnedFiles(input, rules);
  const court: VerificationContext = {
    plan: input.plan,
    signers: trusted.signers,
    revoked: rules.revoked_keys === null ? null : input.revoked,
    now: input.now,
    verifier: input.verifier,
  };
  // Without the file that says whose keys count, no signature means anything.
  if (trusted.findings.some(({ refusal }) => refusal !== null)) {
    return conclude(input, [...governed.findings, ...trusted.findings]);
  }
  const heard = await hearAll(court, input);
  const hazards = named(input, rules);
  const tally = countApprovals({ rules, ...heard, hazards: hazards.codes, now: input.now });
  const merged = rules.mode === 'merge' ? verifyMerge(input, rules, hazards.codes) : NOT_MERGED;
  return conclude(
    input,
    [
      ...governed.findings,
      ...trusted.findings,
      ...heard.findings,
      ...authorship(rules, heard.author, input),
      ...tally.findings,
      ...hazards.findings,
      ...merged.findings,
      ...limits(input, rules, renewedAt(input, rules, tally.counting, merged) !== null),
    ],
    [...(merged.note === null ? [] : [merged.note]), ...tally.counting.map(noteOf)],
    renewedAt(input, rules, tally.counting, merged),
  );
}

/**
 * Since when there are as many approvals as are needed that no apply has spent; null: there are not. What an apply rested
 * on never counts for another, whatever time stands in it.
 */
function renewedAt(
  { spent }: VerifyInput,
  { approvals, mode }: Rules,
  counting: readonly VerifiedStatement<Approval>[],
  { note }: Merged,
): number | null {
  const fresh = counting.filter(
    ({ atMs, digest }) => spent === null || (atMs > spent.atMs && !spent.approvals.includes(digest)),
  );
  const mergedAtMs = note === null ? null : parseTime(note.at);
  const times = [
    ...(approvals === 0 ? [] : [fresh.at(-approvals)?.atMs ?? null]),
    ...(mode === 'merge'
      ? [spent !== null && mergedAtMs !== null && mergedAtMs <= spent.atMs ? null : mergedAtMs]
      : []),
  ];
  return times.some((time) => time === null) ? null : Math.min(...(times as readonly number[]));
}

const NOT_MERGED: Merged = { findings: [], note: null };

interface Heard {
  readonly witnesses: readonly VerifiedStatement<Approval>[];
  readonly author: VerifiedStatement<Author> | null;
  readonly findings: readonly Finding[];
}

async function hearAll(court: VerificationContext, { approvals, author }: VerifyInput): Promise<Heard> {
  const witnesses: VerifiedStatement<Approval>[] = [];
  const findings: Finding[] = [];
  for (const one of [...approvals].sort((a, b) => byCodeUnit(a.file, b.file))) {
    try {
      witnesses.push(await verifyApprovalFile(court, one));
    } catch (error) {
      findings.push(refusedBy('approvals', error, `approvals/${one.file}`));
    }
  }
  if (author === null) return { witnesses, author: null, findings };
  try {
    return { witnesses, author: await verifyAuthorFile(court, author), findings };
  } catch (error) {
    return { witnesses, author: null, findings: [...findings, refusedBy('author', error, 'author.json')] };
  }
}

function authorship(
  rules: Rules,
  author: VerifiedStatement<Author> | null,
  input: VerifyInput,
): readonly Finding[] {
  const isKnown = author !== null && author.signerMatch === 'named';
  if (isKnown) return [passed('author', `${author.predicate.author}, signed with ${author.key}`)];
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
  // A statement that does not hold was refused where it was read.
  if (author === null && input.author !== null) return [];
  return [
    refused(
      'author',
      'plan_not_approved',
      `the author may not approve, and ${author === null ? 'no signed statement says who the author is' : `the author's statement is ${author.signerMatch}`}`,
      'Make the plan with sailplan plan --sign KEY, with a key that allowed_signers gives to a name in full.',
    ),
  ];
}

/** Hazards that an approval has to name, under these rules. */
function named(
  { plan }: VerifyInput,
  rules: Rules,
): { codes: readonly string[]; findings: readonly Finding[] } {
  const present = new Set(plan.hazards.map(({ code }) => code));
  const { changed, compared } = plan.products;
  const isMuch =
    rules.products !== null && changed >= rules.products.from && changed > compared * rules.products.share;
  const codes = new Set<string>(rules.must_be_accepted.filter((code) => present.has(code)));
  if (isMuch) codes.add('bulk_change');
  const findings = [
    ...(codes.size === 0 ? [] : [passed('hazards', `to be accepted by name: ${[...codes].join(', ')}`)]),
    ...(isMuch
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

function limits({ plan, spent }: VerifyInput, rules: Rules, isRenewed: boolean): readonly Finding[] {
  const partial =
    !plan.hasWholeSnapshots && !rules.allow_partial_snapshots && rules !== NO_POLICY
      ? [
          refused(
            'snapshots',
            'policy_refused',
            'the plan keeps only part of its snapshots, so it cannot be rebuilt whole',
            'Plan without --snapshots changed, or set allow_partial_snapshots.',
          ),
        ]
      : [];
  const before =
    spent === null
      ? []
      : [
          infoFinding(
            'spent',
            `The plan was applied before (${spent.by}): ${isRenewed ? 'it was approved anew since.' : 'it can only confirm.'}`,
          ),
        ];
  return [...partial, ...before];
}

function conclude(
  input: VerifyInput,
  findings: readonly Finding[],
  approvals: readonly ApprovalNote[] = [],
  renewedAtMs: number | null = null,
): Decision {
  const checks = findings.map(({ name, detail, refusal }) => ({ name, ok: refusal === null, detail }));
  const notes = findings
    .filter(({ isNote }) => isNote)
    .map(({ name, detail }) => (name === 'policy' || name === 'spent' ? detail : `${name}: ${detail}`));
  const [first, ...others] = findings.flatMap(({ refusal }) => refusal ?? []);
  const policy = input.policy?.digest ?? null;
  if (first !== undefined) return { ok: false, refusals: [first, ...others], policy, notes, checks };
  return {
    ok: true,
    approvals,
    approval_digests: input.approvals.map(({ bytes }) => sha256(bytes)).sort(),
    policy,
    isSpent: input.spent !== null && renewedAtMs === null,
    approvedAtMs: renewedAtMs ?? Number.NEGATIVE_INFINITY,
    notes,
    checks,
  };
}

const noteOf = ({ predicate: said, signerMatch: standing }: VerifiedStatement<Approval>): ApprovalNote => ({
  approver: said.approver,
  at: said.at,
  signed: standing === 'named' || standing === 'wildcard',
  comment: said.comment,
});
