import { Failure, type FailureCode } from '../../core/failure.ts';
import { isRecord } from '../../core/json/records.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { unmetRetryAfter } from '../../core/retry-policy.ts';

/** Result of a transport. The reply of platform/http has the same shape. */
export interface TransportReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly retries: number;
}

/** A top-level GraphQL error (docs/saleor.md#error-shapes). */
export interface ShopError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** Name of the exception, e.g. PermissionDenied. */
  readonly code: string;
}

/**
 * Whether an answer can contain GraphQL data, by status and content type; null if it can, otherwise a Failure with Saleor's
 * own message (docs/saleor.md#http-statuses, #authentication, #request-limits).
 */
export function classifyResponse(url: string, reply: TransportReply): Failure | null {
  const { status } = reply;
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(reply.headers['content-type'] ?? '');
  // A good answer may be long; only the reader of its data parses it.
  const errors = isJson && status !== 200 ? errorsIn(reply.text) : [];
  const fail = (code: FailureCode, what: string, hint = '') => new Failure(code, `${url}: ${what}`, hint);

  if (status === 401) return fail('token_invalid', unauthorized(errors), TOKEN_HINT);
  if (status === 403) {
    const said = errors.length === 0 ? '' : `: ${errorText(errors)}`;
    return fail('access_refused', `access is refused (403)${said}`, REFUSED_HINT);
  }
  if (status === 404) return fail('answer_invalid', 'not found (404)', addressHint(url));
  if (status === 413) return fail('limit_exceeded', 'the request is too large (413)');
  if (status === 429) {
    return fail('limit_exceeded', `too many requests (429)${times(reply)}`, 'Wait, or lower --parallel.');
  }
  if (status >= 500) return fail('shop_error', `the server failed (${status})${times(reply)}`, 'Try again.');
  if (status >= 400 && errors.length > 0) {
    return fail(LIMITS.test(errors[0]?.message ?? '') ? 'limit_exceeded' : 'shop_error', errorText(errors));
  }
  if (status !== 200) return fail('answer_invalid', `answers with status ${status}`, addressHint(url));
  if (!isJson) {
    const type = reply.headers['content-type'] ?? 'no content type';
    return fail('answer_invalid', `answers with ${type.split(';')[0]} instead of JSON`, addressHint(url));
  }
  return null;
}

const TOKEN_HINT =
  'Check SALEOR_TOKEN: an app token has 30 characters, and its app must be active (Dashboard, Extensions).';

/** docs/saleor.md#http-statuses */
const REFUSED_HINT =
  'Saleor itself does not answer 403, so a proxy or firewall in front of it does. Let this machine through, or send the header that it needs: --header-env saleor:NAME=VAR.';

/** Messages of Saleor's limits (docs/saleor.md#request-limits): nothing was executed. */
const LIMITS = /^(Number of (mutations|aliases|batch queries) exceed|The query exceeds the maximum cost)/;

const MUTATIONS = /^Number of mutations exceed the limit of (\d+)$/;

/** Number of mutations that the server accepts in one request, if the reply says that there were too many; otherwise null. */
export function mutationLimit(reply: { readonly status: number; readonly text: string }): number | null {
  if (reply.status !== 400) return null;
  const found = errorsIn(reply.text).map(({ message }) => MUTATIONS.exec(message)?.[1]);
  const limit = found.find((each) => each !== undefined);
  return limit === undefined ? null : Number(limit);
}

/** How often it was sent, and the wait that the server requested if that was longer than sailplan waits. */
function times({ retries, headers }: TransportReply): string {
  const asked = unmetRetryAfter(headers['retry-after']);
  const count = retries === 0 ? '' : `, ${retries + 1} times`;
  return asked === '' ? count : `${count}; it asks to wait ${asked}`;
}

const unauthorized = (errors: readonly ShopError[]): string =>
  errors[0]?.code === 'STOREFRONT_TRAFFIC_NOT_ALLOWED'
    ? 'the token is not accepted (401), and this shop requires a token'
    : 'the token is not accepted (401)';

function addressHint(url: string): string {
  const { origin, pathname } = new URL(url);
  const right = pathname.endsWith('/graphql') ? `${origin}${pathname}/` : `${origin}/graphql/`;
  return right === url
    ? 'Check the address: it may be that of another server or a proxy.'
    : `The address of Saleor's API ends in /graphql/ with the slash: ${right}`;
}

/** Characters of an answer with errors, of which only the first is shown. */
const MOST_CHARACTERS = 1_000_000;

/** The top-level errors of an answer, whatever their shape; [] if it cannot be parsed. */
export function errorsIn(text: string): readonly ShopError[] {
  const document = text.length > MOST_CHARACTERS ? undefined : parseJsonOrNothing(text);
  const errors = isRecord(document) ? document['errors'] : undefined;
  return Array.isArray(errors) ? errors.map(shopError) : [];
}

interface SentError {
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: { readonly code?: unknown; readonly exception?: { readonly code?: unknown } };
}

/** A list or an object may be nested deeper than can be printed. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' ? 'not a text' : String(value);

export function shopError(error: unknown): ShopError {
  const { message, path, extensions } = (error ?? {}) as SentError;
  const code = extensions?.exception?.code ?? extensions?.code ?? '';
  return {
    message: message === undefined || message === null ? 'no message' : textOf(message),
    path: Array.isArray(path) ? path.filter((part) => ['string', 'number'].includes(typeof part)) : [],
    code: textOf(code),
  };
}

/** A crash inside a resolver: HTTP 200, this exact message, the exception's name as code. */
export const isCrash = ({ message }: ShopError): boolean => message === 'Internal Server Error';

const EXPIRED = new Set([
  'ExpiredSignatureError',
  'InvalidSignatureError',
  'DecodeError',
  'InvalidTokenError',
]);

/** The Failure for errors inside an answer. Any error is fatal for a read: the data beside it is not complete. */
export function failureOf(url: string, errors: readonly ShopError[]): Failure {
  const [first] = errors;
  if (first === undefined) throw new TypeError('no error');
  if (EXPIRED.has(first.code)) {
    return new Failure(
      'token_invalid',
      `${url}: the token is not accepted: ${errorText(errors)}`,
      TOKEN_HINT,
    );
  }
  if (first.code === 'PermissionDenied') {
    // A wrong, revoked or inactive token makes an anonymous caller, never a 401 (docs/saleor.md#authentication).
    const isAnonymous = errors.some(
      ({ path, message }) => path[0] === 'app' || message.includes('AUTHENTICATED_APP'),
    );
    return isAnonymous
      ? new Failure(
          'token_invalid',
          `${url}: the token is not accepted: wrong, revoked, or of an inactive app`,
          TOKEN_HINT,
        )
      : new Failure(
          'permission_missing',
          `${url}: ${errorText(errors)}`,
          'Give the app that permission (Dashboard, Extensions).',
        );
  }
  if (isCrash(first)) {
    const where = `${first.path.join('.')} (${first.code})`;
    return new Failure('shop_error', `${url}: Saleor crashed in ${where}`, 'See Saleor’s log.');
  }
  return new Failure('shop_error', `${url}: ${errorText(errors)}`);
}

/** The first line of the first error, with its path. Complete messages quote the request. */
export function errorText(errors: readonly ShopError[]): string {
  const [first] = errors;
  if (first === undefined) return 'no reason given';
  const line = first.message.split('\n', 1)[0] ?? '';
  const start = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  const place = first.path.length === 0 ? '' : ` (${first.path.join('.')})`;
  return `${start}${place}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`;
}
