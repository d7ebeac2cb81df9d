import type { Contract } from '../contract/contract.ts';
import { languageTags } from '../core/language-tag.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { type Fixture, fixtureOf } from '../plan/term-fixture.ts';
import {
  type ShopTerm,
  type ShopValue,
  termsFromShop,
  type ValueWithoutTerm,
} from '../plan/terms-from-shop.ts';
import type { Http } from '../platform/http/client.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { type ProductsOfValue, readUsersOf } from '../saleor/read/users-of-values.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { SaleorConnection, WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';
import { type IdListSources, readIdLists } from './read-id-lists.ts';

/** null: the token lacks MANAGE_PRODUCTS. */
type Used<T> = T & { readonly products: ProductsOfValue | null };

/** Values that only the shop has, with their products, and the terms that they can become. */
export interface ShopLint {
  readonly terms: readonly Used<ShopTerm>[];
  readonly without: readonly Used<ValueWithoutTerm>[];
  readonly fixture: Fixture;
  /** Values of the contract's attributes in the shop. */
  readonly read: number;
}

/** Compares the shop's values with the terms of the source, which may have no page yet. Reads only. */
export async function lintShop(
  request: {
    readonly source: WagtailSource;
    readonly lists: IdListSources;
    readonly contract: Contract;
    readonly saleor: SaleorConnection;
  },
  http: Http,
  notes: Notes,
): Promise<ShopLint> {
  const { contract, saleor } = request;
  const source = request.source.kind === 'api' ? request.source : { ...request.source, mayBeEmpty: true };
  const { registry } = await readIdLists(request.lists, http);
  const { desired, provenance } = await readDesiredState(source, contract, http, progressTo(notes));
  const { models } = provenance;
  const ofSite = Object.values(models).flatMap(({ locales }) => Object.keys(locales ?? {}));
  const reader = openReader(saleor, http);
  const { actual, shop } = await readActualState(reader, contract, {
    products: { ids: [], slugs: [] },
    locales: languageTags([...localesOf({ contract, desired }), ...ofSite]),
    target: targetOf(saleor),
  });
  const { terms, without } = termsFromShop({ contract, desired, actual, registry }, models);
  // A token that is not shown every product would count too few.
  const products = actual.permissions.includes('MANAGE_PRODUCTS')
    ? await readUsersOf(reader, shop.version, [...terms, ...without])
    : [];
  const used = <T extends ShopValue>(values: readonly T[], from: number): readonly Used<T>[] =>
    values.map((value, index) => ({ ...value, products: products[from + index] ?? null }));
  return {
    terms: used(terms, 0),
    without: used(without, terms.length),
    read: Object.values(actual.attributes).reduce((sum, one) => sum + Object.keys(one.values).length, 0),
    fixture: fixtureOf(terms, models, desired.source.locale),
  };
}
