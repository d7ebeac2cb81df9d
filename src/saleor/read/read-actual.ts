import type { Contract } from '../../contract/contract.ts';
import type { Actual, Proof, Target } from '../../core/actual-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit } from '../../core/json/records.ts';
import { languageTags } from '../../core/language-tag.ts';
import { ref } from '../../core/resource-ref.ts';
import type { AllProductsQuery } from '../generated/operations.ts';
import type { Call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { languageOf } from '../language-codes.ts';
import { type Greeting, greet, type ShopInfo } from '../preflight.ts';
import {
  type Opening,
  readStructure,
  type Structure,
  type StructureQuestion,
} from './attributes-and-types.ts';
import { type Newest, newestCall, newestOf, readOpening } from './first-request.ts';
import { metadataKeys, type ProductPage } from './product-document.ts';
import { type ProductsRead, readProducts, type WantedProducts } from './products.ts';
import { firstPageCall, matcherOf, type ProductNames, pagesFor } from './products-by-id.ts';
import { type ReadMarker, readMarkerOf } from './read-marker.ts';

export interface ReadOptions {
  readonly products: WantedProducts;
  /** Locales whose labels are wanted, as Wagtail writes them. */
  readonly locales: readonly string[];
  readonly target: Target;
  /** Another way to read named products than to ask for each of them. */
  readonly strategy?: ProductStrategy;
}

export interface ProductStrategy {
  /** Requests its first page, sent together with the opening. */
  readonly firstCall: Call<AllProductsQuery>;
  /** null: this way does not lead to all of them, and they are read in the usual way. */
  read(wanted: ProductNames, shop: ShopBeforeProducts): Promise<ProductsRead | null>;
}

/** What is known of the shop before its products are read. */
export interface ShopBeforeProducts {
  readonly version: string;
  readonly structure: Structure;
  readonly newest: Newest;
  /** The first page of the query that was sent with the opening; undefined: none was. */
  readonly first: ProductPage | undefined;
}

/** How each collection was read in full. */
type Proofs = Readonly<Record<'attributes' | 'values' | 'product_types' | 'products', Proof>>;

export interface ActualRead {
  readonly actual: Actual;
  readonly proof: Proofs;
  readonly shop: ShopInfo;
  /** null: the shop has no product, or none was read. */
  readonly looked: ReadMarker | null;
  readonly extras: {
    /** What a person should know of the shop and of the token; blocks nothing. */
    readonly problems: readonly Diagnostic[];
    readonly app: Greeting['app'];
  };
}

/**
 * Saleor's side: the contract's attributes with all their values, its product types, and the wanted products. Throws a
 * Failure: shop_incomplete, with the figures, where a collection is not proven complete; token_invalid,
 * permission_missing, version_unsupported; and those of the connection.
 */
export async function readActualState(
  reader: Reader,
  contract: Contract,
  options: ReadOptions,
): Promise<ActualRead> {
  const { products: wanted, target } = options;
  const known = languageTags(options.locales).filter((locale) => languageOf(locale) !== null);
  const slugs = contract.attributes.map(({ slug }) => slug);
  const greeted = greet(reader);
  // With every label, though the token may turn out not to need them: a round trip less.
  const opening = open({ reader, contract, slugs, locales: known, listsNearTypes: true }, options);
  // Awaited later; where the greeting fails too, it says why.
  opening.catch(() => undefined);
  const few = readFew(reader, contract, options, opening);
  const greeting = await greeted;
  const may = (permission: string) => greeting.permissions.includes(permission);
  if (!may('MANAGE_PRODUCTS') && !isNothing(wanted)) throw cannotSeeProducts(reader.url);

  const locales = may('MANAGE_TRANSLATIONS') ? known : [];
  const opened = await opening;
  const structure = await readStructure(
    { reader, contract, slugs, locales, listsNearTypes: true },
    opened.opening,
  );
  const shop = { ...opened, structure, version: greeting.shop.version };
  const { products, proof } = await (few ?? readWanted(reader, contract, options, shop));

  const missing = slugs.filter((slug) => !Object.hasOwn(structure.attributes, slug));
  const hidden = may('MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES') ? [] : missing.map(maybeHidden);
  const unknown = languageTags(options.locales)
    .filter((locale) => !known.includes(locale))
    .map(unknownLocale);
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
    looked: readMarkerOf(contract, opened.newest),
    extras: {
      problems: [...greeting.problems, ...hidden, ...unknown],
      app: greeting.app,
    },
  };
}

