import type { Contract } from '../contract/contract.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Change, LeftOut, Options } from './generated/changes.js';

/** Everything that decides a plan's changes, and nothing else: the same inputs give the same changes for ever. */
export interface Inputs {
  readonly contract: Contract;
  readonly options: Options;
  /** Ids of the Capability Registry, sorted; null: none was given, the taxonomy is the registry. */
  readonly registry: readonly string[] | null;
  readonly desired: Desired;
  readonly actual: Actual;
}

/**
 * What a plan consists of; schemas/plan.schema.json says what each member is. Of a change `patch` is for readers and proofs:
 * mutations are derived from before and after.
 */
export type {
  Action,
  Change,
  Exclusion,
  LeftOut,
  Operation,
  Options,
  Provenance,
  Reason,
} from './generated/changes.js';

export const DEFAULT_OPTIONS: Options = {
  create_missing: false,
  strict: false,
  sync_attributes: false,
  sync_products: true,
  create_attributes: false,
  adopt: false,
  prune_values: false,
  prune_used: false,
  limit: null,
  only_slugs: null,
  exclude: [],
};

/** The product's id in Saleor; '' where the change is of something else. */
export const productIdOf = ({ ids }: Pick<Change, 'ids'>): string => ids['product'] ?? '';

export interface Diff {
  readonly changes: readonly Change[];
  readonly left_out: readonly LeftOut[];
  readonly diagnostics: readonly Diagnostic[];
}
