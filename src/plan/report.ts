import type { Target } from '../core/actual-state.ts';
import type { Json } from '../core/json/canonical-json.ts';
import type { Action, Operation } from '../diff/model.ts';

/**
 * What became of one change. In a dry run every row is `planned`.
 * applied: Saleor said so and the read-back shows it · already: it was so before · unknown: it cannot be decided ·
 * skipped: something it needs failed, or the shop had changed · not_attempted: the run ended before it
 */
export type Outcome = 'planned' | 'applied' | 'already' | 'skipped' | 'failed' | 'unknown' | 'not_attempted';

export const OUTCOMES = [
  'planned',
  'applied',
  'already',
  'skipped',
  'failed',
  'unknown',
  'not_attempted',
] as const;

/** The report of a dry run or of all runs of one plan: the six lists of docs/sync.md, and what stands behind them. */
export interface Report {
  readonly format_version: string;
  readonly mode: 'dry_run' | 'apply';
  readonly plan: { readonly id: string; readonly digest: string };
  readonly target: Target;
  readonly runs: readonly Run[];
  readonly approvals: readonly ApprovalNote[];
  /** SHA-256 of the policy file; null: none was found, and the report says so. */
  readonly policy: string | null;
  /** Every change of the plan was found in the shop at the end. */
  readonly converged: boolean;
  /** false while anything is left out. */
  readonly complete: boolean;
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly outcomes: readonly ChangeOutcome[];
  readonly created_attribute_values: readonly CreatedValue[];
  readonly updated_products: readonly UpdatedProduct[];
  readonly missing_products: readonly MissingProduct[];
  readonly missing_taxonomies: readonly MissingTaxonomy[];
  readonly errors: readonly Notice[];
  readonly warnings: readonly Notice[];
}

/** One start of an apply. */
export interface Run {
  readonly number: number;
  readonly started_at: string;
  /** null: it was killed before it could say. */
  readonly finished_at: string | null;
  readonly requests: number | null;
}

export interface ApprovalNote {
  readonly approver: string;
  readonly at: string;
  readonly signed: boolean;
  readonly comment: string | null;
}

export interface ChangeOutcome {
  readonly ref: string;
  readonly action: Action;
  readonly outcome: Outcome;
  /** Why it was skipped, failed or is unknown; Saleor's own words where it gave any. */
  readonly because: string | null;
}

export interface CreatedValue {
  readonly attribute: string;
  readonly key: string;
  readonly name: string;
  readonly slug: string | null;
  readonly id: string | null;
  readonly outcome: Outcome;
}

export interface UpdatedProduct {
  readonly ref: string;
  readonly id: string;
  readonly slug: string;
  readonly before: Json;
  readonly after: Json;
  readonly patch: readonly Operation[];
  readonly outcome: Outcome;
}

export interface MissingProduct {
  readonly page_id: number;
  readonly title: string;
  readonly saleor_product_id: string | null;
  readonly saleor_product_slug: string | null;
}

export interface MissingTaxonomy {
  readonly kind: 'value_missing' | 'term_unknown' | 'attribute_missing' | 'registry_unknown';
  readonly attribute: string;
  readonly key: string | null;
  readonly label: string | null;
  /** Refs of the offerings that use it. */
  readonly needed_by: readonly string[];
  readonly will_create: boolean;
}

export interface Notice {
  readonly code: string;
  readonly ref: string;
  readonly message: string;
  readonly hint: string;
}
