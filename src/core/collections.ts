/** Items by name, in the order in which the names first occur; items whose name is null are in no group. */
export function groupBy<T>(
  items: Iterable<T>,
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

/** The groups of two and more items. Nearly always none: for all other items it keeps nothing but their name. */
export function repeatedBy<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string | null,
): ReadonlyMap<string, readonly T[]> {
  const firsts = new Map<string, T>();
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === null) continue;
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, item);
    else {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [first, item]);
      else group.push(item);
    }
  }
  return groups;
}

/** The items in groups of `size`, in order; the last group may be smaller. */
export const chunked = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
