import { valuesOf } from '../../core/actual-state.ts';
import { own } from '../../core/json/records.ts';
import { kindOf, partsOf } from '../../core/resource-ref.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Users } from '../../plan/plan-provenance.ts';
import { holderCounts } from '../../plan/snapshots/extent.ts';
import type { Impact } from './review.ts';

/**
 * Returns the function that counts what the creation, rename or deletion of a value affects; that function returns null for
 * other kinds. `users`: ref of a value → number of products of the whole shop with it.
 */
export function createImpactCounter(
  plan: Plan,
  users: Readonly<Record<string, Users>>,
): (change: Change) => Impact | null {
  const neededBy = countNeeds(plan);
  let holders: ReadonlyMap<string, number> | undefined;
  return (change) => {
    if (kindOf(change.ref) !== 'value') return null;
    // Counting visits every product, and most plans change no value.
    holders ??= holderCounts(plan);
    const [before, after] = [slugIn(change.before), slugIn(change.after)];
    const counted = own(users, change.ref);
    const [, attribute] = partsOf(change.ref);
    return {
      holding: before === null ? 0 : (holders.get(`${attribute} ${before}`) ?? 0),
      // Data that the plan's digest covers has priority.
      products: own(valuesOf(plan.actual, attribute), before ?? '')?.users ?? counted?.products ?? null,
      published: publishedIn(counted),
      needed_by: neededBy.get(change.ref) ?? 0,
      slug: change.before === null || before === after ? null : { before, after },
    };
  };
}

/** Ref of a change → number of products that wait for it. The translation of a value waits for it too, but does not use it. */
function countNeeds({ changes }: Plan): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { ref, needs } of changes) {
    if (kindOf(ref) !== 'product') continue;
    for (const need of new Set(needs)) counts.set(need, (counts.get(need) ?? 0) + 1);
  }
  return counts;
}

/** Null for a plan of an older version, which has one figure for no channel, or none. */
const publishedIn = (counted: Users | undefined): Impact['published'] =>
  typeof counted?.published === 'object' ? counted.published : null;

function slugIn(document: Change['before']): string | null {
  const slug = fieldAt(document, 'slug');
  return typeof slug === 'string' ? slug : null;
}
