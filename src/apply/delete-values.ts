import { type Actual, membersIn, type ProductDocument, valuesOf } from '../core/actual-state.ts';
import { chunked } from '../core/collections.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { usersOf } from '../plan/value-usage.ts';
import type { Assessment } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { ShopView } from './shop-view.ts';
import { assertDefined } from './steps.ts';
import { type Execution, writeWithRetry } from './write-with-retry.ts';

/** Values to count in one request and to delete right after it, in four requests. */
const COUNTED_TOGETHER = 16;

/**
 * Deletes values. Saleor removes a deleted value from its products and variants without an error (docs/saleor.md#deleting-values), so
 * the users of each value are counted right before the delete: another number than planned, and the value stays.
 */
export async function writeDeletes(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
): Promise<void> {
  const admit = (open: readonly Assessment[], view: ShopView) => withPlannedUsers(execution, open, view);
  let actual = known;
  for (const group of chunked(pending, COUNTED_TOGETHER)) {
    if (execution.isStopping()) return;
    ({ actual } = await writeWithRetry({ ...execution, admit }, group, actual));
  }
}

/** Counts the users of values; returns the values whose count is as planned. */
async function withPlannedUsers(
  { shop, plan, tracker }: Execution,
  open: readonly Assessment[],
  view: ShopView,
): Promise<readonly Assessment[]> {
  const counts = await shop.countUsers(
    open.map(({ change }) => {
      const [, attribute, member] = partsOf(change.ref);
      const slug = assertDefined(view.valueSlug(attribute, member), change.ref);
      return { attribute, slug, name: own(valuesOf(view.actual, attribute), slug)?.name ?? '' };
    }),
  );
  return open.filter(({ change }, index) => {
    const expected = expectedUsers(plan, change, tracker);
    const found = counts[index];
    if (found === expected) return true;
    const wasSent = tracker.of(change.ref).outcome === 'unknown';
    tracker.markConflict(
      change.ref,
      wasSent ? 'unknown' : 'skipped',
      typeof found === 'number'
        ? `the shop counts ${found} products, variants and pages with this value, not ${expected}`
        : 'the shop did not return the number of products, variants and pages with this value',
    );
    return false;
  });
}

/** The planned number of users, less the products from which this plan removed the value. */
function expectedUsers(plan: Plan, change: Change, tracker: OutcomeTracker): number {
  const [, attribute, member] = partsOf(change.ref);
  const has = (document: Change['before']): boolean =>
    membersIn(own((document as ProductDocument).attributes, attribute)).includes(member);
  const freed = plan.changes.filter(
    ({ ref, before, after }) =>
      kindOf(ref) === 'product' && tracker.isPresent(ref) && has(before) && !has(after),
  );
  return usersOf(change, plan.actual) - freed.length;
}
