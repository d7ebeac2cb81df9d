import { readActual as read } from '../actual/read.ts';
import { namedBy } from '../commands/planning.ts';
import { openHttp, openReader, targetOf } from '../commands/session.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import { localesOf } from '../diff/translations.ts';
import type { Actual, Proof } from '../state/actual.ts';
import type { Desired } from '../state/desired.ts';
import type { Problem } from '../state/problem.ts';
import type { ShopOptions } from './options.ts';
import { argsOf, ioOf, settingsOf } from './session.ts';

export interface ActualOptions extends ShopOptions {
  /** Left out: the built-in gtm-v1. */
  readonly contract?: Contract;
  /** The products that its pages name are read, with the labels in its languages; left out: all products, no labels. */
  readonly desired?: Desired;
}

/** One complete read of a shop. */
export interface ShopRead {
  readonly actual: Actual;
  /** How each collection was read whole. */
  readonly proof: Readonly<Record<string, Proof>>;
  readonly shop: { readonly name: string; readonly domain: string; readonly version: string };
  /** What a person should know of the shop and of the token; blocks nothing. */
  readonly problems: readonly Problem[];
}

/** Saleor's side, read whole; the client cannot send a mutation. Throws a Failure when a read cannot be proved complete. */
export async function readActual(options: ActualOptions): Promise<ShopRead> {
  const { contract = GTM_V1, desired } = options;
  const settings = settingsOf(options);
  const reader = openReader(settings, argsOf(options), ioOf(options), openHttp(ioOf(options)));
  const { actual, proof, shop, extras } = await read(reader, contract, {
    products: desired === undefined ? 'all' : namedBy(desired),
    locales: desired === undefined ? [] : localesOf({ contract, desired }),
    target: targetOf(settings),
  });
  return { actual, proof, shop, problems: extras.problems };
}
