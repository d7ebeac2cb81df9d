import type { Contract } from '../../contract/contract.ts';
import type { Actual, Proof, Target } from '../../core/actual-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { Failure } from '../../core/failure.ts';
import { byCodeUnit } from '../../core/json/records.ts';
import { languageTags } from '../../core/language-tag.ts';
import { ref } from '../../core/resource-ref.ts';
import type { Reader } from '../graphql/client.ts';
import { languageOf } from '../language-codes.ts';
import { type Greeting, greet, type ShopInfo } from '../preflight.ts';
import {
  type Opening,
  readStructure,
  type Structure,
  type StructureQuestion,
} from './attributes-and-types.ts';
import { newestCall, newestOf, readOpening } from './first-request.ts';
import { metadataKeys } from './product-document.ts';
import { firstPageCall } from './products-by-id.ts';
import { type ReadMarker, readMarkerOf } from './read-marker.ts';
import {
  isNothing,
  type ProductQuestion,
  readEarly,
  readWanted,
  type ShopBeforeProducts,
} from './wanted-products.ts';

export interface ReadOptions extends ProductQuestion {
  /** Locales whose labels are wanted, as Wagtail writes them. */
  readonly locales: readonly string[];
  readonly target: Target;
  /** The greeting, if it was begun before it was known what to read. */
  readonly greeted?: Promise<Greeting> | undefined;
  /** Called with attributes and types while products are still read. */
  readonly onStructure?: (structure: Structure) => void;
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
  const greeted = options.greeted ?? greet(reader);
  // With every label, though the token may turn out not to need them: a round trip less.
  const opening = open({ reader, contract, slugs, locales: known, listsNearTypes: true }, options);
  const before = readBefore();
  // Awaited later; where the greeting fails too, it says why.
  for (const awaited of [opening, before]) awaited.catch(() => undefined);
  const early = readEarly(reader, contract, options, { opening, before });

  async function readBefore() {
    const greeting = await greeted;
    const may = (permission: string) => greeting.permissions.includes(permission);
    if (!may('MANAGE_PRODUCTS') && !isNothing(wanted)) throw cannotSeeProducts(reader.url);
    const locales = may('MANAGE_TRANSLATIONS') ? known : [];
    const { opening: opened, ...products } = await opening;
    const question = { reader, contract, slugs, locales, listsNearTypes: true };
    const structure = await readStructure(question, opened);
    options.onStructure?.(structure);
    return { ...products, greeting, locales, structure, version: greeting.shop.version };
  }

  const shop = await before;
  const { greeting, locales, structure } = shop;
  const { products, proof } = await readWanted(reader, contract, options, { ...shop, early });

  const missing = slugs.filter((slug) => !Object.hasOwn(structure.attributes, slug));
  const seesAll = greeting.permissions.includes('MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES');
  const hidden = seesAll ? [] : missing.map(maybeHidden);
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
    looked: readMarkerOf(contract, shop.newest),
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
