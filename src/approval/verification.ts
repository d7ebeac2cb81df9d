import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { kindOf } from '../core/resource-ref.ts';
import type { Hazard } from '../plan/hazards.ts';
import { hazardsOf } from '../plan/hazards.ts';
import { digestOf, idOf, inputsOf, type Plan } from '../plan/plan.ts';
import type { ApprovalNote } from '../plan/report.ts';
import { comparedProducts, hasWholeSnapshots } from '../plan/snapshots/extent.ts';
import type { Check, Refusal } from './finding.ts';
import type { MergeFacts } from './merge/merge-facts.ts';
import type { Policy } from './policy/policy.ts';
import type { Verifier } from './signing/signature-ports.ts';

/** Everything a decision rests on; nothing else is read. */
export interface VerifyInput {
  readonly plan: PlanFacts;
  /** null: no policy file was found in the checkout. */
  readonly policy: Policy | null;
  /** Digest of the policy under which this target was last applied, from the archive or the shop's mark; null: none. */
  readonly formerPolicy: string | null;
  /** The files of plans/<id>/approvals/; `file` is the bare name. */
  readonly approvals: readonly { readonly file: string; readonly bytes: Uint8Array }[];
  /** plans/<id>/author.json. */
  readonly author: Uint8Array | null;
  /** The files that the rules pin; their digests are checked here. null: not there. */
  readonly signers: Uint8Array | null;
  readonly revoked: Uint8Array | null;
  /** Mode merge: what git says, and plans/<id>/accept.json. */
  readonly merge: MergeFacts | null;
  readonly accept: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly isTerminal: boolean;
  /** --no-policy was spelled out. */
  readonly noPolicy: boolean;
  /** The last apply of this plan that converged; null: there was none. */
  readonly spent: Spent | null;
  readonly verifier: Verifier;
}

/** An apply that converged spends the approvals it was made with, and all that are older. */
export interface Spent {
  /** When and where, in words. */
  readonly by: string;
  readonly atMs: number;
  /** SHA-256 of the files that it rested on. */
  readonly approvals: readonly string[];
}

/** What a decision needs of the plan, recomputed from its changes and never taken from what it says of itself. */
export interface PlanFacts {
  readonly id: string;
  readonly digest: string;
  readonly target: Target;
  readonly hazards: readonly Hazard[];
  readonly products: { readonly changed: number; readonly compared: number };
  /** false: it cannot be rebuilt whole. */
  readonly hasWholeSnapshots: boolean;
}

export function planFactsOf(plan: Plan): PlanFacts {
  const digest = digestOf(plan);
  const compared = comparedProducts(plan);
  const changed = plan.changes.filter(({ ref }) => kindOf(ref) === 'product').length;
  const hazards = hazardsOf(plan.changes, inputsOf(plan));
  return {
    id: idOf(digest),
    digest,
    target: plan.target,
    hazards,
    products: { changed, compared },
    hasWholeSnapshots: hasWholeSnapshots(plan),
  };
}

export type Decision =
  | {
      readonly ok: true;
      /** Those that count. */
      readonly approvals: readonly ApprovalNote[];
      /** SHA-256 of every file in approvals/, for the archive. */
      readonly approval_digests: readonly string[];
      readonly policy: string | null;
      /** The plan has been applied and nobody approved it anew: any pending field is refused (`refusePending`). */
      readonly isSpent: boolean;
      /** Since when it has as many approvals as it needs; an apply that converged later has spent them. */
      readonly approvedAtMs: number;
      readonly notes: readonly string[];
      readonly checks: readonly Check[];
    }
  | {
      readonly ok: false;
      readonly refusals: readonly [Refusal, ...Refusal[]];
      readonly policy: string | null;
      readonly notes: readonly string[];
      readonly checks: readonly Check[];
    };

/**
 * A spent plan can only confirm: the engine calls this when fields of a plan that converged before are pending again.
 */
export const refusePending = (planId: string, spentBy: string, pending: number): Failure =>
  new Failure(
    'plan_already_applied',
    `plan ${planId} was applied before (${spentBy}), and ${pending} of its fields differ again: its approval is spent`,
    'Plan again; a plan that comes out the same has to be approved anew: sailplan approve PLAN --as WHO.',
  );
