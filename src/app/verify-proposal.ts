import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { decodeText, exists } from '../platform/files.ts';
import { parseReport } from '../review/parse-report.ts';
import { reviewTest } from './review-file.ts';
import { lastLine } from './store/archive-file.ts';
import { journalsOf } from './store/journal-file.ts';
import { type Folder, runsOf, storedBytes } from './store/plan-folder.ts';
import { type ProofKey, proofKeyOf } from './store/run-proof.ts';
import { claimsNothing, isProved } from './store/run-records.ts';
import { type Verified, type VerifyRequest, verifyPlan } from './verify-plan.ts';

interface ProposalRequest extends VerifyRequest {
  /** Of the app; proves what runs left. undefined: only the archive can tell of them. */
  readonly token: string | undefined;
}

/**
 * As verifyPlan, and refuses a review.md that says something else than the plan, and a plan that comes with the journals or reports of an apply which the archive does not tell of.
 * An apply itself needs no such refusal: it believes none of them.
 */
export async function verifyProposal(
  folder: Folder,
  { token, ...request }: ProposalRequest,
): Promise<Verified> {
  const verified = await verifyPlan(folder, request);
  const { plan, digest } = verified;
  const isApplied = lastLine(folder.plans, plan.target, digest) !== null;
  const key = proofKeyOf(token, plan.target.api_url);
  const unproved = isApplied ? [] : claimsIn(folder, digest, key);
  const ok = unproved.length === 0;
  const detail = ok
    ? isApplied
      ? 'the archive lists an apply of this plan'
      : 'the folder contains no trace of an apply'
    : `the archive lists no apply of this plan, so these are unproved: ${unproved.join(', ')}`;
  const review = reviewTest(folder, plan, digest);
  const hint =
    key === null
      ? 'Set SALEOR_TOKEN to check them, or remove them from the plan’s folder.'
      : 'Remove them from the plan’s folder.';
  return {
    ...verified,
    checks: [
      ...verified.checks,
      { name: 'review', ok: review.ok, detail: review.detail },
      { name: 'evidence', ok, detail },
    ],
    refusals: [
      ...verified.refusals,
      ...(review.ok
        ? []
        : [{ code: review.code, message: review.detail, hint: review.hint.replace('PLAN', verified.id) }]),
      ...(ok ? [] : [{ code: 'evidence_unproved' as const, message: detail, hint }]),
    ],
  };
}

/** Paths of journals, and of reports that claim a result, which the key does not prove. */
function claimsIn(folder: Folder, digest: string, key: ProofKey | null): readonly string[] {
  const reports = [
    join(folder.path, 'report.json'),
    ...runsOf(folder).map((run) => join(folder.path, 'runs', String(run), 'report.json')),
  ];
  const proofs = { digest, key, archived: null };
  return [
    ...journalsOf(folder, digest, key).unproved,
    ...reports.filter(
      (path) => exists(path) && !isHarmless(folder, path, (report) => isProved(folder, report, proofs)),
    ),
  ];
}

/** A start that was refused or stale leaves a report without a proof: it claims nothing. */
function isHarmless(folder: Folder, path: string, isProvedReport: (digest: string) => boolean): boolean {
  try {
    const bytes = storedBytes(folder.path, path);
    return isProvedReport(sha256(bytes)) || claimsNothing(parseReport(decodeText(bytes, path), path));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
