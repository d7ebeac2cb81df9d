import { membersIn, type Product } from '../../core/actual-state.ts';
import { digest, isSame } from '../../core/json/canonical-json.ts';
import { sortedRecord } from '../../core/json/records.ts';
import { type Resolved, resolve } from '../../diff/match-products.ts';
import { offeringIdIn } from '../../diff/offering-ids.ts';
import type { OmittedSnapshot } from '../generated/plan.js';
import { build, inputsOf, type Plan } from '../plan.ts';

/** full: all that was compared. changed: only resources that change or that the plan reports on, one digest for the others. */
export type SnapshotMode = 'full' | 'changed';

export const withSnapshots = (plan: Plan, mode: SnapshotMode): Plan =>
  mode === 'changed' ? excerptOf(plan) : plan;

/**
 * The same plan with snapshots of only those resources that a change, a skipped page or a diagnostic names. The other
 * resources are not related to these, so a rebuild of the smaller plan gives the same changes and hazards. Throws a TypeError
 * if it does not (a bug).
 */
export function excerptOf(plan: Plan): Plan {
  const inputs = inputsOf(plan);
  const reported = new Set([
    ...plan.changes.map((change) => change.ref),
    ...plan.skipped.map((one) => one.ref),
    ...plan.diagnostics.map((problem) => problem.ref),
  ]);
  const resolved = resolve(plan.desired.offerings, inputs.actual);
  const idOf = offeringIdIn(plan.contract);
  const ids = new Set(resolved.flatMap((one) => (reported.has(one.ref) ? (idOf(one.offering) ?? []) : [])));
  // A page is an error only because another page has the same offering id, so that page is kept too.
  const isReported = ({ ref, offering }: Resolved) => reported.has(ref) || ids.has(idOf(offering) ?? '');
  const kept = resolved.filter(isReported).map(({ offering }) => offering);
  const omitted = resolved.filter((one) => !isReported(one)).map(({ offering }) => offering);
  const names = new Set(kept.flatMap((one) => one.saleor_product_slug ?? []));
  const productIds = new Set(kept.flatMap((one) => one.saleor_product_id ?? []));
  const all = Object.entries(plan.actual.products);
  const isKept = ([slug, { id }]: [string, Product]) => names.has(slug) || productIds.has(id);
  const omittedProducts = all.filter((one) => !isKept(one));
  const rest: OmittedSnapshot = {
    offerings: omitted.length,
    products: omittedProducts.length,
    digest: digest({ offerings: omitted, products: Object.fromEntries(omittedProducts) }),
    values: countValues(omittedProducts.map(([, product]) => product)),
  };
  const small = build({
    ...inputs,
    desired: { ...inputs.desired, offerings: kept },
    actual: { ...inputs.actual, products: Object.fromEntries(all.filter(isKept)) },
    rest,
  });
  const different = (['changes', 'skipped', 'hazards', 'summary', 'errored'] as const).find(
    (name) => !isSame(small[name], plan[name]),
  );
  if (different !== undefined) throw new TypeError(`with partial snapshots, ${different} differs`);
  return small;
}

function countValues(products: readonly Product[]): OmittedSnapshot['values'] {
  const counts = new Map<string, Map<string, number>>();
  for (const { document } of products) {
    for (const [attribute, assigned] of Object.entries(document.attributes)) {
      const bySlug = counts.get(attribute) ?? new Map<string, number>();
      counts.set(attribute, bySlug);
      for (const slug of membersIn(assigned)) bySlug.set(slug, (bySlug.get(slug) ?? 0) + 1);
    }
  }
  const filled = [...counts].filter(([, bySlug]) => bySlug.size > 0);
  return sortedRecord(filled.map(([attribute, bySlug]) => [attribute, sortedRecord(bySlug)]));
}
