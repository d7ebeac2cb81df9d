import type { Actual } from '../core/actual-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Plan } from '../plan/plan.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import { viewShop } from './shop-view.ts';

/** A value whose slug is another one than the plan showed. */
export interface SlugDifference {
  readonly ref: string;
  readonly planned: string;
  readonly found: string;
}

/**
 * In mode `external_reference` Saleor chooses the slugs, so a different slug is not a conflict. But people approved the slugs
 * in the plan, so this compares the slugs of the written values with the last read.
 */
export function slugDifferences(
  plan: Plan,
  actual: Actual,
  tracker: OutcomeTracker,
): readonly SlugDifference[] {
  if (plan.contract.naming === 'key') return [];
  const written = plan.changes.filter(
    ({ ref, after }) => kindOf(ref) === 'value' && after !== null && tracker.isPresent(ref),
  );
  if (written.length === 0) return [];
  const view = viewShop(plan, actual);
  return written.flatMap(({ ref, after }) => {
    const planned = (after as JsonObject)['slug'];
    const [, attribute, key] = partsOf(ref);
    const found = view.valueSlug(attribute, key);
    return typeof planned !== 'string' || found === undefined || found === planned
      ? []
      : [{ ref, planned, found }];
  });
}
