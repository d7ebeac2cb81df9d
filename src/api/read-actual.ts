import { openHttp, openReader, targetOf } from '../app/open-shop.ts';
import { SILENT } from '../app/ports.ts';
import { namedBy } from '../app/read-shop.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import type { Actual, Proof } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { type ShopOptions, saleorFrom, secretsOf } from './options.ts';

export interface ActualOptions extends ShopOptions {
  /** Default: the built-in gtm-v1. */
  readonly contract?: Contract;
  /** Reads only the products that its pages name, with the labels in its languages. Default: all products, no labels. */
  readonly desired?: Desired;
}

/** One complete read of a shop. */
export interface ShopRead {
  readonly actual: Actual;
  /** Proof that each collection was read completely. */
  readonly proof: Readonly<Record<string, Proof>>;
  readonly shop: { readonly name: string; readonly domain: string; readonly version: string };
  /** What a person should know of the shop and of the token; blocks nothing. */
  readonly problems: readonly Diagnostic[];
}

/** Reads Saleor's side completely; the client cannot send a mutation. Throws a Failure if a read cannot be proved complete. */
export async function readActual(options: ActualOptions): Promise<ShopRead> {
  const { contract = GTM_V1, desired } = options;
  // Refuses a secret that is too short to be kept out of messages.
  secretsOf(options);
  const saleor = saleorFrom(options);
  const reader = openReader(saleor, openHttp(SILENT));
  const { actual, proof, shop, extras } = await readActualState(reader, contract, {
    products: desired === undefined ? 'all' : namedBy(desired),
    locales: desired === undefined ? [] : localesOf({ contract, desired }),
    target: targetOf(saleor),
  });
  return { actual, proof, shop, problems: extras.problems };
}
