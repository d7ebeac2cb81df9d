import { type Actual, membersIn, type Product } from '../../../core/actual-state.ts';
import { isSame } from '../../../core/json/canonical-json.ts';
import { own } from '../../../core/json/records.ts';
import type { Structure } from '../attributes-and-types.ts';
import type { ProductEntry } from '../product-document.ts';
import { matcherOf, type ProductNames } from '../products-by-id.ts';

/** A product that was written since the earlier read. */
export interface WrittenProduct {
  readonly id: string;
  readonly slug: string;
  /** null: it is not wanted. */
  readonly entry: ProductEntry | null;
}

type EarlierState = Pick<Actual, 'attributes' | 'product_types' | 'products'>;

/** Of the requested products, those whose earlier document is still valid (`kept`), and the names to read again (`again`). */
export function partitionByValidity(
  wanted: ProductNames,
  earlier: EarlierState,
  structure: Structure,
  written: readonly WrittenProduct[],
): { readonly kept: readonly ProductEntry[]; readonly again: ProductNames } {
  const writtenIds = new Set(written.map(({ id }) => id));
  const unwritten = Object.entries(earlier.products).filter(([, { id }]) => !writtenIds.has(id));
  const isWanted = matcherOf(wanted);
  const isValid = validityIn(earlier, structure);
  const kept: ProductEntry[] = [];
  const invalid: string[] = [];
  for (const entry of unwritten) {
    const [slug, product] = entry;
    if (!isWanted({ id: product.id, slug })) continue;
    if (isValid(product)) kept.push(entry);
    else invalid.push(product.id);
  }
  const ids = new Set([...writtenIds, ...unwritten.map(([, { id }]) => id)]);
  const slugs = new Set([...written.map(({ slug }) => slug), ...unwritten.map(([slug]) => slug)]);
  return {
    kept,
    again: {
      ids: [...wanted.ids.filter((id) => !ids.has(id)), ...invalid],
      slugs: wanted.slugs.filter((slug) => !slugs.has(slug)),
    },
  };
}

/** Whether a product's type has the same attributes, and each of its values the same id, as in the earlier read. */
function validityIn(before: EarlierState, after: Structure): (product: Product) => boolean {
  const sameTypes = new Set(
    Object.entries(before.product_types)
      .filter(([slug, type]) => {
        const now = own(after.product_types, slug);
        return now?.id === type.id && isSame(now.attributes, type.attributes);
      })
      .map(([slug]) => slug),
  );
  const sameValues = new Map(
    Object.entries(before.attributes).map(([attribute, { values }]) => {
      const now = own(after.attributes, attribute)?.values ?? {};
      const same = Object.entries(values).filter(([slug, { id }]) => own(now, slug)?.id === id);
      return [attribute, new Set(same.map(([slug]) => slug))];
    }),
  );
  return ({ type, document }) =>
    sameTypes.has(type) &&
    Object.entries(document.attributes).every(([attribute, assigned]) =>
      membersIn(assigned).every((slug) => sameValues.get(attribute)?.has(slug) === true),
    );
}
