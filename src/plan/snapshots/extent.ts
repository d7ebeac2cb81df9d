import { type Actual, membersIn } from '../../core/actual-state.ts';
import type { Offering } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { kindOf, ref } from '../../core/resource-ref.ts';
import { plural } from '../../core/text/counting.ts';
import { problemsInOrder } from '../../diff/diff.ts';
import { FORMAT_VERSION, NEWEST_FORMAT } from '../format-version.ts';
import type { Plan } from '../generated/plan.js';

/**
 * How much the snapshots of a plan cover. Code outside this folder passes it through (a plan and its inputs have one), calls
 * the functions below, and never reads the member (docs/decisions/snapshot-modes.md).
 */
export type SnapshotExtent = Pick<Plan, 'rest'>;

/** The member for how much the snapshots cover, to be spread into another object; {} for full snapshots. */
export const extentOf = ({ rest }: SnapshotExtent): SnapshotExtent => (rest === undefined ? {} : { rest });

/** Whether the snapshots have every resource that was compared, so that a rebuild proves all of the plan. */
export const hasWholeSnapshots = ({ rest }: SnapshotExtent): boolean => rest === undefined;

export const formatVersionOf = (extent: SnapshotExtent): string =>
  hasWholeSnapshots(extent) ? FORMAT_VERSION : NEWEST_FORMAT;

/** Adds the warning about what a rebuild cannot prove; it is shown wherever the plan is shown, approved or reported. */
export function withExtentWarning(
  problems: readonly Diagnostic[],
  { rest }: SnapshotExtent,
): readonly Diagnostic[] {
  if (rest === undefined) return problems;
  const { offerings, products } = rest;
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'rest_not_rebuilt',
    ref: ref.shop,
    data: { offerings, products },
  };
  return problemsInOrder([...problems, warning]);
}

/** What a rebuild did not cover, as the end of a sentence; '' where it covered all. */
export const notRebuilt = ({ rest }: SnapshotExtent): string =>
  rest === undefined
    ? ''
    : `; ${plural(rest.offerings, 'offering')} and ${plural(rest.products, 'product')} without changes are not in the snapshots and were not rebuilt`;

/** Number of products that were compared. */
export const comparedProducts = ({
  actual: { products },
  rest,
}: SnapshotExtent & { readonly actual: Pick<Actual, 'products'> }): number =>
  Object.keys(products).length + (rest?.products ?? 0);

/** Number of offerings that were compared. */
export const comparedOfferings = ({
  desired: { offerings },
  rest,
}: SnapshotExtent & { readonly desired: { readonly offerings: readonly Offering[] } }): number =>
  offerings.length + (rest?.offerings ?? 0);

/** Whether the snapshots do not contain a product: it had no changes, or the shop does not have it. */
export const isBeyondSnapshots = (
  { actual, rest }: SnapshotExtent & { readonly actual: Pick<Actual, 'products'> },
  address: string,
): boolean =>
  rest !== undefined &&
  kindOf(address) === 'product' &&
  !Object.hasOwn(actual.products, address.slice('product.'.length));

/** Attribute → slugs of its values that a product beyond the snapshots has. */
export const valuesBeyondSnapshots = ({
  rest,
}: SnapshotExtent): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(rest?.values ?? {}).map(([attribute, counts]) => [attribute, Object.keys(counts)]);

/** `attribute slug` → number of compared products that have the value. */
export function holderCounts({
  actual,
  rest,
}: SnapshotExtent & { readonly actual: Pick<Actual, 'products'> }): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [attribute, values] of Object.entries(rest?.values ?? {}))
    for (const [slug, count] of Object.entries(values)) counts.set(`${attribute} ${slug}`, count);
  for (const { document } of Object.values(actual.products)) {
    for (const [attribute, assigned] of Object.entries(document.attributes)) {
      for (const slug of membersIn(assigned)) {
        const name = `${attribute} ${slug}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return counts;
}
