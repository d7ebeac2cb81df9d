import { taxonomies } from '../../contract/contract.ts';
import type { Actual, Product } from '../../core/actual-state.ts';
import type { Offering } from '../../core/desired-state.ts';
import { recordOf, sortedNames, sortedRecord } from '../../core/json/records.ts';
import { ref } from '../../core/resource-ref.ts';
import { selectOfferings } from '../../diff/diff.ts';
import type { Inputs } from '../../diff/model.ts';
import { offeringIdIn } from '../../diff/offering-ids.ts';
import { typesFor } from '../../diff/product-types.ts';

/**
 * Reduces both sides to what is compared: the selected offerings, other pages that name one of their products (so that a
 * rebuild finds the same conflicts), and the products, types and attributes that these need.
 */
export function narrowSnapshots<T extends Inputs>(inputs: T): T {
  const { desired, actual, contract } = inputs;
  const offerings = inputs.options.sync_products ? comparedPages(inputs) : [];
  const [named, ids] = [new Set<string>(), new Set<string>()];
  for (const { saleor_product_slug: slug, saleor_product_id: id } of offerings) {
    if (slug !== null) named.add(slug);
    if (id !== null) ids.add(id);
  }
  const reverted = new Set(Object.keys(desired.reverts?.documents ?? {}));
  const isNamed = (slug: string, { id }: Product) =>
    named.has(slug) || ids.has(id) || reverted.has(ref.product(slug));
  const slugs = new Set(contract.attributes.map(({ slug }) => slug));
  const keys = new Set(contract.metadata.map(({ key }) => key));
  const products = selectProducts(actual.products, isNamed, (product) => managedFields(product, slugs, keys));
  const types = new Set<string>();
  for (const slug in products) types.add((products[slug] as Product).type);
  const wanted = typesFor(contract, actual.product_types);
  return {
    ...inputs,
    desired: { ...desired, taxonomies: only(desired.taxonomies, new Set(taxonomies(contract))), offerings },
    actual: {
      ...actual,
      attributes: only(actual.attributes, slugs),
      product_types: sortedRecord(
        Object.entries(actual.product_types).filter(([slug]) => types.has(slug) || wanted.has(slug)),
      ),
      products,
    },
  };
}

/** The wanted products, narrowed, in code-unit order; the same record if nothing changes. */
function selectProducts(
  all: Actual['products'],
  isWanted: (slug: string, product: Product) => boolean,
  narrowed: (product: Product) => Product,
): Actual['products'] {
  const slugs = sortedNames(all);
  const products = slugs.map((slug) => {
    const product = all[slug] as Product;
    return isWanted(slug, product) ? narrowed(product) : undefined;
  });
  const isAll = Object.keys(all).every((slug, at) => slug === slugs[at] && products[at] === all[slug]);
  return isAll ? all : recordOf(slugs, products);
}

/** Managed fields only: the snapshot file may be of another contract. Members are in code-unit order. */
function managedFields(product: Product, slugs: ReadonlySet<string>, keys: ReadonlySet<string>): Product {
  const { id, type, document, name } = product;
  const [attributes, metadata] = [only(document.attributes, slugs), only(document.metadata, keys)];
  const isManagedOnly = attributes === document.attributes && metadata === document.metadata;
  if (isManagedOnly && name === undefined) return product;
  return { document: isManagedOnly ? document : { attributes, metadata }, id, type };
}

/** The named members of a record; the same record where that is all of them, as nearly always. */
function only<T>(
  record: Readonly<Record<string, T>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  for (const name in record) {
    if (names.has(name)) continue;
    return sortedRecord(Object.entries(record).filter(([one]) => names.has(one)));
  }
  return record;
}

function comparedPages(inputs: Inputs): readonly Offering[] {
  const { limit, only_slugs } = inputs.options;
  if (limit === null && only_slugs === null) return inputs.desired.offerings;
  const selected = selectOfferings(inputs);
  if (selected.length === inputs.desired.offerings.length) return inputs.desired.offerings;
  const slugs = new Set(selected.flatMap(({ product }) => product?.slug ?? []));
  const pages = new Set(selected.map(({ offering }) => offering.page_id));
  const idOf = offeringIdIn(inputs.contract);
  const ids = new Set(selected.flatMap(({ offering }) => idOf(offering) ?? []));
  const everyone = selectOfferings({
    ...inputs,
    options: { ...inputs.options, limit: null, only_slugs: null },
  });
  return everyone
    .filter(
      ({ offering, product }) =>
        pages.has(offering.page_id) ||
        (product !== null && slugs.has(product.slug)) ||
        ids.has(idOf(offering) ?? ''),
    )
    .map(({ offering }) => offering);
}
