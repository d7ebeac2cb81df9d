import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { oddSpelling, withoutCredentials } from '../core/web-address.ts';
import { isHeapFull, slowHeapGrowth } from '../platform/heap-growth.ts';
import { createHttp, type Http } from '../platform/http/client.ts';
import { allowOrigin, type Side } from '../platform/http/origin-policy.ts';
import { createOutage, type Outage } from '../platform/http/outage.ts';
import { createWaitTicker, type WaitTicker } from '../platform/http/wait-ticker.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createReader, createWriter, type Reader, type Writer } from '../saleor/graphql/client.ts';
import type { OriginRules, SaleorConnection } from './options.ts';
import type { Notes, SecretGuard } from './ports.ts';
import { redactHttp } from './redact-replies.ts';

interface HttpSettings {
  /** Secrets to remove from replies, for callers that store them. */
  readonly secrets?: Pick<SecretGuard, 'redact'>;
  readonly ticker?: WaitTicker;
  /** For an apply, which waits for a shop that restarts, and is not stopped for the memory that it takes. */
  readonly outage?: Outage;
}

export function openHttp(
  { trace, progress }: Pick<Notes, 'trace' | 'progress'>,
  { secrets, ticker = createWaitTicker(progress), ...rest }: HttpSettings = {},
): Http {
  const created = createHttp({ clock: systemClock, random: Math.random, trace, ticker, ...rest });
  const http = rest.outage === undefined ? bounded(created) : created;
  return secrets === undefined ? http : redactHttp(http, secrets);
}

/** Answers of this many bytes in all fill the heap. */
const HUGE_BYTES = 32 * 1024 * 1024;

/** Asks for no more when the process holds as much as it may. Throws a Failure (answer_too_large). */
const bounded = (http: Http): Http => ({
  ...http,
  send: async (request) => {
    if (http.counts.bytesIn >= HUGE_BYTES) slowHeapGrowth(http.counts.bytesIn);
    if (!isHeapFull()) return http.send(request);
    throw new Failure(
      'answer_too_large',
      `${withoutCredentials(request.url)}: its answers need more memory than sailplan takes (1 GB)`,
      'Check that this address lists one catalogue. To allow 4 GB: NODE_OPTIONS=--max-old-space-size=4096 sailplan …',
    );
  },
});

type OutageSettings = Pick<Parameters<typeof createOutage>[0], 'waitMs' | 'isStopping' | 'note'>;

/** Looks for the shop with a query that needs neither a token nor a permission, but the shop's database. */
export function openOutage(saleor: SaleorConnection, settings: OutageSettings): Outage {
  const { apiUrl, headers } = clientOptions(saleor);
  const probe = {
    method: 'POST' as const,
    url: apiUrl,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query Probe { shop { name } }' }),
    timeoutMs: 5_000,
    maxBytes: 1024 * 1024,
    isRepeatable: true,
  };
  return createOutage({
    ...settings,
    clock: systemClock,
    probe,
    // A Saleor without its database answers 200 with this message.
    isHealthy: ({ status, text }) => status < 500 && !text.includes('Internal Server Error'),
  });
}

/** The target's address, normalised: what plans store and apply compares. Throws a Failure (usage). */
export function targetOf({ apiUrl, isApiUrlFromConfig, targetName, channel }: SaleorConnection): Target {
  if (apiUrl === undefined) {
    throw new Failure(
      'usage',
      'no shop is given',
      'Set SALEOR_API_URL (e.g. https://shop.example.com/graphql/), or saleor_api_url in the config.',
    );
  }
  // The text is not shown, because it may contain a password.
  if (!URL.canParse(apiUrl) || !/^https?:$/.test(new URL(apiUrl).protocol))
    throw new Failure(
      'usage',
      `${isApiUrlFromConfig ? 'saleor_api_url in the config' : 'SALEOR_API_URL'} is not an http(s) address`,
      'Example: https://shop.example.com/graphql/',
    );
  const odd = oddSpelling(new URL(apiUrl));
  if (odd !== null)
    throw new Failure(
      'usage',
      `${withoutCredentials(apiUrl)} is not the canonical spelling of an address: ${odd}`,
      'Write it as https://shop.example.com/graphql/. Policy, lock and archive depend on the address, so only one spelling is allowed.',
    );
  return {
    name: targetName,
    api_url: withoutCredentials(apiUrl),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** A client that cannot send a mutation: for everything but apply. Throws a Failure (usage, origin_not_allowed, token_invalid). */
export const openReader = (saleor: SaleorConnection, http: Http, signal?: AbortSignal): Reader =>
  createReader({ ...clientOptions(saleor), transport: http, clock: systemClock, signal });

/**
 * A client of an anonymous shopper: it sends no token and no mutation. Throws a Failure (usage, origin_not_allowed), also for a further header that would name a caller.
 */
export function openShopper(saleor: SaleorConnection, http: Http): Reader {
  const { api_url: apiUrl } = targetOf(saleor);
  const { headers, parallel } = saleor;
  const names = Object.keys(headers);
  const named = names.find((name) => /^authorization/i.test(name));
  if (named !== undefined)
    throw new Failure('usage', `--header-env ${named}: a shopper has no token`, 'Leave this header out.');
  // Additional headers may contain a secret for a proxy.
  const side = names.length > 0 ? 'saleor' : null;
  assertOrigin(saleor.apiUrl ?? apiUrl, side, saleor.isApiUrlFromConfig, saleor);
  return createReader({ apiUrl, token: null, headers, parallel, transport: http, clock: systemClock });
}

/** The same errors as openReader. */
export const openWriter = (saleor: SaleorConnection, http: Http): Writer =>
  createWriter({ ...clientOptions(saleor), transport: http, clock: systemClock });

function clientOptions(saleor: SaleorConnection) {
  const { api_url } = targetOf(saleor);
  assertOrigin(saleor.apiUrl ?? api_url, 'saleor', saleor.isApiUrlFromConfig, saleor);
  const { token, headers, parallel } = saleor;
  if (token === undefined || token === '') {
    throw new Failure(
      'token_invalid',
      token === '' ? 'SALEOR_TOKEN is empty' : 'SALEOR_TOKEN is not set',
      'Set it, or set SALEOR_TOKEN_FILE to the path of a file. It must be the token of an app with MANAGE_PRODUCTS and MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES (and MANAGE_TRANSLATIONS for labels).',
    );
  }
  return { apiUrl: api_url, token, headers, parallel };
}

/** Throws a Failure (origin_not_allowed) where this side's token may not be sent to an address; `side` null: without a token. */
export const assertOrigin = (
  url: string,
  side: Side | null,
  fromConfig: boolean,
  { allowHttp, allowedOrigins }: OriginRules,
): void => void allowOrigin(url, { side, fromConfig, allowHttp }, allowedOrigins);
