import type { Contract } from '../contract/contract.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json } from '../core/json/canonical-json.ts';

/** Everything that decides a plan's changes, and nothing else: the same inputs give the same changes for ever. */
export interface Inputs {
  readonly contract: Contract;
  readonly options: Options;
  /** Ids of the Capability Registry, sorted; null: none was given, the taxonomy is the registry. */
  readonly registry: readonly string[] | null;
  readonly desired: Desired;
  readonly actual: Actual;
}

export interface Options {
  readonly create_missing: boolean;
  readonly strict: boolean;
  /** Step B: missing assignments become changes. */
  readonly sync_attributes: boolean;
  /** Step D: products. */
  readonly sync_products: boolean;
  readonly create_attributes: boolean;
  readonly adopt: boolean;
  /** Values that Wagtail lacks are deleted where no product has them. */
  readonly prune_values: boolean;
  /** With `prune_values`: those that products have, too. */
  readonly prune_used: boolean;
  /** The first N offerings by page id, after `only_slugs`. */
  readonly limit: number | null;
  /** Saleor product slugs, sorted. */
  readonly only_slugs: readonly string[] | null;
  readonly exclude: readonly Exclusion[];
}

/** A change, or one field of it, that is held back on request. */
export interface Exclusion {
  readonly ref: string;
  /** `attributes.gsv_roles`, `metadata.cp_offering_id`, `name` …; null: the whole resource. */
  readonly field: string | null;
  readonly reason: string;
}

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

export type Action = 'create' | 'update' | 'delete';

/** RFC 6902, only the operations that a diff makes. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: Json;
}

/** One resource that becomes different. `patch` is for readers and proofs; mutations are derived from before and after. */
export interface Change {
  readonly ref: string;
  readonly action: Action;
  readonly reason: Reason;
  readonly before: Json;
  readonly after: Json;
  readonly patch: readonly Operation[];
  /** Refs of the changes that must have been made before this one. */
  readonly needs: readonly string[];
  /** Saleor's ids: `product`, `value`, `attribute`, `product_type`; not those of what the plan creates. */
  readonly ids: Readonly<Record<string, string>>;
  readonly provenance: Provenance;
}

/** The product's id in Saleor; '' where the change is of something else. */
export const productIdOf = ({ ids }: Pick<Change, 'ids'>): string => ids['product'] ?? '';

/**
 * missing: Saleor has none · differs: a managed field differs · adopted: a value under another spelling becomes the term's ·
 * extra: Wagtail has no such term · reverted: a plan's runs made it so
 */
export type Reason = 'missing' | 'differs' | 'adopted' | 'extra' | 'reverted';

export type Provenance =
  | { readonly page_id: number; readonly title: string }
  | { readonly taxonomy: string; readonly key: string; readonly label: string }
  | { readonly contract: string };

/** An offering that is not compared, with the codes of what is wrong with it. */
export interface LeftOut {
  readonly ref: string;
  readonly page_id: number;
  readonly title: string;
  readonly codes: readonly string[];
}

export interface Diff {
  readonly changes: readonly Change[];
  readonly left_out: readonly LeftOut[];
  readonly diagnostics: readonly Diagnostic[];
}
