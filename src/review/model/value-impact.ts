import { type JsonObject, own } from '../../core/json/canonical-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Users } from '../../plan/plan-metadata.ts';
import { holderCounts } from '../../plan/snapshots/extent.ts';
import type { Impact } from './review.ts';

/** What a value's creation, rename or removal touches; null for other kinds. */
export function createImpactCounter(
  plan: Plan,
  users: Readonly<Record<string, Users>>,
): (change: Change) => Impact | null {
  let holding: ReadonlyMap<string, number> | undefined;
  const waiting = new Map<string, number>();
  for (const { ref, needs } of plan.changes) {
    // A value's own translation waits for it too, and is no user of it.
    if (kindOf(ref) !== 'product') continue;
    for (const need of new Set(needs)) waiting.set(need, (waiting.get(need) ?? 0) + 1);
  }
  return (change) => {
    if (kindOf(change.ref) !== 'value') return null;
    // Every product is looked at for it, and most plans change no value.
    holding ??= holderCounts(plan);
    const [before, after] = [slugIn(change.before), slugIn(change.after)];
    const counted = own(users, change.ref);
    const attribute = change.ref.split('.')[1] ?? '';
    return {
      holding: before === null ? 0 : (holding.get(`${attribute} ${before}`) ?? 0),
      products: counted?.products ?? own(valuesOf(plan, attribute), before ?? '')?.users ?? null,
      published: publishedIn(counted),
      needed_by: waiting.get(change.ref) ?? 0,
      slug: change.before === null || before === after ? null : { before, after },
    };
  };
}

/** A plan of an older version tells one figure of no channel, or none. */
const publishedIn = (counted: Users | undefined): Impact['published'] =>
  typeof counted?.published === 'object' ? counted.published : null;

const valuesOf = ({ actual }: Plan, attribute: string) => own(actual.attributes, attribute)?.values ?? {};

const slugIn = (document: Change['before']): string | null =>
  document === null ? null : ((own(document as JsonObject, 'slug') as string | undefined) ?? null);
