import type { Contract } from '../../contract/contract.ts';
import type { Actual, Proof, Target } from '../../core/actual-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit } from '../../core/json/canonical-json.ts';
import { ref } from '../../core/resource-ref.ts';
import type { Reader } from '../graphql/client.ts';
import { languageOf } from '../language-codes.ts';
import { type Greeting, greet, type ShopInfo } from '../preflight.ts';
import { type Opening, readStructure } from './attributes-and-types.ts';
import { type Newest, newestCall, newestOf, openTogether } from './first-request.ts';
import {
  among,
  type CurrentShop,
  changedCall,
  contractDigest,
  type IncrementalBase,
  type ReadMarker,
  type RefreshFigures,
  readChanged,
} from './incremental-read.ts';
import { keysOf, type ProductPage, readProducts, type WantedProducts } from './products.ts';
import { firstPageCall, pagesFor } from './products-by-id.ts';

export interface ReadOptions {
  readonly products: WantedProducts;
  /** Locales whose labels are wanted, as Wagtail writes them. */
  readonly locales: readonly string[];
  readonly target: Target;
  /** Read only what moved since this, where that gives the same; only of named products. */
  readonly earlier?: IncrementalBase;
}

/** How each collection was read whole. */
type Proofs = Readonly<Record<'attributes' | 'values' | 'product_types' | 'products', Proof>>;

export interface ActualRead {
  readonly actual: Actual;
  readonly proof: Proofs;
  readonly shop: ShopInfo;
  /** For a later read of what changed; null: the shop has no product, or none was looked at. */
  readonly looked: ReadMarker | null;
  readonly extras: {
    /** How it was read, if an earlier read was given; a text: why all of it was read instead. */
    readonly refreshed: RefreshFigures | string | null;
    /** What a person should know of the shop and of the token; blocks nothing. */
    readonly problems: readonly Diagnostic[];
    readonly app: Greeting['app'];
  };
}

/**
 * Saleor's side: the contract's attributes with all their values, its product types, and the products that are wanted.
 * Every collection proves itself complete, else a Failure (shop_incomplete) with the figures; also token_invalid,
 * permission_missing, version_unsupported, and what the connection came to.
 */
export async function readActualState(
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
  const opening = open(reader, contract, slugs, options, locales);
  const few = readFew(reader, contract, options, opening);
  const opened = await opening;
  const structure = await readStructure(reader, contract, slugs, locales, opened.opening);
  const version = greeting.shop.version;
  const now = { ...opened, structure, version };
  const { products, proof, refreshed } = await (few ?? readWanted(reader, contract, options, now));

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
    looked: lookedOf(contract, opened.newest),
    extras: {
      refreshed,
      problems: [...greeting.problems, ...structure.problems, ...hidden, ...unknown],
      app: greeting.app,
    },
  };
}

interface Opened {
  readonly opening: Opening;
  readonly newest: Newest;
  /** The first page of what was asked for first. */
  readonly first: ProductPage | undefined;
}

/** Whatever one request can hold: structure, the shop's last write, and the first hundred products. */
async function open(
  reader: Reader,
  contract: Contract,
  slugs: readonly string[],
  { products: wanted, earlier }: ReadOptions,
  locales: readonly string[],
): Promise<Opened> {
  const page =
    wanted === 'all' || isNothing(wanted)
      ? null
      : earlier === undefined
        ? firstPageCall(keysOf(contract), wanted)
        : changedCall(contract, earlier.looked);
  const further = [...(page === null ? [] : [page]), ...(isNothing(wanted) ? [] : [newestCall])];
  const { opening, further: answers } = await openTogether(reader, slugs, locales, further);
  return {
    opening,
    newest: isNothing(wanted) ? { updated_at: null, total: 0 } : newestOf(answers.at(-1)),
    first: page === null ? undefined : (answers[0] as ProductPage),
  };
}

/** So many pages need not wait for what the opening says of the shop. */
const FEW = 5;

/** A few named products, asked for together with the opening, of which their first page is a part; null: not these. */
function readFew(
  reader: Reader,
  contract: Contract,
  { products: wanted, earlier }: ReadOptions,
  opening: Promise<Opened>,
) {
  if (wanted === 'all' || earlier !== undefined || pagesFor(wanted) > FEW) return null;
  const read = readProducts(reader, contract, wanted, async () => (await opening).first);
  const few = read.then((found) => ({ ...found, refreshed: null }));
  // It is awaited later; by then the opening may have failed, which is what is told.
  few.catch(() => undefined);
  return few;
}

/** Of the products what is wanted, by the way that asks the shop least. */
async function readWanted(
  reader: Reader,
  contract: Contract,
  { products: wanted, earlier }: ReadOptions,
  now: Opened & Pick<CurrentShop, 'structure' | 'version'>,
) {
  let refreshed: RefreshFigures | string | null = null;
  if (earlier !== undefined && wanted !== 'all' && !isNothing(wanted)) {
    const read = await readChanged(reader, contract, wanted, earlier, { ...now, first: now.first ?? null });
    if (typeof read !== 'string') return read;
    refreshed = read;
  }
  const first = earlier === undefined ? async () => now.first : undefined;
  const asked = wanted !== 'all' && isMostOf(wanted, now.newest) ? 'all' : wanted;
  const { products, proof } = await readProducts(reader, contract, asked, first);
  if (asked === wanted || wanted === 'all') return { products, proof, refreshed };
  const isWanted = among(wanted);
  const named = Object.entries(products).filter(([slug, { id }]) => isWanted({ id, slug }));
  const { requests } = proof;
  return {
    products: Object.fromEntries(named),
    proof: { requests, items: named.length, total: named.length },
    refreshed,
  };
}

/** Pages of all products come one after the other, those of named ones a few at a time: half as many are as fast. */
const isMostOf = (wanted: Exclude<WantedProducts, 'all'>, { total }: Newest): boolean =>
  Math.max(1, Math.ceil(total / 100)) * 2 <= pagesFor(wanted);

const lookedOf = (contract: Contract, { updated_at }: Newest): ReadMarker | null =>
  updated_at === null ? null : { updated_at, contract: contractDigest(contract) };

const isNothing = (wanted: WantedProducts): boolean =>
  wanted !== 'all' && wanted.ids.length === 0 && wanted.slugs.length === 0;

/** Without it Saleor shows what its customers see, or nothing: both look like products that are missing. */
const cannotSeeProducts = (url: string): Failure =>
  new Failure(
    'permission_missing',
    `${url}: the token lacks MANAGE_PRODUCTS, and without it Saleor hides products`,
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
