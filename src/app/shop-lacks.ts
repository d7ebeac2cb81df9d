import type { Contract } from '../contract/contract.ts';
import type { ShopInventory, SiteInventory } from '../contract/inventory.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import { diffAttributes } from '../diff/attribute-changes.ts';
import { DEFAULT_OPTIONS } from '../diff/model.ts';
import { matchProductType } from '../diff/product-types.ts';

/** What must be in a shop before its products can be compared, in the order in which it is made. */
export interface ShopLacks {
  /** Product types of the contract, by the names there; sailplan creates none. */
  readonly types: readonly string[];
  /** Attributes and assignments, which a plan creates. */
  readonly attributes: readonly string[];
  readonly assignments: number;
  /** Products that pages name; sailplan creates none. */
  readonly products: readonly LackingProduct[];
  /** Pages, and how many of them were looked up. */
  readonly pages: number;
  /** The shop has no product type of the contract at all. */
  readonly isEmpty: boolean;
  /** Name of the product type that new products get: the contract's first. */
  readonly productType: string;
  /** Slug of the channel in which shoppers look; null: none is named, and the shop has several. */
  readonly channel: string | null;
}

export interface LackingProduct {
  readonly title: string;
  readonly slug: string | null;
  readonly id: string | null;
}

interface ProductsThere {
  readonly ids: ReadonlySet<string>;
  readonly slugs: ReadonlySet<string>;
}

/** `there`: which of the products that pages name the shop has; null: it was not read. Pure. */
export function shopLacks(
  contract: Contract,
  actual: Actual,
  desired: Desired | null,
  { there, channel }: { readonly there: ProductsThere | null; readonly channel: string | null },
): ShopLacks {
  const options = { ...DEFAULT_OPTIONS, create_attributes: true, sync_attributes: true };
  const { changes } = diffAttributes({
    contract,
    actual,
    options,
    registry: null,
    desired: desired ?? NO_PAGES,
  });
  const types = contract.product_types.filter(
    (name) => matchProductType(actual.product_types, name).kind === 'missing',
  );
  const created = changes.map(({ ref }) => ref);
  const offerings = desired?.offerings ?? [];
  const isLacking = ({ saleor_product_id: id, saleor_product_slug: slug }: Desired['offerings'][number]) =>
    there !== null &&
    (id !== null || slug !== null) &&
    !there.ids.has(id ?? '') &&
    !there.slugs.has(slug ?? '');
  return {
    types,
    attributes: created.flatMap((ref) =>
      ref.startsWith('attribute.') ? [ref.slice('attribute.'.length)] : [],
    ),
    assignments: created.filter((ref) => ref.startsWith('assignment.')).length,
    products: offerings.filter(isLacking).map((offering) => ({
      title: offering.title,
      slug: offering.saleor_product_slug,
      id: offering.saleor_product_id,
    })),
    pages: offerings.length,
    isEmpty: types.length === contract.product_types.length,
    productType: nameOfType(contract, actual),
    channel,
  };
}

/** As the shop calls it, where it has it. */
function nameOfType({ product_types: [first = ''] }: Contract, actual: Actual): string {
  const match = matchProductType(actual.product_types, first);
  return match.kind === 'found' ? match.type.name : first;
}

/** The same before anything was compared, for a shop without any product type of the contract: all that pages name is missing. */
export function lacksBeforeTypes(
  { attributes, product_types }: Contract,
  shop: ShopInventory,
  site: SiteInventory,
): ShopLacks {
  const { ids, slugs } = site.products;
  return {
    types: product_types,
    attributes: attributes
      .map(({ slug }) => slug)
      .filter((slug) => !shop.attributes.some((one) => one.slug === slug)),
    assignments: 0,
    products: [
      ...slugs.map((slug) => ({ title: slug, slug, id: null })),
      ...ids.map((id) => ({ title: `product ${id}`, slug: null, id })),
    ],
    pages: site.pages,
    isEmpty: true,
    productType: product_types[0] ?? '',
    channel: null,
  };
}

const NO_PAGES: Desired = {
  source: { kind: 'export', locale: 'en', page_type: null, access: 'unknown' },
  taxonomies: {},
  offerings: [],
  problems: [],
};
