import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { type Finding, refused } from './finding.ts';
import type { Approval } from './signing/in-toto-statement.ts';
import type { EarlierDecision } from './verification.ts';
import {
  type VerificationContext,
  type VerifiedStatement,
  verifyApprovalFile,
} from './verified-statement.ts';

type Statement = VerifiedStatement<Approval>;

/**
 * A person replaces a decision by a newer one. A commit can also delete a rejection, or replace it by an older approval of the same
 * person or by an unsigned one that anybody can write. `earlier` are versions in git; invalid ones have no effect.
 */
export async function earlierDecisionFindings(
  context: VerificationContext,
  current: readonly Statement[],
  earlier: readonly EarlierDecision[],
): Promise<readonly Finding[]> {
  const found = new Map<string, Finding>();
  for (const one of earlier) {
    const digest = sha256(one.bytes);
    if (found.has(one.file) || current.some((now) => now.digest === digest)) continue;
    const before = await validOrNull(context, one);
    if (before === null) continue;
    const because = whyLost(before, current.find(({ file }) => file === before.file) ?? null);
    if (because !== null) found.set(one.file, lost(before, one.commit, because));
  }
  return [...found.values()];
}

/** null: the decision was replaced as it should be. */
function whyLost(before: Statement, now: Statement | null): string | null {
  const isRejection = before.predicate.decision === 'reject';
  if (now === null) return isRejection ? 'the file is gone' : null;
  if (now.atMs < before.atMs || (isRejection && now.atMs === before.atMs)) return 'an older one replaced it';
  return isRejection && before.key !== null && now.key === null ? 'an unsigned one replaced it' : null;
}

const lost = ({ predicate }: Statement, commit: string, because: string): Finding =>
  refused(
    'approvals',
    predicate.decision === 'reject' ? 'plan_rejected' : 'approval_invalid',
    `${predicate.approver} decided at ${predicate.at} (${predicate.decision}, commit ${commit.slice(0, 12)}), and ${because}`,
    `Restore that file, or let ${predicate.approver} decide again: sailplan approve PLAN.`,
  );

async function validOrNull(context: VerificationContext, one: EarlierDecision): Promise<Statement | null> {
  try {
    return await verifyApprovalFile(context, one);
  } catch (error) {
    if (error instanceof Failure && error.code === 'approval_invalid') return null;
    throw error;
  }
}
