import { digest } from '../core/json/canonical-json.ts';
import { sortedRecord } from '../core/json/records.ts';
import { diff } from '../diff/diff.ts';
import { type Inputs, idListsOf } from '../diff/model.ts';
import type { Plan } from './generated/plan.js';
import { hazardsOf } from './hazards.ts';
import { knownDigests } from './known-digests.ts';
import { diffRevert } from './revert/revert-diff.ts';
import { extentOf, formatVersionOf, type SnapshotExtent, withExtentWarning } from './snapshots/extent.ts';
import { narrowSnapshots } from './snapshots/narrow-snapshots.ts';
import { summarise } from './summary.ts';

/** Everything inside the digest of a plan, and nothing else; what changes by itself is beside it in provenance.json. */
export type { Plan } from './generated/plan.js';

export interface PlanInputs extends Inputs, SnapshotExtent {
  /** Names of the collections that were read and proved complete. */
  readonly completeness: readonly string[];
}

/** Builds the plan of these inputs. Pure: the same inputs give the same plan, byte for byte, on every machine. */
export function build(inputs: PlanInputs): Plan {
  const narrowed = narrowSnapshots(inputs);
  const { reverts } = narrowed.desired;
  const { changes, skipped, diagnostics } =
    reverts === undefined ? diff(narrowed) : diffRevert(narrowed, reverts);
  const { source, ...desired } = narrowed.desired;
  const { target, ...actual } = narrowed.actual;
  return {
    format_version: formatVersionOf(inputs),
    target,
    source,
    options: inputs.options,
    contract: inputs.contract,
    ...idListsOf(inputs),
    changes,
    skipped,
    completeness: sortedRecord(inputs.completeness.map((name) => [name, 'complete' as const])),
    hazards: hazardsOf(changes, narrowed),
    diagnostics: withExtentWarning(diagnostics, inputs),
    summary: summarise(changes, skipped),
    errored: inputs.options.strict && diagnostics.some(({ severity }) => severity === 'error'),
    desired,
    actual,
    ...extentOf(inputs),
  };
}

/** The inputs that a plan was built from, taken from the plan: a rebuild must give the same plan. */
export function inputsOf(plan: Plan): PlanInputs {
  return {
    contract: plan.contract,
    options: plan.options,
    ...idListsOf(plan),
    desired: { ...plan.desired, source: plan.source },
    actual: { ...plan.actual, target: plan.target },
    completeness: Object.keys(plan.completeness),
    ...extentOf(plan),
  };
}

/** SHA-256 of the RFC 8785 form, 64 hex digits. Plans never change in memory, so each is digested once. */
export function digestOf(plan: Plan): string {
  const known = knownDigests.get(plan);
  if (known !== undefined) return known;
  const computed = digest(plan);
  knownDigests.set(plan, computed);
  return computed;
}

/** The name of the plan's folder: the first 16 hex digits of its digest. */
export const idOf = (planDigest: string): string => planDigest.slice(0, 16);

/** Lazily computed id and digest: a plan without changes is not written, so nobody needs them. */
export const planIdentity = (plan: Plan): { readonly id: string; readonly digest: string } => ({
  get id() {
    return idOf(digestOf(plan));
  },
  get digest() {
    return digestOf(plan);
  },
});
