import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../../src/core/failure.ts';
import {
  createPageCollector,
  type Page,
  readAll,
  sumProofs,
} from '../../../../src/saleor/graphql/pagination.ts';

interface Item {
  readonly id: string;
}

const page = (ids: readonly string[], totalCount: number, endCursor: string | null = null): Page<Item> => ({
  totalCount,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
  edges: ids.map((id) => ({ node: { id } })),
});

/** Gives these pages in turn, the last one for ever; stops a read that would never end. */
function giving(...pages: readonly Page<Item>[]) {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked > 20) throw new Error('it would never end');
    return pages[Math.min(asked, pages.length) - 1] ?? null;
  };
}

/** Reads them as if the first page were full. */
const readPages = (...pages: readonly Page<Item>[]) =>
  readAll<Item, Item>('offerings', giving(...pages), undefined, { pageSize: pages[0]?.edges.length || 1 });

async function refusal(...pages: readonly Page<Item>[]): Promise<string> {
  const error: unknown = await readPages(...pages).catch((reason: unknown) => reason);
  if (!(error instanceof Failure)) throw error;
  expect(error.code).toBe('shop_incomplete');
  return error.message;
}

describe('a collection is complete', () => {
  test('in one page, in several, and when it is empty', async () => {
    const read = await readPages(page(['a', 'b'], 3, 'x'), page(['c'], 3));
    expect(read).toEqual({
      items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
      proof: { requests: 2, items: 3, total: 3 },
    });
    expect((await readAll('offerings', giving(page([], 0)))).proof).toEqual({
      requests: 1,
      items: 0,
      total: 0,
    });
  });

  test('proofs add up', () => {
    expect(sumProofs([])).toEqual({ requests: 0, items: 0, total: 0 });
    expect(
      sumProofs([
        { requests: 1, items: 2, total: 2 },
        { requests: 3, items: 4, total: 4 },
      ]),
    ).toEqual({ requests: 4, items: 6, total: 6 });
  });
});

describe('an item that comes twice', () => {
  const named = (id: string, name: string) => ({ node: { id, name } });
  const whole = (edges: readonly { readonly node: { id: string; name: string } }[], totalCount: number) => ({
    totalCount,
    pageInfo: { hasNextPage: false, endCursor: null },
    edges,
  });
  const read = (edges: Parameters<typeof whole>[0], total: number, repeats = false) => {
    type Named = { readonly id: string; readonly name: string };
    const pages = createPageCollector<Named, Named>('types', (item) => item, { countsRepeats: repeats });
    pages.add(whole(edges, total));
    return pages.finish().items.map(({ id }) => id);
  };

  test('counts once where both are the same', () => {
    expect(read([named('a', 'A'), named('b', 'B'), named('a', 'A')], 2)).toEqual(['a', 'b']);
  });

  test('is an error where they differ', () => {
    expect(() => read([named('a', 'A'), named('a', 'B')], 1)).toThrow('came twice, and the two differ');
  });

  test('hides no other item, unless the total may count it as often', () => {
    const edges = [named('a', 'A'), named('b', 'B'), named('a', 'A')];
    expect(() => read(edges, 3)).toThrow('2 items came, and the shop counts 3');
    expect(read(edges, 3, true)).toEqual(['a', 'b']);
  });
});

describe('it is not, and the figures say why', () => {
  test('empty pages that never end, with ever new cursors', async () => {
    expect(await refusal(page(['a'], 3, 'x'), page([], 3, 'y'), page([], 3, 'z'))).toBe(
      'offerings: an empty page, but the shop has more (page 2, 1 of 3 items so far)',
    );
  });

  test('short pages that never end', async () => {
    expect(await refusal(page(['a', 'b'], 9, 'x'), page(['c'], 9, 'y'), page(['d'], 9, 'z'))).toBe(
      'offerings: a page of 1 items, but 2 were requested, and the shop has more (page 2, 3 of 9 items so far)',
    );
  });

  test('a page longer than was asked for', async () => {
    expect(await refusal(page(['a'], 9, 'x'), page(['b', 'c'], 9, 'y'))).toContain('a page of 2 items');
  });

  test('more than any shop has', async () => {
    expect(await refusal(page(['a'], 2 ** 40, 'x'))).toContain('at most 1000000 are read');
  });

  test('more text than is kept of one read, in one collection or in several', async () => {
    const long = { id: 'a', name: 'x'.repeat(900), more: [{ deep: 'y'.repeat(900) }] };
    const given = {
      totalCount: 1,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: [{ node: long }],
    };
    const allowance = { left: 4_000 };
    const collect = () => createPageCollector<Item>('offerings', undefined, { allowance }).add(given);
    expect([collect(), collect()]).toEqual([null, null]);
    expect(collect).toThrow('more text came than sailplan keeps of one read');
  });

  test('all items came, and yet there are more', async () => {
    expect(await refusal(page(['a', 'b'], 2, 'x'), page([], 2))).toContain(
      'every item came, but the shop has more',
    );
  });

  test('the same cursor again', async () => {
    expect(await refusal(page(['a'], 4, 'x'), page(['b'], 4, 'x'), page(['c', 'd'], 4))).toContain(
      'no way to the next page',
    );
  });

  test('more than the shop counts', async () => {
    expect(await refusal(page(['a', 'b'], 1))).toContain('more items came than the shop counts');
  });

  test('nothing, where the shop counts something', async () => {
    expect(await refusal(page([], 302))).toBe(
      'offerings: 0 items came, and the shop counts 302 (page 1, 0 of 302 items so far)',
    );
  });

  test('a total that is no number', () => {
    const tally = createPageCollector<Item>('offerings');
    for (const total of [null, '3', Number.NaN, -1, 1.5]) {
      expect(() => tally.add({ ...page([], 0), totalCount: total as number })).toThrow(Failure);
    }
  });

  test('finished before it began', () => {
    expect(() => createPageCollector('offerings').finish()).toThrow(Failure);
  });
});
