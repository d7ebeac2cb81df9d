import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../../src/core/failure.ts';
import { createHttp } from '../../../../src/platform/http/client.ts';
import { systemClock } from '../../../../src/platform/system-clock.ts';
import { readBothEnds } from '../../../../src/saleor/graphql/bidirectional-pagination.ts';
import { createReader } from '../../../../src/saleor/graphql/client.ts';
import type { Page } from '../../../../src/saleor/graphql/pagination.ts';
import { readProducts } from '../../../../src/saleor/read/products.ts';
import { startSandbox } from '../../../../src/sandbox/server/server.ts';
import { contract } from '../../../support/catalogue.ts';

interface Item {
  readonly id: string;
}

/** A collection in pages of a hundred, which may change under the reader: `at` is called before each page. */
function shop(ids: string[], at: (page: number) => void = () => undefined) {
  let pages = 0;
  const page = (order: readonly string[], cursor: string | null, isTurned: boolean): Page<Item> => {
    const rest = cursor === null ? order : order.filter((id) => (isTurned ? id < cursor : id > cursor));
    const shown = rest.slice(0, 100);
    return {
      totalCount: ids.length,
      pageInfo: { hasNextPage: rest.length > shown.length, endCursor: shown.at(-1) ?? null },
      edges: shown.map((id) => ({ node: { id } })),
    };
  };
  const ask = (turn: boolean) => async (cursor: string | null) => {
    pages += 1;
    at(pages);
    const order = [...ids].sort();
    return page(turn ? order.reverse() : order, cursor, turn);
  };
  return { first: ask(false), last: ask(true), pages: () => pages };
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(6, '0'));
const read = (from: ReturnType<typeof shop>) => readBothEnds<Item, string>('things', ({ id }) => id, from);

test('any number of items is read whole, in one page more than there are at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3000 }), async (count) => {
      const from = shop(ids(count));
      const { items, proof } = await read(from);
      expect([...items].sort()).toEqual(ids(count));
      expect(proof).toEqual({ requests: from.pages(), items: count, total: count });
      expect(from.pages()).toBeLessThanOrEqual(Math.max(1, Math.ceil(count / 100)) + 1);
    }),
    { seed: 3, numRuns: 60 },
  );
});

describe('what changes while it is read is whole or refused', () => {
  test('one gone, one new, one that moves: the items that came are those of some moment, or it fails', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1001, max: 1700 }),
        fc.integer({ min: 2, max: 16 }),
        fc.nat(),
        fc.constantFrom('gone', 'new', 'moved'),
        async (count, when, draw, what) => {
          const held = ids(count);
          const from = shop(held, (page) => {
            if (page !== when) return;
            const [one = ''] = what === 'new' ? [] : held.splice(draw % held.length, 1);
            if (what !== 'gone')
              held.push(`${String(draw % count).padStart(6, '0')}${one === '' ? '+' : '*'}`);
          });
          const before = new Set(held);
          const found = await read(from).catch((error: unknown) => error);
          if (found instanceof Failure) {
            refused += 1;
            expect(found.code).toBe('shop_incomplete');
            return;
          }
          const items = new Set((found as { items: readonly string[] }).items);
          const after = new Set(held);
          const isOf = (moment: ReadonlySet<string>) =>
            items.size === moment.size && [...items].every((id) => moment.has(id));
          expect(isOf(before) || isOf(after)).toBe(true);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  const spoilt = async (bend: (page: Page<Item>) => Page<Item>, side: 'first' | 'last') => {
    const from = shop(ids(1500));
    const bent = { ...from, [side]: async (cursor: string | null) => bend(await from[side](cursor)) };
    return readBothEnds<Item, string>('things', ({ id }) => id, bent).catch((error: unknown) => error);
  };
  test.each([
    'first',
    'last',
  ] as const)('a shop that lies at its %s end is found out, or the other end has it all', async (side) => {
    const lies: readonly (readonly [(page: Page<Item>) => Page<Item>, RegExp | null])[] = [
      [(page) => ({ ...page, edges: page.edges.slice(1) }), /a page of 99 items, but 100 were requested/],
      [(page) => ({ ...page, edges: [] }), /empty page/],
      [(page) => ({ ...page, pageInfo: { hasNextPage: false, endCursor: null } }), /items came/],
      [(page) => ({ ...page, pageInfo: { hasNextPage: true, endCursor: null } }), /no way/],
      [(page) => ({ ...page, edges: [...page.edges.slice(1, 2), ...page.edges.slice(1)] }), null],
      [(page) => ({ ...page, totalCount: null }), /lacks the page/],
      ...(side === 'last'
        ? [[(page: Page<Item>) => ({ ...page, totalCount: 1501 }), /1500 and then 1501/] as const]
        : []),
    ];
    for (const [bend, said] of lies) {
      const found = await spoilt(bend, side);
      if (said === null) expect([...(found as { items: string[] }).items].sort()).toEqual(ids(1500));
      else expect(found).toMatchObject({ code: 'shop_incomplete', message: expect.stringMatching(said) });
    }
  });

  test('a lie at both ends', async () => {
    const from = shop(ids(1500));
    const cut = (fetch: typeof from.first) => async (cursor: string | null) => {
      const page = await fetch(cursor);
      const [other] = page.edges.filter(({ node }) => node.id !== '000700');
      const edges = page.edges.map((edge) => (edge.node.id === '000700' && other ? other : edge));
      return { ...page, edges };
    };
    const found = await read({ ...from, first: cut(from.first), last: cut(from.last) }).catch(
      (error: unknown) => error,
    );
    expect(found).toMatchObject({
      code: 'shop_incomplete',
      message: expect.stringMatching(/1499 items came/),
    });
  });
});

test('a shop of 1,150 products, from both ends, through the sandbox', async () => {
  const slugs = Array.from({ length: 1150 }, (_, n) => `offering-${n}`);
  const sandbox = await startSandbox({
    seed: {
      attributes: [],
      productTypes: [{ slug: 'offering', name: 'Offering', attributes: [] }],
      products: slugs.map((slug) => ({ slug, name: slug, type: 'offering' })),
    },
  });
  const ends = { first: 0, last: 0 };
  sandbox.intercept = ({ query }) => {
    if (query.includes('last: 100') || query.includes('last:100')) ends.last += 1;
    else ends.first += 1;
    return undefined;
  };
  try {
    const reader = createReader({
      transport: createHttp({ clock: systemClock, random: () => 0 }),
      clock: systemClock,
      apiUrl: sandbox.url,
      token: sandbox.tokens.full,
    });
    const { products, proof } = await readProducts(reader, contract({ attributes: [] }), 'all');
    expect(Object.keys(products)).toEqual([...slugs].sort());
    expect(proof).toMatchObject({ items: 1150, total: 1150 });
    expect(ends.first).toBeGreaterThan(4);
    expect(ends.last).toBeGreaterThan(4);
    expect(ends.first + ends.last).toBe(proof.requests);
  } finally {
    await sandbox.close();
  }
}, 30_000);
