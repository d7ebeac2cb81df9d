import type { Shop } from './ports.ts';

/** A shop whose reads and writes are observed. */
interface WatchedShop {
  readonly shop: Shop;
  /**
   * Ids of products that productUpdate rewrote and whose unmanaged fields changed between two reads. Saleor rewrites the
   * whole row (docs/saleor.md#whole-row-writes), so an edit made at that moment may be lost.
   */
  readonly concurrentlyEdited: () => ReadonlySet<string>;
}

/** Wraps a shop so that it records the unmanaged fields of each product it reads. */
export function watchShop(shop: Shop): WatchedShop {
  const firstSeen = new Map<string, string>();
  const changed = new Set<string>();
  const rewritten = new Set<string>();
  return {
    shop: {
      ...shop,
      read: async (scope) => {
        const seen = await shop.read(scope);
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
