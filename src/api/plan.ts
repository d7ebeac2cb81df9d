import { describePlan } from '../app/describe-plan.ts';
import { SILENT } from '../app/ports.ts';
import { savePlan } from '../app/store/write-plan.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import { DEFAULT_OPTIONS, type Options } from '../diff/model.ts';
import { build, digestOf, idOf, type Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Reading } from '../wagtail/read-result.ts';
import { madeBy, secretsOf } from './options.ts';
import type { ShopRead } from './read-actual.ts';

export interface BuildOptions {
  /** Default: the built-in gtm-v1. Both reads must have used the same contract. */
  readonly contract?: Contract;
  /** The flags of `plan`, except pruning, which reads the shop a second time and is only in the command. */
  readonly options?: Partial<Omit<Options, 'prune_values' | 'prune_used'>>;
  /** Ids of the Capability Registry. Default: the taxonomy is the registry. */
  readonly registry?: readonly string[];
  /** Offering ids of the Control Plane. Default: any id is allowed. */
  readonly control_plane?: readonly string[];
}

/** A plan with its names. */
export interface Built {
  readonly plan: Plan;
  /** SHA-256, 64 hex digits. */
  readonly digest: string;
  /** The first 16 of them: the name of its folder. */
  readonly id: string;
  /** For provenance.json. */
  readonly provenance: PlanProvenance;
}

/** Pure but for made_at and made_by: the same two reads give the same plan, byte for byte. */
export function buildPlan(
  { desired, proof, provenance: source }: Reading,
  read: ShopRead,
  { contract = GTM_V1, options = {}, registry, control_plane }: BuildOptions = {},
): Built {
  const plan = build({
    contract,
    options: { ...DEFAULT_OPTIONS, ...options },
    registry: registry === undefined ? null : [...new Set(registry)].sort(),
    ...(control_plane === undefined ? {} : { control_plane: [...new Set(control_plane)].sort() }),
    desired,
    actual: read.actual,
    completeness: [...Object.keys(proof), ...Object.keys(read.proof)],
  });
  const digest = digestOf(plan);
  const provenance = describePlan(plan, read.actual, madeBy(), {
    shop: read.shop,
    wagtail: source.wagtail,
    reads: { ...proof, ...read.proof },
    inputs: {},
    links: {},
  });
  return { plan, digest, id: idOf(digest), provenance };
}

/**
 * Writes plan.json, provenance.json and review.md into `out`/<id>/, and removes a plan of the same target that this one
 * supersedes unless `keep` is given. Returns the path of the plan.json; null for a plan without changes, which is not written.
 */
export function writePlan(
  built: Built,
  {
    out = 'plans',
    keep = false,
    token,
  }: { readonly out?: string; readonly keep?: boolean; readonly token?: string } = {},
): string | null {
  const secrets = secretsOf(token === undefined ? {} : { token });
  return savePlan(built, { out, keep, author: null }, secrets, SILENT);
}
