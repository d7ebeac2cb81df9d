import type { Actual } from '../core/actual-state.ts';
import { type JsonObject, own } from '../core/json/canonical-json.ts';
import { KINDS, kindOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment } from './assess-change.ts';
import { writeDeletes } from './delete-values.ts';
import type { Shop } from './ports.ts';
import { assessWithPreconditions } from './preconditions.ts';
import { isProduct, scopeOf } from './read-scope.ts';
import { viewShop } from './shop-view.ts';
import { type MissluggedValue, rollBack, withoutMisslugged } from './slug-mismatch.ts';
import { renameValueSlugs } from './state-overlay.ts';
import { MAX_READ_AGE_MS, writeProducts } from './write-products.ts';
import { type Execution, isStillPending, withConfirmed, writeWithRetry } from './write-with-retry.ts';

/** In dependency order; deletes last, values after assignments. */
const PHASES: readonly ((change: Change) => boolean)[] = [
  ...KINDS.map(
    (kind) =>
      ({ ref, action }: Change) =>
        action !== 'delete' && kindOf(ref) === kind,
  ),
  ({ ref, action }: Change) => action === 'delete' && kindOf(ref) === 'assignment',
  ({ ref, action }: Change) => action === 'delete' && kindOf(ref) === 'value',
];

/** Writes what is pending, phase by phase. What an earlier run left half done (`strays`) is taken back first. */
export async function writeAll(
  execution: Execution,
  pending: readonly Assessment[],
  strays: readonly MissluggedValue[],
  first: Actual,
  firstLookedAt: number,
): Promise<void> {
  const { plan, clock, tracker } = execution;
  for (const stray of strays) await rollBack(execution, stray);
  let actual = withoutMisslugged(first, strays);
  let lookedAt = firstLookedAt;
  for (const isMine of PHASES) {
    const mine = pending.flatMap(({ change }) => (isMine(change) ? [change] : []));
    if (mine.length === 0 || execution.isStopping()) continue;
    const isVoid = mine.every(isProduct)
      ? pending.some(({ change }) => movesSlug(change))
      : clock.now() - lookedAt > MAX_READ_AGE_MS;
    if (isVoid) {
      lookedAt = clock.now();
      actual = await execution.look(mine, actual);
    }
    const now = viewShop(plan, actual);
    const open = mine
      .map((change) => assessWithPreconditions(plan, change, now, tracker))
      .filter((one) => isStillPending(tracker, one));
    if (mine.every(isProduct)) await writeProducts(execution, open, actual, lookedAt);
    else if (mine.every(({ ref, action }) => action === 'delete' && kindOf(ref) === 'value'))
      await writeDeletes(execution, open, actual);
    else actual = await writePhase(execution, open, actual);
  }
}

/** Products name their values by slug: once a value got another one, the first look at them cannot be read any more. */
const movesSlug = ({ ref, action, before, after }: Change): boolean =>
  kindOf(ref) === 'value' &&
  action === 'update' &&
  own(before as JsonObject, 'slug') !== own(after as JsonObject, 'slug');

async function writePhase(execution: Execution, open: readonly Assessment[], known: Actual): Promise<Actual> {
  const { plan } = execution;
  const { actual, confirmed } = await writeWithRetry(execution, open, known);
  if (plan.contract.naming === 'key' || confirmed.length === 0) return actual;
  // A slug that only Saleor knows (mode external_reference) is read, not guessed.
  const changes = confirmed.map(({ change }) => change);
  return withConfirmed(plan, await execution.look(changes, actual), confirmed);
}

/** A fresh look at what some changes of one phase touch; the rest stays as it is known. */
export const shopReader =
  (plan: Plan, shop: Shop): Execution['look'] =>
  async (changes, known) => {
    if (changes.every(isProduct))
      return { ...known, products: (await shop.look(scopeOf(plan, changes, false))).products };
    const others = plan.changes.filter((change) => !isProduct(change));
    const seen = await shop.look(scopeOf(plan, others, true));
    return { ...seen, products: renameValueSlugs(known.products, known.attributes, seen.attributes) };
  };
