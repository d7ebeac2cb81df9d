import type { Contract } from '../contract/contract.ts';
import type { ControlPlaneEntry, RegistryEntry } from '../contract/listed-ids.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Change, Options, SkippedPage } from './generated/changes.js';

/** Everything that a plan's changes depend on, and nothing else. */
export interface Inputs {
  readonly contract: Contract;
  readonly options: Options;
  /** Ids of the Capability Registry, sorted; null: none was given, so any term of a taxonomy is allowed. */
  readonly registry: readonly RegistryEntry[] | null;
  /** Offerings of the Control Plane, sorted; missing: no list was given, so any offering id is allowed. */
  readonly control_plane?: readonly ControlPlaneEntry[];
  readonly desired: Desired;
  readonly actual: Actual;
}

/** The lists that terms and pages are compared with. */
export type IdLists = Pick<Inputs, 'registry' | 'control_plane'>;

/** The same, to be spread into another object. */
export const idListsOf = ({ registry, control_plane }: IdLists): IdLists =>
  control_plane === undefined ? { registry } : { registry, control_plane };

/**
 * The parts of a plan; schemas/plan.schema.json describes each member. Of a change:
 * - `patch` is for readers and checks; mutations are derived from `before` and `after`.
 * - `needs` are refs of the changes that must be applied first.
 * - `ids` are Saleor's ids: `product`, `value`, `attribute`, `product_type`; not those of what the plan creates.
 * - `reason`: missing: Saleor has none · differs: a managed field differs · adopted: a value under another spelling becomes
 *   the term's · extra: Wagtail has no such term · reverted: the runs of a plan made it so
 */
export type {
  Action,
  Change,
  Exclusion,
  Operation,
  Options,
  Provenance,
  Reason,
  SkippedPage,
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

/** The product's id in Saleor; '' for a change of another kind. */
export const productIdOf = ({ ids }: Pick<Change, 'ids'>): string => ids['product'] ?? '';

export interface Diff {
  readonly changes: readonly Change[];
  readonly skipped: readonly SkippedPage[];
  readonly diagnostics: readonly Diagnostic[];
}
