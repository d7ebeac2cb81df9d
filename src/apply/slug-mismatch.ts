import { type Actual, valuesOf } from '../core/actual-state.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Plan } from '../plan/plan.ts';
import type { OutcomeTracker } from './outcome-tracker.ts';
import { type ChangeReply, type SendContext, sendSteps } from './send-batches.ts';

/** A new value that Saleor gave another slug than its key, because someone's value had taken that one. */
export interface MissluggedValue {
  readonly change: Change;
  readonly id: string;
  readonly slug: string;
}

const isCreate = ({ ref, action }: Change): boolean => kindOf(ref) === 'value' && action === 'create';

/** In mode `key` the slug of a new value is its key; anything else would be a filter that nobody asked for. */
export function wrongSlug({ contract }: Plan, change: Change, { made }: ChangeReply): string | null {
  if (contract.naming !== 'key' || !isCreate(change) || made === null) return null;
  return made.slug === partsOf(change.ref)[2] ? null : made.slug;
}

/** Ours by the reference that only these creates give, though the reply that would have told was never heard. */
export function findMisslugged(
  { contract }: Plan,
  changes: readonly Change[],
  actual: Actual,
  tracker: OutcomeTracker,
): readonly MissluggedValue[] {
  if (contract.naming !== 'key') return [];
  return changes.flatMap((change) => {
    if (!isCreate(change) || !tracker.mayBeOurs(change.ref)) return [];
    const [, attribute, key] = partsOf(change.ref);
    const values = Object.entries(valuesOf(actual, attribute));
    const found = values.find(
      ([slug, value]) => slug !== key && value.reference === reference(attribute, key),
    );
    return found === undefined ? [] : [{ change, id: found[1].id, slug: found[0] }];
  });
}

/**
 * Deletes it again, so that no twin stays. What is told of the change afterwards is that its create failed, unless the
 * shop has the value from someone else.
 */
export async function rollBack(line: SendContext, stray: MissluggedValue): Promise<void> {
  const { ref } = stray.change;
  const because = `Saleor made the slug "${stray.slug}"`;
  const wasThere = line.tracker.isPresent(ref);
  const words = await sendSteps(
    line,
    [[{ kind: 'delete_value', refs: [ref], id: stray.id }]],
    Number.POSITIVE_INFINITY,
  );
  const word = words.get(ref);
  if (word?.state !== 'done') {
    const why = word?.because ?? 'stopped';
    line.tracker.set(ref, 'failed', `${because}; the value ${stray.id} could not be deleted again: ${why}`);
    return;
  }
  if (wasThere) line.tracker.markPresent(ref);
  else line.tracker.set(ref, 'failed', `${because}; the value was deleted again`);
}

/** The look without values that were taken back. */
export function withoutMisslugged(actual: Actual, strays: readonly MissluggedValue[]): Actual {
  if (strays.length === 0) return actual;
  const gone = new Set(strays.map(({ id }) => id));
  const attributes = Object.entries(actual.attributes).map(([slug, attribute]) => {
    const values = Object.fromEntries(Object.entries(attribute.values).filter(([, { id }]) => !gone.has(id)));
    return [slug, { ...attribute, values }] as const;
  });
  return { ...actual, attributes: Object.fromEntries(attributes) };
}
