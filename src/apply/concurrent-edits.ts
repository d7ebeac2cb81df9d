import type { ProductDetails, Shop } from './ports.ts';

/** An unmanaged field that changed while its product was rewritten. */
export interface EditedField {
  /** `name`, or the slug of an attribute. */
  readonly name: string;
  /** '': it was not there. */
  readonly before: string;
  readonly now: string;
}

/** A shop whose reads and writes are observed. */
interface WatchedShop {
  readonly shop: Shop;
  /**
   * Product id → its unmanaged fields that changed between the last read before productUpdate and a later read. Saleor
   * rewrites the whole row (docs/saleor.md#whole-row-writes), so an edit at that moment may be lost.
   */
  readonly concurrentlyEdited: () => ReadonlyMap<string, readonly EditedField[]>;
  /** Whether a write got no clear reply: the shop may have crashed, and lost what it had confirmed. */
  readonly hasCrashed: () => boolean;
}

/** Wraps a shop so that it records the unmanaged fields of each product it reads, and replies that never came. */
export function watchShop(shop: Shop): WatchedShop {
  const lastSeen = new Map<string, ProductDetails>();
  const beforeWrite = new Map<string, ProductDetails>();
  const edited = new Map<string, readonly EditedField[]>();
  let hasCrashed = false;
  return {
    shop: {
      ...shop,
      read: async (scope) => {
        const seen = await shop.read(scope);
        for (const [id, fields] of seen.unmanaged ?? []) {
          lastSeen.set(id, fields);
          const before = beforeWrite.get(id);
          const found = before === undefined ? [] : changedFields(before, fields);
          if (found.length > 0) edited.set(id, found);
        }
        return seen;
      },
      send: async (batch, budget) => {
        for (const step of batch) {
          if (step.kind !== 'update_product' || beforeWrite.has(step.id)) continue;
          const fields = lastSeen.get(step.id);
          if (fields !== undefined) beforeWrite.set(step.id, fields);
        }
        const replies = await shop.send(batch, budget);
        hasCrashed ||= replies.some(({ state }) => state === 'unclear');
        return replies;
      },
    },
    concurrentlyEdited: () => edited,
    hasCrashed: () => hasCrashed,
  };
}

function changedFields(before: ProductDetails, now: ProductDetails): readonly EditedField[] {
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .map((name) => ({ name, before: before.get(name) ?? '', now: now.get(name) ?? '' }))
    .filter((field) => field.before !== field.now);
}
