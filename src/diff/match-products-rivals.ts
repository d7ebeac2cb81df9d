import type { Offering } from '../core/desired-state.ts';
import type { JsonObject } from '../core/json/canonical-json.ts';

/** A thousand pages that name one product would otherwise name each other a million times. */
const NAMED = 10;

/** Those of a group beside this one, for `product_claimed_twice`: the first ten, and how many more; null: there are none. */
export function rivalsOf(offering: Offering, group: readonly Offering[]): JsonObject | null {
  if (group.length < 2) return null;
  const named = group
    .slice(0, NAMED + 1)
    .filter((other) => other !== offering)
    .slice(0, NAMED);
  const more = group.length - 1 - named.length;
  const others = named.map(({ page_id, title }) => ({ page_id, title }));
  return more === 0 ? { others } : { others, more };
}

/** Members by a name of theirs, in their order. */
export function groupByName<T>(
  items: readonly T[],
  nameOf: (item: T) => string | null,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
