import type { Actual } from '../core/actual-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess, conflictsText } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { Shop } from './ports.ts';
import { isProduct, scopeOf } from './read-scope.ts';
import { viewShop } from './shop-view.ts';

/** Waits before each read: a read replica may lag behind the writes (docs/saleor.md#read-replicas). */
const WAITS_MS = [0, 500, 2_000];

/**
 * Re-reads the changes that were sent or already in the shop and corrects their outcomes; retries for replica lag. A failed
 * change that the shop shows was written by somebody else, or arrived late. Returns the last read.
 */
export async function readBack(
  plan: Plan,
  tracker: OutcomeTracker,
  { shop, clock }: { readonly shop: Shop; readonly clock: Clock },
  first: Actual,
): Promise<Actual> {
  const hasOutcome = (outcomes: readonly string[]) => (ref: string) =>
    outcomes.includes(tracker.of(ref).outcome);
  const wasTouched = hasOutcome(['applied', 'already', 'unknown', 'failed']);
  const isExpected = hasOutcome(['applied', 'already', 'unknown']);
  let last = first;
  for (const waitMs of WAITS_MS) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const changes = plan.changes.filter(({ ref }) => wasTouched(ref));
    const hasOthers = changes.some((change) => !isProduct(change));
    const seen = await shop.read(scopeOf(plan, changes, hasOthers));
    // Without other changes the values are those of the first read, which name the values of products.
    last = hasOthers ? seen : { ...first, products: seen.products };
    const view = viewShop(plan, last);
    const assessed = changes.map((change) => assess(change, view));
    const isWrong = ({ pending, conflicts }: Assessment) => pending.length + conflicts.length > 0;
    for (const one of assessed)
      if (!isWrong(one) && !tracker.isPresent(one.change.ref)) tracker.markPresent(one.change.ref);
    const wrong = assessed.filter((one) => isWrong(one) && isExpected(one.change.ref));
    if (wrong.length === 0) return last;
    if (waitMs === WAITS_MS.at(-1)) for (const one of wrong) recordMismatch(tracker, one);
  }
  return last;
}

function recordMismatch(tracker: OutcomeTracker, { change, pending, conflicts }: Assessment): void {
  const { outcome, because } = tracker.of(change.ref);
  const isUnknown = outcome === 'unknown';
  const fields = pending.map(({ name }) => name).filter((name) => name !== '');
  const old = fields.length === 0 ? [] : [`the shop still shows the old value in ${fields.join(', ')}`];
  const shown =
    conflicts.length > 0
      ? [`the shop shows another value (${conflictsText(conflicts)})`, ...old].join('; ')
      : (old[0] ?? 'the shop does not show it');
  const text = isUnknown ? `${because}; read back: ${shown}` : `read back: ${shown}`;
  if (conflicts.length > 0) tracker.markConflict(change.ref, isUnknown ? 'unknown' : 'failed', text);
  else tracker.set(change.ref, isUnknown ? 'unknown' : 'failed', text);
}
