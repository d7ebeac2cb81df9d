import type { Actual } from '../core/actual-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
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
import { roundsOf } from './value-rounds.ts';
import { writeProducts } from './write-products.ts';
import {
  type ConfirmedChange,
  type DatedRead,
  type Execution,
  isStillPending,
  MAX_READ_AGE_MS,
  readFresh,
  withConfirmed,
  writeWithRetry,
} from './write-with-retry.ts';

const isValueDelete = ({ ref, action }: Change): boolean => action === 'delete' && kindOf(ref) === 'value';

/** Which changes each phase writes, in dependency order. Deletes are last, values after assignments. */
const PHASES: readonly ((change: Change) => boolean)[] = [
  ...KINDS.map(
    (kind) =>
      ({ ref, action }: Change) =>
        action !== 'delete' && kindOf(ref) === kind,
  ),
  ({ ref, action }: Change) => action === 'delete' && kindOf(ref) === 'assignment',
  isValueDelete,
];

interface PendingWork {
  readonly pending: readonly Pick<Assessment, 'change'>[];
  /** Values that an earlier run created and Saleor gave another slug: rolled back first. */
  readonly misslugged: readonly MissluggedValue[];
  readonly first: DatedRead;
}

/** Writes the pending changes, phase by phase. Throws a Failure; outcomes so far are in the tracker. */
export async function writeAll(
  execution: Execution,
  { pending, misslugged, first }: PendingWork,
): Promise<void> {
  for (const value of misslugged) await rollBack(execution, value);
  let known: DatedRead = { actual: withoutMisslugged(first.actual, misslugged), readAt: first.readAt };
  const hasMovedSlugs = pending.some(({ change }) => movesSlug(change));
  for (const belongsToPhase of PHASES) {
    const changes = pending.flatMap(({ change }) => (belongsToPhase(change) ? [change] : []));
    if (changes.length === 0 || execution.isStopping()) continue;
    const isOutdated = changes.every(isProduct)
      ? hasMovedSlugs
      : execution.clock.now() - known.readAt > MAX_READ_AGE_MS;
    if (isOutdated) known = await readFresh(execution, changes, known.actual);
    known = { ...known, actual: await writePhase(execution, changes, known) };
  }
}

/** Products name their values by slug: after a value's slug moved, products of the first read cannot be compared. */
const movesSlug = ({ ref, action, before, after }: Change): boolean =>
  kindOf(ref) === 'value' &&
  action === 'update' &&
  own(before as JsonObject, 'slug') !== own(after as JsonObject, 'slug');

/** Returns the state of the shop after the phase, as far as later phases need it. */
async function writePhase(
  execution: Execution,
  changes: readonly Change[],
  { actual, readAt }: DatedRead,
): Promise<Actual> {
  const { plan, tracker } = execution;
  const view = viewShop(plan, actual);
  const open = changes
    .map((change) => assessWithPreconditions(plan, change, view, tracker))
    .filter((one) => isStillPending(tracker, one));
  if (changes.every(isProduct)) {
    await writeProducts(execution, open, actual, readAt);
    return actual;
  }
  if (changes.every(isValueDelete)) {
    await writeDeletes(execution, open, actual);
    return actual;
  }
  return writeStructure(execution, open, actual);
}

async function writeStructure(
  execution: Execution,
  open: readonly Assessment[],
  known: Actual,
): Promise<Actual> {
  const { plan } = execution;
  let actual = known;
  const confirmed: ConfirmedChange[] = [];
  for (const round of roundsOf(plan, open)) {
    if (execution.isStopping()) break;
    const written = await writeWithRetry(execution, round, actual);
    actual = written.actual;
    confirmed.push(...written.confirmed);
  }
  if (plan.contract.naming === 'key' || confirmed.length === 0) return actual;
  // Saleor chooses the slugs in mode external_reference: read them instead of predicting them.
  const changes = confirmed.map(({ change }) => change);
  return withConfirmed(plan, await execution.readAgain(changes, actual), confirmed);
}

/** Makes the function that reads again what the changes of one phase touch, and keeps the rest as known. */
export const shopReader =
  (plan: Plan, shop: Shop): Execution['readAgain'] =>
  async (changes, known) => {
    if (changes.every(isProduct))
      return { ...known, products: (await shop.read(scopeOf(plan, changes, false))).products };
    const others = plan.changes.filter((change) => !isProduct(change));
    const seen = await shop.read(scopeOf(plan, others, true));
    return { ...seen, products: renameValueSlugs(known.products, known.attributes, seen.attributes) };
  };
