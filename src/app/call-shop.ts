import { setMaxListeners } from 'node:events';
import { Failure } from '../core/failure.ts';
import type { Http } from '../platform/http/client.ts';
import type { Reader } from '../saleor/graphql/client.ts';
import { type Greeting, greet } from '../saleor/preflight.ts';
import { openReader } from './open-shop.ts';
import type { SaleorConnection } from './options.ts';

/** A shop that was greeted before it is known what to ask: connection and first answer take their time meanwhile. */
export interface CalledShop {
  readonly reader: Reader;
  readonly greeted: Promise<Greeting>;
  /** Gives up what is in flight, and asks nothing more. */
  hangUp(): void;
}

/** null: the shop cannot be opened, and openReader says why when its turn has come. */
export function callShop(saleor: SaleorConnection, http: Http): CalledShop | null {
  const call = new AbortController();
  // Each request in flight listens.
  setMaxListeners(0, call.signal);
  try {
    const reader = openReader(saleor, http, call.signal);
    const greeted = greet(reader);
    // Awaited later: errors of the source come first.
    greeted.catch(() => undefined);
    return { reader, greeted, hangUp: () => call.abort() };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
