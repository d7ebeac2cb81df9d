import { type Actual, valuesOf } from '../core/actual-state.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Plan } from '../plan/plan.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import { type ChangeReply, type SendContext, sendSteps } from './send-batches.ts';

/** A new value whose slug is not its key, because another value already had that slug. */
export interface MissluggedValue {
  readonly change: Change;
  readonly id: string;
  readonly slug: string;
}

const isCreate = ({ ref, action }: Change): boolean => kindOf(ref) === 'value' && action === 'create';

/**
 * The slug of a new value that must not stay, else null: in mode `key` one that is not its key, which would be a filter that
 * nobody planned; in mode `external_reference` the one that Saleor makes of an empty slug.
 */
export function wrongSlug({ contract }: Plan, change: Change, { made }: ChangeReply): string | null {
  if (!isCreate(change) || made === null) return null;
  if (contract.naming !== 'key') return isEmptySlug(made.slug) ? made.slug : null;
  return made.slug === partsOf(change.ref)[2] ? null : made.slug;
}

/** Saleor makes `-`, `--2`, or nothing and `-2`, of a name without a letter or digit (docs/saleor.md#value-slugs). */
const isEmptySlug = (slug: string): boolean => slug === '' || slug.startsWith('-');

/**
 * Finds misslugged values whose create had no reply. The external reference identifies them: only this plan's creates
 * set it.
 */
export function findMisslugged(
  { contract }: Plan,
  changes: readonly Change[],
  actual: Actual,
  tracker: OutcomeTracker,
): readonly MissluggedValue[] {
  const isWrong = (slug: string, key: string) =>
    contract.naming === 'key' ? slug !== key : isEmptySlug(slug);
  return changes.flatMap((change) => {
    if (!isCreate(change) || !tracker.mayBeOurs(change.ref)) return [];
    const [, attribute, key] = partsOf(change.ref);
    const values = Object.entries(valuesOf(actual, attribute));
    const found = values.find(
      ([slug, value]) => isWrong(slug, key) && value.reference === reference(attribute, key),
    );
    return found === undefined ? [] : [{ change, id: found[1].id, slug: found[0] }];
  });
}

/**
 * Deletes a misslugged value, so that no duplicate stays. Its change is recorded as failed, unless the shop also has the
 * value from somebody else.
 */
export async function rollBack(context: SendContext, value: MissluggedValue): Promise<void> {
  const { ref } = value.change;
  const because = `Saleor chose the slug "${value.slug}"`;
  const wasPresent = context.tracker.isPresent(ref);
  const reply = await sendDelete(context, value);
  if (reply?.state !== 'done') {
    const why = reply?.because ?? 'stopped';
    context.tracker.set(
      ref,
      'failed',
      `${because}; the value "${value.slug}" could not be deleted again: ${why}`,
    );
    return;
  }
  if (wasPresent) context.tracker.markPresent(ref);
  else context.tracker.set(ref, 'failed', `${because}; the value was deleted again`);
}

/** Sends the delete again while it certainly did not arrive. */
async function sendDelete(
  context: SendContext,
  { change: { ref }, id }: MissluggedValue,
): Promise<ChangeReply | undefined> {
  for (;;) {
    const step = { kind: 'delete_value', refs: [ref], id } as const;
    const reply = (await sendSteps(context, [[step]])).replies.get(ref);
    if (reply?.state !== 'not_sent' || reply.isLast) return reply;
  }
}

/** The read state without values that were rolled back. */
export function withoutMisslugged(actual: Actual, rolledBack: readonly MissluggedValue[]): Actual {
  if (rolledBack.length === 0) return actual;
  const gone = new Set(rolledBack.map(({ id }) => id));
  const attributes = Object.entries(actual.attributes).map(([slug, attribute]) => {
    const values = Object.fromEntries(Object.entries(attribute.values).filter(([, { id }]) => !gone.has(id)));
    return [slug, { ...attribute, values }] as const;
  });
  return { ...actual, attributes: Object.fromEntries(attributes) };
}
