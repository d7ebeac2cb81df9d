import { FieldError } from '../graphql/errors.ts';
import type { AttributeRecord, ProductRecord, ValueRecord } from './records.ts';
import { slugFor } from './slugs.ts';
import {
  assignValues,
  findBySlug,
  insertValue,
  nextSortOrder,
  publishProduct,
  removeValue,
  type Store,
  slugTakenIn,
  valueRowsOf,
} from './store.ts';

/** Edits as a person makes them in the dashboard. Rows are named by slug; an unknown slug throws. */
export interface Edits {
  readonly product: (slug: string) => ProductRecord;
  readonly attribute: (slug: string) => AttributeRecord;
  readonly value: (attribute: string, slug: string) => ValueRecord;
  readonly values: (attribute: string) => readonly ValueRecord[];
  readonly renameProduct: (slug: string, name: string) => void;
  readonly moveProduct: (slug: string, newSlug: string) => void;
  readonly deleteProduct: (slug: string) => void;
  readonly setMetadata: (slug: string, key: string, value: string) => void;
  readonly deleteMetadata: (slug: string, key: string) => void;
  /** Value slugs, or true / false; `[]` clears. */
  readonly setAttribute: (product: string, attribute: string, values: readonly string[] | boolean) => void;
  readonly addValue: (attribute: string, name: string) => ValueRecord;
  /** Derives the slug again, as Saleor does. The products' updatedAt stays. */
  readonly renameValue: (attribute: string, slug: string, name: string) => void;
  readonly deleteValue: (attribute: string, slug: string) => void;
  readonly unassign: (productType: string, attribute: string) => void;
  /** Publishes with a price; `isListed` false: the product opens by its address only. Makes the channel if there is none. */
  readonly publish: (product: string, channel: string, isListed?: boolean) => void;
  readonly unpublish: (product: string, channel: string) => void;
  readonly markFilterable: (attribute: string) => void;
}

function required<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new FieldError(`the sandbox has no ${what}`);
  return row;
}

export function createEdits(store: Store): Edits {
  const product = (slug: string) => required(findBySlug(store.products, slug), `product ${slug}`);
  const attribute = (slug: string) => required(findBySlug(store.attributes, slug), `attribute ${slug}`);
  const values = (slug: string) => valueRowsOf(store, attribute(slug).pk);
  const value = (of: string, slug: string) =>
    required(
      values(of).find((v) => v.slug === slug),
      `value ${of}.${slug}`,
    );
  const changeProduct = (slug: string, change: (row: ProductRecord) => void): void => {
    const row = product(slug);
    change(row);
    row.updatedAt = store.clock();
  };
  return {
    product,
    attribute,
    value,
    values,
    ...valueEdits(store, { attribute, value }),
    renameProduct: (slug, name) =>
      changeProduct(slug, (row) => {
        row.name = name;
      }),
    moveProduct: (slug, newSlug) =>
      changeProduct(slug, (row) => {
        row.slug = newSlug;
      }),
    deleteProduct: (slug) => {
      store.products.delete(product(slug).pk);
    },
    setMetadata: (slug, key, text) =>
      changeProduct(slug, (row) => {
        row.metadata.set(key, text);
      }),
    deleteMetadata: (slug, key) =>
      changeProduct(slug, (row) => {
        row.metadata.delete(key);
      }),
    setAttribute: (slug, of, wanted) => changeProduct(slug, (row) => assignValues(store, row, of, wanted)),
    publish: (slug, channel, isListed = true) => publishProduct(store, product(slug).pk, channel, isListed),
    unpublish: (slug, channel) => {
      store.published.get(channel)?.delete(product(slug).pk);
    },
    markFilterable: (slug) => {
      store.filterable.add(attribute(slug).pk);
    },
    unassign: (typeSlug, of) => {
      const type = required(findBySlug(store.productTypes, typeSlug), `product type ${typeSlug}`);
      const { pk } = attribute(of);
      type.attributes = type.attributes.filter((a) => a.pk !== pk);
    },
  };
}

function valueEdits(
  store: Store,
  { attribute, value }: Pick<Edits, 'attribute' | 'value'>,
): Pick<Edits, 'addValue' | 'renameValue' | 'deleteValue'> {
  return {
    addValue: (of, name) => {
      const { pk } = attribute(of);
      return insertValue(store, {
        attribute: pk,
        name,
        slug: slugFor(name, slugTakenIn(store, pk)),
        sortOrder: nextSortOrder(store, pk),
      });
    },
    renameValue: (of, slug, name) => {
      const row = value(of, slug);
      row.slug = slugFor(name, slugTakenIn(store, row.attribute, row.pk));
      row.name = name;
    },
    deleteValue: (of, slug) => removeValue(store, value(of, slug)),
  };
}
