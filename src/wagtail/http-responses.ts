import { Failure } from '../core/failure.ts';
import { MOST_ANSWER_PARTS } from '../core/json/json-bounds.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import { looksLikeHtml, parseUntrusted } from '../core/json/untrusted-json.ts';
import { parseWebAddress, withoutCredentials } from '../core/web-address.ts';

/** Sends one GET. The Http of platform/http has this shape, with time-outs, retries, limits and no redirects. */
export interface Sender {
  send(request: {
    readonly method: 'GET';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly maxBytes: number;
    readonly isRepeatable: boolean;
  }): Promise<SiteReply>;
}

export interface SiteReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Request {
  readonly url: string;
  /** Configured headers; their values may be secrets, and no message shows them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The first read of a site makes its image renditions (docs/wagtail.md#renditions). */
const TIMEOUT_MS = 120_000;
/** Of an export; a list comes in pages. */
export const MAX_EXPORT_BYTES = 200_000_000;
const MAX_BYTES = 64_000_000;

/** Compact JSON is a third to a half of the bytes (docs/wagtail.md#answer-size); caches in front of a site may be stale (#caching). */
const DEFAULT_HEADERS = { Accept: 'application/json; indent=0', 'Cache-Control': 'no-cache' };

/** Sends a GET; any status is a reply. Throws the Failures of the sender. */
export function sendGet(sender: Sender, { url, headers }: Request, maxBytes = MAX_BYTES): Promise<SiteReply> {
  return sender.send({
    method: 'GET',
    url,
    headers: { ...DEFAULT_HEADERS, ...headers },
    timeoutMs: TIMEOUT_MS,
    maxBytes,
    isRepeatable: true,
  });
}

/** An http(s) address without credentials. Throws a Failure (usage). */
export function parseSiteAddress(text: string, what: string): URL {
  const url = parseWebAddress(text);
  if (url === null) {
    throw new Failure(
      'usage',
      // The text is not shown, because it may contain a password.
      `${what} is not an http(s) address`,
      'Give the full address, for example https://cms.example.com/api/v2/',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure(
      'usage',
      `${what} contains a user name or password`,
      'Give credentials as a header: WAGTAIL_TOKEN or --header-env.',
    );
  }
  return url;
}

/** The JSON object of an answer with status 200; the texts of its `items` are for the caller to check. Throws a Failure for any other answer. */
export function objectOf(reply: SiteReply, url: string): JsonObject {
  if (reply.status !== 200) throw refusal(reply, url);
  const where = withoutCredentials(url);
  if (looksLikeHtml(reply.text)) {
    throw new Failure(
      'answer_invalid',
      `${where} answered with an HTML page instead of JSON`,
      'Check the address: it may be a login page or a normal page instead of the API.',
    );
  }
  const value = parseUntrusted(reply.text, `The answer of ${where}`, ['items'], MOST_ANSWER_PARTS);
  if (isRecord(value)) return value;
  throw new Failure('answer_invalid', `${where} answered with JSON that is not an object`);
}

/** The site's own message (docs/wagtail.md#error-answers): v2 errors are {message} or {detail}, v3's {detail}; null for HTML. */
export function errorMessageIn({ text }: SiteReply): string | null {
  if (looksLikeHtml(text) || text.length > 10_000) return null;
  try {
    const { message, detail } = JSON.parse(text) as { message?: unknown; detail?: unknown };
    return typeof message === 'string' ? message : typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}

/** The Failure for an answer whose status is not 200. */
export function refusal(reply: SiteReply, url: string): Failure {
  const where = withoutCredentials(url);
  const message = errorMessageIn(reply);
  const status = message === null ? `${reply.status}` : `${reply.status}: ${message}`;
  switch (reply.status) {
    case 401:
      return new Failure(
        'token_invalid',
        `${where} requires other credentials (${status})`,
        `Set WAGTAIL_TOKEN with its scheme; the site expects ${reply.headers['www-authenticate'] ?? 'one it does not name'}. Django REST framework uses "Token", not "Bearer".`,
      );
    case 403:
      return new Failure(
        'permission_missing',
        `${where} refuses these credentials (${status})`,
        'Check the token or password and the read permissions of its user.',
      );
    case 404:
      return new Failure(
        'answer_invalid',
        `${where} was not found (${status})`,
        message === null
          ? where.includes('/api/')
            ? 'Check the base URL and the endpoint names: an API v2 has no page at its root.'
            : 'Give the address at which the Wagtail project serves the export (urls.py), or its API v2 (…/api/v2/).'
          : 'Check the locale and the site.',
      );
    case 429:
      return new Failure(
        'unreachable',
        `${where} is throttled (${status})`,
        `Try again ${reply.headers['retry-after'] === undefined ? 'later' : `in ${reply.headers['retry-after']} s`}, or raise the site's limit for this token.`,
      );
    default:
      return otherRefusal(reply, where, status);
  }
}

function otherRefusal({ status: code, headers }: SiteReply, where: string, status: string): Failure {
  if (code >= 300 && code < 400) {
    return new Failure(
      'redirect_refused',
      `${where} redirects (${code}) to ${headers['location'] ?? 'somewhere else'}; credentials are not sent there`,
      'Give the final address, with its trailing slash.',
    );
  }
  if (code >= 500) {
    return new Failure(
      'unreachable',
      `${where} failed (${status})`,
      'Check the site’s log. Wagtail 7 also gives this answer for an unknown site= (host[:port]).',
    );
  }
  return new Failure('answer_invalid', `${where} refused the request (${status})`);
}
