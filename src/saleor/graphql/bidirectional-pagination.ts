import { type Collection, createTally, incomplete, type Page, type PageCollector } from './pagination.ts';

type Fetch<T> = (cursor: string | null) => Promise<Page<T> | null>;

/** Below that a second cursor would save a request or two in flight. */
const MANY = 1000;

/**
 * A whole collection with two cursors that come from its two ends until they meet: pages by cursor come one after the other,
 * and a shop has more workers than one. Complete is, as ever, as many distinct items as the shop counts on every page;
 * within one direction nothing may come twice. `last` gives its pages as if their order were the other way round.
 */
export async function readBothEnds<T extends { readonly id: string }, Kept>(
  name: string,
  keep: (item: T) => Kept,
  { first, last }: { readonly first: Fetch<T>; readonly last: Fetch<T> },
): Promise<Collection<Kept>> {
  const items = new Map<string, Kept>();
  const take = (item: T): void => {
    items.set(item.id, keep(item));
  };
  let requests = 1;
  const opening = await first(null);
  const forward = createTally<T, void>(name, take);
  const second = forward.add(opening);
  const total = opening?.totalCount ?? 0;

  async function walk(tally: PageCollector<T, void>, fetch: Fetch<T>, from: string | null): Promise<void> {
    let cursor = from;
    do {
      requests += 1;
      const page = await fetch(cursor);
      if (typeof page?.totalCount === 'number' && page.totalCount !== total)
        throw incomplete(name, `the shop counted ${total} and then ${page.totalCount}`);
      cursor = tally.add(page);
    } while (cursor !== null && items.size < total);
    // To the end of the collection: then this direction has all of it.
    if (cursor === null) tally.finish();
  }

  if (second === null) forward.finish();
  else
    await Promise.all([
      walk(forward, first, second),
      ...(total > MANY ? [walk(createTally<T, void>(name, take), last, null)] : []),
    ]);
  if (items.size !== total)
    throw incomplete(name, `${items.size} items came from both ends, and the shop counts ${total}`);
  return { items: [...items.values()], proof: { requests, items: items.size, total } };
}
