import type { Actual } from '../core/actual-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Plan } from '../plan/plan.ts';
import { type Assessment, assess } from './assess-change.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import type { Shop } from './ports.ts';
import { isProduct, scopeOf } from './read-scope.ts';
import { viewShop } from './shop-view.ts';

/** A read replica may lag behind the writes (docs/saleor.md#read-replicas). */
const WAITS_MS = [0, 500, 2_000];

/**
 * The last word on every change that was sent or found: what the shop shows now, asked again while a replica may lag.
 * What failed and is there all the same was somebody's work, or ours that came late.
 */
export async function readBack(
  plan: Plan,
  tracker: OutcomeTracker,
  { shop, clock }: { readonly shop: Shop; readonly clock: Clock },
  first: Actual,
): Promise<void> {
  const isTold = (outcomes: readonly string[]) => (ref: string) => outcomes.includes(tracker.of(ref).outcome);
  const wasTouched = isTold(['applied', 'already', 'unknown', 'failed']);
  const isAwaited = isTold(['applied', 'already', 'unknown']);
  for (const waitMs of WAITS_MS) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const changes = plan.changes.filter(({ ref }) => wasTouched(ref));
    const hasOthers = changes.some((change) => !isProduct(change));
    const seen = await shop.look(scopeOf(plan, changes, hasOthers));
    // Without other changes the values are still those of the first look; products are read in their words.
    const now = viewShop(plan, hasOthers ? seen : { ...first, products: seen.products });
    const assessed = changes.map((change) => assess(change, now));
    const isWrong = ({ pending, conflicts }: Assessment) => pending.length + conflicts.length > 0;
    for (const one of assessed)
      if (!isWrong(one) && !tracker.isPresent(one.change.ref)) tracker.markPresent(one.change.ref);
    const wrong = assessed.filter((one) => isWrong(one) && isAwaited(one.change.ref));
    if (wrong.length === 0) return;
    if (waitMs === WAITS_MS.at(-1)) for (const one of wrong) deny(tracker, one);
  }
}

function deny(tracker: OutcomeTracker, { change, pending, conflicts }: Assessment): void {
  const { outcome, because } = tracker.of(change.ref);
  const reasons = conflicts.flatMap(({ because: why }) => why ?? []);
  const fields = [...pending, ...conflicts.filter(({ because: why }) => why === null)]
    .map((one) => ('field' in one ? one.field : one.name))
    .filter((name) => name !== '');
  const shown =
    reasons.length > 0
      ? reasons.join(', ')
      : fields.length === 0
        ? 'the shop does not show it'
        : `the shop shows ${conflicts.length === 0 ? 'what was there before' : 'something else'} in ${fields.join(', ')}`;
  if (outcome === 'unknown') tracker.set(change.ref, 'unknown', `${because}; read back: ${shown}`);
  else tracker.set(change.ref, 'failed', `read back: ${shown}`);
}