interface Opened extends Pick<ShopBeforeProducts, 'newest' | 'first'> {
  readonly opening: Opening;
}

/** Sends what fits in one request: structure, the shop's last write, and the first hundred products. */
async function open(
  question: StructureQuestion,
  { products: wanted, strategy }: ReadOptions,
): Promise<Opened> {
  const { contract } = question;
  if (isNothing(wanted)) {
    const { opening } = await readOpening(question, []);
    return { opening, newest: { updated_at: null, total: 0 }, first: undefined };
  }
  const firstCall =
    wanted === 'all' ? null : (strategy?.firstCall ?? firstPageCall(metadataKeys(contract), wanted));
  if (firstCall === null) {
    const { opening, further } = await readOpening(question, [newestCall]);
    return { opening, newest: newestOf(further[0]), first: undefined };
  }
  const { opening, further } = await readOpening(question, [firstCall, newestCall]);
  return { opening, newest: newestOf(further[1]), first: further[0] };
}

/** This number of pages does not depend on the opening's answer. */
const FEW_PAGES = 5;

/** Reads a few named products at the same time as the opening, whose answer has their first page; null: not these. */
function readFew(
  reader: Reader,
  contract: Contract,
  { products: wanted, strategy }: ReadOptions,
  opening: Promise<Opened>,
): Promise<ProductsRead> | null {
  if (wanted === 'all' || strategy !== undefined || pagesFor(wanted) > FEW_PAGES) return null;
  const few = readProducts(reader, contract, wanted, { first: async () => (await opening).first });
  // It is awaited later; the opening may have failed by then, and its error is the one to report.
  few.catch(() => undefined);
  return few;
}

/** Reads the wanted products in the way that takes the fewest requests. */
async function readWanted(
  reader: Reader,
  contract: Contract,
  { products: wanted, strategy }: ReadOptions,
  shop: ShopBeforeProducts,
): Promise<ProductsRead> {
  if (wanted === 'all') return readProducts(reader, contract, wanted);
  if (strategy !== undefined && !isNothing(wanted)) {
    const read = await strategy.read(wanted, shop);
    if (read !== null) return read;
  }
  if (!isMostOf(wanted, shop.newest)) {
    const first = strategy === undefined ? async () => shop.first : undefined;
    return readProducts(reader, contract, wanted, { first });
  }
  const { products, proof } = await readProducts(reader, contract, 'all');
  const isWanted = matcherOf(wanted);
  const named = Object.entries(products).filter(([slug, { id }]) => isWanted({ id, slug }));
  const { requests } = proof;
  return {
    products: Object.fromEntries(named),
    proof: { requests, items: named.length, total: named.length },
  };
}

/** Pages of all products come one after the other, those of named ones a few at a time: half as many are as fast. */
const isMostOf = (names: ProductNames, { total }: Newest): boolean =>
  Math.max(1, Math.ceil(total / 100)) * 2 <= pagesFor(names);

const isNothing = (wanted: WantedProducts): boolean =>
  wanted !== 'all' && wanted.ids.length === 0 && wanted.slugs.length === 0;

/** Without it Saleor shows what its customers see, or nothing: both look like products that are missing. */
const cannotSeeProducts = (url: string): Failure =>
  new Failure(
    'permission_missing',
    `${url}: the token lacks MANAGE_PRODUCTS, so Saleor hides products from it`,
    'Give the app MANAGE_PRODUCTS (Dashboard, Extensions).',
  );
/** With visibleInStorefront off an attribute is not there for such a token (docs/saleor.md#attributes-and-choices). */
const maybeHidden = (slug: string): Diagnostic => ({
  severity: 'warning',
  code: 'attribute_maybe_hidden',
  ref: ref.attribute(slug),
  data: { permission: 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES' },
});

const unknownLocale = (locale: string): Diagnostic => ({
  severity: 'warning',
  code: 'locale_unknown_to_saleor',
  ref: 'shop',
  data: { locale },
});
