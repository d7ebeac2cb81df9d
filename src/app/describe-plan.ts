import type { Actual } from '../core/actual-state.ts';
import { own } from '../core/json/records.ts';
import { VERSION } from '../core/version.ts';
import { type Plan, planIdentity } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';

/** Facts of the two reads. They change by themselves and decide nothing. */
export type ReadFacts = Pick<PlanProvenance, 'shop' | 'wagtail' | 'reads' | 'inputs' | 'links'> &
  Partial<PlanProvenance>;

/** Builds provenance.json of a plan. Id and digest are lazy, because computing them takes as long as reading the plan. */
export function describePlan(plan: Plan, actual: Actual, madeBy: string, facts: ReadFacts): PlanProvenance {
  const name = planIdentity(plan);
  const { shop, wagtail, reads, inputs, ...others } = facts;
  return {
    format_version: '1.0',
    get plan() {
      return name.id;
    },
    get digest() {
      return name.digest;
    },
    made_at: new Date().toISOString(),
    made_by: madeBy,
    tool: `sailplan ${VERSION}`,
    shop,
    wagtail,
    reads,
    inputs,
    names: productNames(plan, actual),
    ...others,
  };
}

/** Product names by ref. Names are not managed fields, so the plan itself does not contain them. */
function productNames({ changes }: Plan, { products }: Actual): Readonly<Record<string, string>> {
  return Object.fromEntries(
    changes.flatMap(({ ref }) => {
      const name = ref.startsWith('product.') ? own(products, ref.slice('product.'.length))?.name : undefined;
      return name === undefined ? [] : [[ref, name] as const];
    }),
  );
}
