import { type Actual, membersIn, type ProductDocument } from '../core/actual-state.ts';
import { chunked } from '../core/collections.ts';
import { own } from '../core/json/canonical-json.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { usersOf } from '../plan/value-usage.ts';
import type { Assessment } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { ShopView } from './shop-view.ts';
import { assertDefined } from './steps.ts';
import { type Execution, writeWithRetry } from './write-with-retry.ts';

/** Values that are counted in one request and deleted right after it: four requests in flight. */
const COUNTED_TOGETHER = 16;

/**
 * Deletes values, last of all. Saleor takes a used value from its products without a word (docs/saleor.md#deleting-values), so its users
 * are counted right before each sending: more or fewer than planned is a conflict, and the value stays.
 */
export async function writeDeletes(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
): Promise<void> {
  const admit = (open: readonly Assessment[], now: ShopView) => counted(execution, open, now);
  let actual = known;
  for (const some of chunked(pending, COUNTED_TOGETHER)) {
    if (execution.isStopping()) return;
    ({ actual } = await writeWithRetry({ ...execution, admit }, some, actual));
  }
}

async function counted(
  { shop, plan, tracker }: Execution,
  open: readonly Assessment[],
  now: ShopView,
): Promise<readonly Assessment[]> {
  const counts = await shop.countUsers(
    open.map(({ change }) => {
      const [, attribute, member] = partsOf(change.ref);
      return { attribute, slug: assertDefined(now.valueSlug(attribute, member), change.ref) };
    }),
  );
  return open.filter(({ change }, index) => {
    const expected = expectedUsers(plan, change, tracker);
    const found = counts[index];
    if (found === expected) return true;
    tracker.markNotSent(
      change.ref,
      `the shop counts ${found ?? 'no'} products that have it, not ${expected}`,
    );
    return false;
  });
}

/** As many as when it was planned, without those from which this plan took the value. */
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
