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
import type { FormerPolicy } from './policy/former-policy.ts';
import type { Policy } from './policy/policy.ts';
import type { RulesBefore } from './policy/rules-before.ts';
import type { Verifier } from './signing/signature-ports.ts';

/** The complete input of a decision: nothing else is read. */
export interface VerifyInput {
  readonly plan: PlanFacts;
  /** null: the checkout has no policy file. */
  readonly policy: Policy | null;
  /** Git's facts about the rules before the plan; null if there are none. */
  readonly before: RulesBefore | null;
  /** The policy of the last apply to this target, from the archive; null: none. */
  readonly formerPolicy: FormerPolicy | null;
  /** The files of plans/<id>/approvals/; `file` is the name without its folder. */
  readonly approvals: readonly { readonly file: string; readonly bytes: Uint8Array }[];
  /** Other versions of these files that commits have; empty outside git. */
  readonly earlierDecisions: readonly EarlierDecision[];
  /** plans/<id>/author.json. */
  readonly author: Uint8Array | null;
  /** Bytes of the files that the rules pin; the decision checks their digests. null: no such file. */
  readonly signers: Uint8Array | null;
  readonly revoked: Uint8Array | null;
  /** Mode merge: the git history, and plans/<id>/accept.json. */
  readonly merge: MergeFacts | null;
  readonly accept: Uint8Array | null;
  /** plans/<id>/provenance.json: time of the planning, and of the last proposal. */
  readonly provenance: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly isTerminal: boolean;
  /** --no-policy was given. */
  readonly noPolicy: boolean;
  /** The last apply of this plan that converged; null: there was none. */
  readonly earlierApply: EarlierApply | null;
  readonly verifier: Verifier;
}

/** A version of a file of approvals/ that a commit has. */
export interface EarlierDecision {
  readonly commit: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** An apply that converged. It uses up its approvals and all older ones. */
export interface EarlierApply {
  /** Time and place, as text. */
  readonly by: string;
  readonly atMs: number;
  /** SHA-256 of its approval files. */
  readonly approvals: readonly string[];
}

/** What a decision needs of the plan, recomputed from its changes: a plan file may have been written by hand. */
export interface PlanFacts {
  readonly id: string;
  readonly digest: string;
  readonly target: Target;
  readonly hazards: readonly Hazard[];
  readonly products: { readonly changed: number; readonly compared: number };
  /** false: the plan cannot be rebuilt from its snapshots. */
  readonly hasWholeSnapshots: boolean;
}

export function planFactsOf(plan: Plan): PlanFacts {
  const digest = digestOf(plan);
  const compared = comparedProducts(plan);
  const changed = plan.changes.filter(({ ref }) => kindOf(ref) === 'product').length;
  return {
    id: idOf(digest),
    digest,
    target: plan.target,
    // Takes as long as all else that is checked of a plan, and only some policies need it.
    get hazards() {
      return hazardsOf(plan.changes, inputsOf(plan));
    },
    products: { changed, compared },
    hasWholeSnapshots: hasWholeSnapshots(plan),
  };
}

export type Decision =
  | {
      readonly ok: true;
      /** The approvals that count. */
      readonly approvals: readonly ApprovalNote[];
      /** SHA-256 of every file in approvals/, for the archive. */
      readonly approval_digests: readonly string[];
      readonly policy: string | null;
      /** The plan was applied and not approved again: any pending field is refused (`refusePending`). */
      readonly isApplied: boolean;
      /** Since when the plan has all approvals it needs; an apply that converged later has used them. */
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
 * The failure for a plan that converged before and has pending fields again: such a plan can only confirm.
 * `appliedBy`: when and where it was applied. `pending`: number of pending fields.
 */
export const refusePending = (planId: string, appliedBy: string, pending: number): Failure =>
  new Failure(
    'plan_already_applied',
    `plan ${planId} was applied before (${appliedBy}), and ${pending} of its fields differ again: an approval covers one apply`,
    `Plan again; if this gives the same plan, it needs a new approval: sailplan approve ${planId} (mode merge: and have its file in approvals/ merged).`,
  );
