import { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import { looksLikeHtml, parseUntrusted } from '../core/json/untrusted-json.ts';
import { parseWebAddress, withoutCredentials } from '../core/web-address.ts';

/** Sends one reading request; structurally a part of the system's Http, with its time-outs, retries, limits and no redirects. */
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
  /** Configured headers; their values may be secrets and stand in no message. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The first read of a site makes its image renditions (docs/wagtail.md#renditions). */
const TIMEOUT_MS = 120_000;
const MAX_BYTES = 200_000_000;

/** Compact JSON is a third to a half of the bytes (docs/wagtail.md#answer-size); caches in front of a site may be stale (#caching). */
const ASKED = { Accept: 'application/json; indent=0', 'Cache-Control': 'no-cache' };

/** One GET; whatever its status. Throws a Failure for an unusable address and what the sender cannot do. */
export function sendGet(sender: Sender, { url, headers }: Request): Promise<SiteReply> {
  return sender.send({
    method: 'GET',
    url,
    headers: { ...ASKED, ...headers },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    isRepeatable: true,
  });
}

/** An http(s) address that holds no credentials of its own. Throws usage. */
export function parseSiteAddress(text: string, what: string): URL {
  const url = parseWebAddress(text);
  if (url === null) {
    throw new Failure(
      'usage',
      // Not shown: what is no address may hold a password.
      `${what} is no http(s) address`,
      'Give it whole, e.g. https://cms.example.com/api/v2/',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure(
      'usage',
      `${what} holds a user name or password`,
      'Give credentials as a header: WAGTAIL_TOKEN or --header-env.',
    );
  }
  return url;
}

/** The JSON object of an answer with status 200. Throws a Failure that says what to do, for every other answer. */
export function objectOf(reply: SiteReply, url: string): JsonObject {
  if (reply.status !== 200) throw refusal(reply, url);
  const where = withoutCredentials(url);
  if (looksLikeHtml(reply.text)) {
    throw new Failure(
      'answer_invalid',
      `${where} answered with an HTML page instead of JSON`,
      'Is it a login page, or the address of a page instead of the API?',
    );
  }
  const value = parseUntrusted(reply.text, `The answer of ${where}`);
  if (isRecord(value)) return value;
  throw new Failure('answer_invalid', `${where} answered with JSON that is no object`);
}

/** What the site itself says is wrong (docs/wagtail.md#error-answers): v2 errors are {message} or {detail}, v3's {detail}; null for HTML. */
export function errorMessageIn({ text }: SiteReply): string | null {
  if (looksLikeHtml(text) || text.length > 10_000) return null;
  try {
    const { message, detail } = JSON.parse(text) as { message?: unknown; detail?: unknown };
    return typeof message === 'string' ? message : typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}

/** The Failure for an answer that is no 200. */
export function refusal(reply: SiteReply, url: string): Failure {
  const where = withoutCredentials(url);
  const words = errorMessageIn(reply);
  const said = words === null ? `${reply.status}` : `${reply.status}: ${words}`;
  switch (reply.status) {
    case 401:
      return new Failure(
        'token_invalid',
        `${where} wants other credentials (${said})`,
        `Set WAGTAIL_TOKEN with its scheme; the site asks for ${reply.headers['www-authenticate'] ?? 'one it does not name'}. Django REST framework's word is "Token", not "Bearer".`,
      );
    case 403:
      return new Failure(
        'permission_missing',
        `${where} refuses these credentials (${said})`,
        'Check the token or password and what its user may read.',
      );
    case 404:
      return new Failure(
        'answer_invalid',
        `${where} is not there (${said})`,
        words === null
          ? 'Check the base URL and the endpoint names: an API v2 has no page at its root.'
          : 'Check the locale and the site.',
      );
    case 429:
      return new Failure(
        'unreachable',
        `${where} is throttled (${said})`,
        `Try again ${reply.headers['retry-after'] === undefined ? 'later' : `in ${reply.headers['retry-after']} s`}, or raise the site's limit for this token.`,
      );
    default:
      return otherRefusal(reply, where, said);
  }
}

function otherRefusal({ status, headers }: SiteReply, where: string, said: string): Failure {
  if (status >= 300 && status < 400) {
    return new Failure(
      'redirect_refused',
      `${where} redirects (${status}) to ${headers['location'] ?? 'somewhere else'}; credentials are not sent on`,
      'Give the final address, with its trailing slash.',
    );
  }
  if (status >= 500) {
    return new Failure(
      'unreachable',
      `${where} failed (${said})`,
      "Look at the site's log. Wagtail 7 also answers so for an unknown site= (host[:port]).",
    );
  }
  return new Failure('answer_invalid', `${where} refused the request (${said})`);
}
