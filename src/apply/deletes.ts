import type { Change } from '../diff/inputs.ts';
import { usersOf } from '../plan/members.ts';
import type { Plan } from '../plan/plan.ts';
import type { Actual, ProductDocument } from '../state/actual.ts';
import { own } from '../state/json.ts';
import { kindOf, partsOf } from '../state/ref.ts';
import type { Assessment } from './assess.ts';
import { type Execution, write } from './execute.ts';
import type { Fates } from './fates.ts';
import { chunks } from './steps.ts';

/** Values that are counted in one request and deleted right after it: four requests in flight. */
const COUNTED_TOGETHER = 16;

/**
 * Deletes values, last of all. Saleor takes a used value from its products without a word (facts/saleor §8), so its users
 * are counted right before each sending: more or fewer than planned is a conflict, and the value stays.
 */
export async function writeDeletes(
  execution: Execution,
  pending: readonly Assessment[],
  known: Actual,
): Promise<void> {
  const admit = (open: readonly Assessment[], actual: Actual) => counted(execution, open, actual);
  let actual = known;
  for (const some of chunks(pending, COUNTED_TOGETHER)) {
    if (execution.isStopping()) return;
    ({ actual } = await write({ ...execution, admit }, some, actual));
  }
}

async function counted(
  { shop, plan, fates }: Execution,
  open: readonly Assessment[],
  actual: Actual,
): Promise<readonly Assessment[]> {
  const counts = await shop.countUsers(
    open.map(({ change }) => ({
      attribute: partsOf(change.ref)[1],
      slug: slugOf(change, actual),
    })),
  );
  return open.filter(({ change }, index) => {
    const expected = expectedUsers(plan, change, fates);
    const found = counts[index];
    if (found === expected) return true;
    fates.holdBack(change.ref, `the shop counts ${found ?? 'no'} products that have it, not ${expected}`);
    return false;
  });
}

/** The slug under which the shop knows the value now. */
function slugOf({ ref, ids }: Change, { attributes }: Actual): string {
  const values = own(attributes, partsOf(ref)[1])?.values ?? {};
  const found = Object.entries(values).find(([, { id }]) => id === ids['value']);
  if (found === undefined) throw new TypeError(`no value for ${ref}`);
  return found[0];
}

/** As many as when it was planned, without those from which this plan took the value. */
function expectedUsers(plan: Plan, change: Change, fates: Fates): number {
  const [, attribute, member] = partsOf(change.ref);
  const has = (document: Change['before']): boolean => {
    const assigned = own((document as unknown as ProductDocument).attributes, attribute) ?? null;
    return typeof assigned === 'object' && assigned !== null
      ? Object.hasOwn(assigned, member)
      : assigned === member;
  };
  const freed = plan.changes.filter(
    ({ ref, before, after }) => kindOf(ref) === 'product' && fates.isThere(ref) && has(before) && !has(after),
  );
  return usersOf(change, plan.actual) - freed.length;
}
