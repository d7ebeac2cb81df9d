import type { Actual } from '../core/actual-state.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import { assess } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import { viewShop } from './shop-view.ts';

/**
 * Changes that a shop confirmed and shows no more, with those that need them. A database that confirms before it has written,
 * or a replica that takes over, loses the last moments before a crash (docs/saleor.md#a-shop-that-restarts). A change that
 * somebody else wrote since is not among them. `confirmed`: refs; `seen`: the read-back.
 */
export function lostWrites(
  plan: Plan,
  tracker: OutcomeTracker,
  confirmed: ReadonlySet<string>,
  seen: Actual,
): readonly Change[] {
  const view = viewShop(plan, seen);
  const isLost = (change: Change): boolean => {
    const { pending, conflicts } = assess(change, view);
    return confirmed.has(change.ref) && pending.length > 0 && conflicts.length === 0;
  };
  const open = plan.changes.filter(({ ref }) => !tracker.isPresent(ref));
  const lost = new Set(open.filter(isLost).map(({ ref }) => ref));
  for (let size = -1; size < lost.size; ) {
    size = lost.size;
    for (const { ref, needs } of open) if (needs.some((need) => lost.has(need))) lost.add(ref);
  }
  return open.filter(({ ref }) => lost.has(ref));
}
