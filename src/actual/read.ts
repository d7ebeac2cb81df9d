import type { Contract } from '../contract/contract.ts';
import type { Actual, Proof, Target } from '../state/actual.ts';
import { Failure } from '../state/failure.ts';
import { byCodeUnit } from '../state/json.ts';
import type { Problem } from '../state/problem.ts';
import { ref } from '../state/ref.ts';
import type { Reader } from './client.ts';
import { languageOf } from './languages.ts';
import { openTogether } from './opening.ts';
import { type Greeting, greet, type ShopInfo } from './preflight.ts';
import { type Asking, readProducts, type Wanted } from './products.ts';
import { readStructure } from './structure.ts';

export interface ReadOptions {
  readonly products: Wanted;
  /** Locales whose labels are wanted, as Wagtail writes them. */
  readonly locales: readonly string[];
  readonly target: Target;
  readonly asking?: Asking;
}

/** How each collection was read whole. */
export type Proofs = Readonly<Record<'attributes' | 'values' | 'product_types' | 'products', Proof>>;

export interface ActualRead {
  readonly actual: Actual;
  readonly proof: Proofs;
  readonly shop: ShopInfo;
  readonly extras: {
    /** What a person should know of the shop and of the token; blocks nothing. */
    readonly problems: readonly Problem[];
    readonly app: Greeting['app'];
  };
}

/**
 * Saleor's side: the contract's attributes with all their values, its product types, and the products that are wanted.
 * Every collection proves itself complete, else a Failure (shop_incomplete) with the figures; also token_invalid,
 * permission_missing, version_unsupported, and what the connection came to.
 */
export async function readActual(
  reader: Reader,
  contract: Contract,
  options: ReadOptions,
): Promise<ActualRead> {
  const { products: wanted, target } = options;
  const greeting = await greet(reader);
  const may = (permission: string) => greeting.permissions.includes(permission);
  if (!may('MANAGE_PRODUCTS') && !isNothing(wanted)) throw cannotSeeProducts(reader.url);

  const known = options.locales.filter((locale) => languageOf(locale) !== null);
  const locales = may('MANAGE_TRANSLATIONS') ? known : [];
  const slugs = contract.attributes.map(({ slug }) => slug);
  const { asking } = options;
  const together = await openTogether(reader, contract, slugs, wanted, locales, asking);
  const structure = await readStructure(reader, contract, slugs, locales, together?.opening);
  const { products, proof } = await readProducts(reader, contract, wanted, asking, together?.products);

  const missing = slugs.filter((slug) => !Object.hasOwn(structure.attributes, slug));
  const hidden = may('MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES') ? [] : missing.map(maybeHidden);
  const unknown = options.locales.filter((locale) => !known.includes(locale)).map(unknownLocale);
  return {
    actual: {
      target,
      permissions: greeting.permissions,
      locales: [...new Set(locales)].sort(byCodeUnit),
      attributes: structure.attributes,
      product_types: structure.product_types,
      products,
    },
    proof: { ...structure.proof, products: proof },
    shop: greeting.shop,
    extras: {
      problems: [...greeting.problems, ...structure.problems, ...hidden, ...unknown],
      app: greeting.app,
    },
  };
}

const isNothing = (wanted: Wanted): boolean =>
  wanted !== 'all' && wanted.ids.length === 0 && wanted.slugs.length === 0;

/** Without it Saleor shows what its customers see, or nothing: both look like products that are missing. */
const cannotSeeProducts = (url: string): Failure =>
  new Failure(
    'permission_missing',
    `${url}: the token lacks MANAGE_PRODUCTS, and without it Saleor hides products`,
    'Give the app MANAGE_PRODUCTS (Dashboard, Extensions).',
  );

/** With visibleInStorefront off an attribute is not there for such a token (facts/saleor 8). */
const maybeHidden = (slug: string): Problem => ({
  severity: 'warning',
  code: 'attribute_maybe_hidden',
  ref: ref.attribute(slug),
  data: { permission: 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES' },
});

const unknownLocale = (locale: string): Problem => ({
  severity: 'warning',
  code: 'locale_unknown_to_saleor',
  ref: 'shop',
  data: { locale },
});
