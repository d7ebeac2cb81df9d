import { membersIn } from '../../core/actual-state.ts';
import { type JsonObject, own } from '../../core/json/canonical-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Users } from '../../plan/plan-metadata.ts';
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
    holding ??= holders(plan);
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

/** `attribute slug` → how many of the compared products hold the value. */
function holders({ actual, rest }: Plan): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [attribute, values] of Object.entries(rest?.values ?? {}))
    for (const [slug, count] of Object.entries(values)) counts.set(`${attribute} ${slug}`, count);
  for (const { document } of Object.values(actual.products)) {
    for (const [attribute, assigned] of Object.entries(document.attributes)) {
      for (const slug of membersIn(assigned)) {
        const name = `${attribute} ${slug}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return counts;
}
