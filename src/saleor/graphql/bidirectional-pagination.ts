import {
  type Collection,
  type CollectorOptions,
  createAllowance,
  createPageCollector,
  incomplete,
  type Page,
  type PageCollector,
} from './pagination.ts';

type Fetch<T> = (cursor: string | null) => Promise<Page<T> | null>;

/** Uses two cursors only above this many items. */
const TWO_CURSORS_ABOVE = 1000;

/**
 * Reads a whole collection with two cursors from its two ends until they meet: pages by cursor depend on each other, and a
 * shop has more than one worker. It is complete when the number of distinct items equals the shop's count on every page;
 * within one direction an item may occur twice only if both are the same. `last` returns its pages in reversed order. Throws a
 * Failure (shop_incomplete).
 */
export async function readBothEnds<T extends { readonly id: string }, Kept>(
  name: string,
  keep: (item: T) => Kept,
  { first, last }: { readonly first: Fetch<T>; readonly last: Fetch<T> },
  options: CollectorOptions = {},
): Promise<Collection<Kept>> {
  const shared = { allowance: createAllowance(), ...options };
  const items = new Map<string, Kept>();
  const keepItem = (item: T): Kept => {
    const kept = keep(item);
    items.set(item.id, kept);
    return kept;
  };
  let requests = 1;
  const opening = await first(null);
  const forward = createPageCollector<T, Kept>(name, keepItem, shared);
  const second = forward.add(opening);
  const total = opening?.totalCount ?? 0;

  async function walk(
    collector: PageCollector<T, Kept>,
    fetch: Fetch<T>,
    from: string | null,
  ): Promise<void> {
    let cursor = from;
    do {
      requests += 1;
      const page = await fetch(cursor);
      if (typeof page?.totalCount === 'number' && page.totalCount !== total)
        throw incomplete(name, `the shop counted ${total} and then ${page.totalCount}`);
      cursor = collector.add(page);
    } while (cursor !== null && items.size < total);
    // At the end of the collection this direction has all of it.
    if (cursor === null) collector.finish();
  }

  if (second === null) {
    const { proof } = forward.finish();
    return { items: [...items.values()], proof };
  }
  await Promise.all([
    walk(forward, first, second),
    ...(total > TWO_CURSORS_ABOVE
      ? [walk(createPageCollector<T, Kept>(name, keepItem, shared), last, null)]
      : []),
  ]);
  if (items.size !== total)
    throw incomplete(name, `${items.size} items came from both ends, and the shop counts ${total}`);
  return { items: [...items.values()], proof: { requests, items: items.size, total } };
}
