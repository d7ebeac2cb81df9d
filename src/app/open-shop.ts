import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { oddSpelling, withoutCredentials } from '../core/web-address.ts';
import { createHttp, type Http } from '../platform/http/client.ts';
import { allowOrigin } from '../platform/http/origin-policy.ts';
import { systemClock } from '../platform/system-clock.ts';
import { createReader, createWriter, type Reader, type Writer } from '../saleor/graphql/client.ts';
import type { OriginRules, SaleorConnection } from './options.ts';
import type { Notes, SecretGuard } from './ports.ts';
import { redactHttp } from './redact-replies.ts';

/** `secrets`: are taken out of what servers say, for callers that keep it. */
export function openHttp(notes: Pick<Notes, 'trace'>, secrets?: Pick<SecretGuard, 'redact'>): Http {
  const http = createHttp({ clock: systemClock, random: Math.random, trace: notes.trace });
  return secrets === undefined ? http : redactHttp(http, secrets);
}

/** The target's address, normalised: what plans store and apply compares. Throws a Failure (usage). */
export function targetOf({ apiUrl, isApiUrlFromConfig, targetName, channel }: SaleorConnection): Target {
  if (apiUrl === undefined) {
    throw new Failure(
      'usage',
      'no shop is named',
      'Set SALEOR_API_URL (e.g. https://shop.example.com/graphql/), or saleor_api_url in the config.',
    );
  }
  // The text is not shown: it may hold a password.
  if (!URL.canParse(apiUrl) || !/^https?:$/.test(new URL(apiUrl).protocol))
    throw new Failure(
      'usage',
      `${isApiUrlFromConfig ? 'saleor_api_url in the config' : 'SALEOR_API_URL'} is no http(s) address`,
      'It looks like https://shop.example.com/graphql/.',
    );
  const odd = oddSpelling(new URL(apiUrl));
  if (odd !== null)
    throw new Failure(
      'usage',
      `${withoutCredentials(apiUrl)} is not the usual spelling of an address: ${odd}`,
      'Write it as https://shop.example.com/graphql/. Policy, lock and archive are chosen by the address, so it has one spelling.',
    );
  return {
    name: targetName,
    api_url: withoutCredentials(apiUrl),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** A client that cannot send a mutation: for everything but apply. Throws a Failure (usage, origin_not_allowed, token_invalid). */
export const openReader = (saleor: SaleorConnection, http: Http): Reader =>
  createReader(clientOptions(saleor, http));

/** The same errors as openReader. */
export const openWriter = (saleor: SaleorConnection, http: Http): Writer =>
  createWriter(clientOptions(saleor, http));

function clientOptions(saleor: SaleorConnection, http: Http) {
  const { api_url } = targetOf(saleor);
  assertOrigin(saleor.apiUrl ?? api_url, saleor.isApiUrlFromConfig, saleor);
  const { token, headers, parallel } = saleor;
  if (token === undefined || token === '') {
    throw new Failure(
      'token_invalid',
      token === '' ? 'SALEOR_TOKEN is empty' : 'SALEOR_TOKEN is not set',
      'Give it, or the path of a file with it as SALEOR_TOKEN_FILE: an app token with MANAGE_PRODUCTS and MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES (and MANAGE_TRANSLATIONS for labels).',
    );
  }
  return { transport: http, clock: systemClock, apiUrl: api_url, token, headers, parallel };
}

/** Throws a Failure (origin_not_allowed) where a token may not be sent to this address. */
export const assertOrigin = (url: string, fromConfig: boolean, rules: OriginRules): void =>
  void allowOrigin(
    url,
    { fromConfig, allowHttp: rules.allowHttp },
    { SAILPLAN_ALLOWED_ORIGINS: rules.allowedOrigins },
  );
