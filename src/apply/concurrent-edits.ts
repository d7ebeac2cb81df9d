import type { Shop } from './ports.ts';

/** A shop that remembers what of its products is nobody's managed field. */
interface Watched {
  readonly shop: Shop;
  /**
   * Ids of products that productUpdate rewrote and whose unmanaged fields changed between two looks. Saleor rewrites the
   * whole row (docs/saleor.md#whole-row-writes): an edit that somebody made in that very moment may be lost, and this is where it shows.
   */
  readonly concurrentlyEdited: () => ReadonlySet<string>;
}

export function watchShop(shop: Shop): Watched {
  const firstSeen = new Map<string, string>();
  const changed = new Set<string>();
  const rewritten = new Set<string>();
  return {
    shop: {
      ...shop,
      look: async (scope) => {
        const seen = await shop.look(scope);
        for (const [id, unmanaged] of seen.unmanaged ?? []) {
          const before = firstSeen.get(id);
          if (before === undefined) firstSeen.set(id, unmanaged);
          else if (before !== unmanaged) changed.add(id);
        }
        return seen;
      },
      send: (batch) => {
        for (const step of batch) if (step.kind === 'update_product') rewritten.add(step.id);
        return shop.send(batch);
      },
    },
    concurrentlyEdited: () => new Set([...changed].filter((id) => rewritten.has(id))),
  };
}
