import { GraphQLClient } from 'graphql-request';
import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { MOST_ANSWER_PARTS } from '../../core/json/json-bounds.ts';
import { isRecord } from '../../core/json/records.ts';
import { parseJsonOr } from '../../core/json/untrusted-json.ts';
import type { RetryBudget } from '../../core/retry-policy.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import { createLimiter } from './adaptive-limiter.ts';
import type { Composed } from './batch-operations.ts';
import { classifyResponse, type ShopError, shopError, type TransportReply } from './response-errors.ts';

/** Sends one HTTP request. The Http of platform/http is one. */
export interface Transport {
  send(request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
    readonly maxBytes: number;
    readonly isRepeatable: boolean;
    readonly budget?: RetryBudget;
    readonly signal?: AbortSignal | undefined;
  }): Promise<TransportReply>;
}

export interface ClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly apiUrl: string;
  /** null: an anonymous caller, as a shopper is. */
  readonly token: string | null;
  /** Further headers, for a proxy in front of the shop. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests in flight (4). */
  readonly parallel?: number;
  /** For a complete answer (30 s). */
  readonly timeoutMs?: number;
  /** Gives up what is in flight, and sends nothing more. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of one request. */
export type GraphQLResult =
  | {
      readonly kind: 'answered';
      readonly data: Readonly<Record<string, unknown>>;
      readonly errors: readonly ShopError[];
    }
  /** No data at all; `reply` is null when none came. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly reply: TransportReply | null };

/** How often a document may be sent: `isRepeatable` by the transport; `budget`, where the caller sends it again, too. */
export interface Sending {
  readonly isRepeatable: boolean;
  readonly budget?: RetryBudget;
}

/** Sends one document. Never throws a Failure. */
export type SendDocument = (request: Composed, sending: Sending) => Promise<GraphQLResult>;

const MAX_BYTES = 64 * 1024 * 1024;

/** Throws a Failure (token_invalid) for a header that cannot be sent. */
export function createSendDocument(options: ClientOptions): SendDocument {
  const { transport, clock, apiUrl, token, signal, timeoutMs = 30_000 } = options;
  const limiter = createLimiter(options.parallel ?? 4, clock);
  const url = withoutCredentials(apiUrl);
  const headers = { ...options.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  assertHeaders(url, headers);

  return async ({ document, variables }, sending) => {
    let reply: TransportReply | null = null;
    const client = new GraphQLClient(apiUrl, {
      errorPolicy: 'all',
      headers,
      // It would parse each document for the name, which takes longer than the rest of a small request.
      excludeOperationName: true,
      jsonSerializer: {
        parse: (text) => parseAnswer(url, text),
        stringify: (body) => JSON.stringify({ ...body, operationName: operationName(document) }),
      },
      fetch: async (_target, init) => {
        const request = {
          method: 'POST' as const,
          url: apiUrl,
          headers: Object.fromEntries(new Headers(init?.headers)),
          body: String(init?.body),
          timeoutMs,
          maxBytes: MAX_BYTES,
          signal,
          ...sending,
        };
        reply = await limiter(() => transport.send(request), isStrained(sending));
        const failure = classifyResponse(url, reply);
        if (failure !== null) throw failure;
        return new Response(reply.text, { headers: { 'content-type': 'application/json' } });
      },
    });
    try {
      const { data, errors } = await client.rawRequest<object | null>(document, variables);
      return { kind: 'answered', data: { ...data }, errors: (errors ?? []).map(shopError) };
    } catch (error) {
      // graphql-request's own error, whose message contains the whole request, cannot occur here: classifyResponse throws
      // first.
      if (error instanceof Failure) return { kind: 'failed', failure: error, reply };
      throw error;
    }
  };
}

/** Documents of this project begin with `query Name` or `mutation Name`. */
const operationName = (document: string): string | undefined => /^\w+ (\w+)/.exec(document)?.[1];

/** fetch would refuse them too, in a message that contains the token. */
function assertHeaders(url: string, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) continue;
    const hint = 'Check it for a line break or a quotation mark.';
    throw new Failure(
      'token_invalid',
      `${url}: the header ${name} would be empty or contain a character that is not allowed`,
      hint,
    );
  }
}

/** Retries of a document that its caller sends again are not related to this answer. */
const isStrained =
  ({ isRepeatable }: Sending) =>
  ({ status, retries }: TransportReply): boolean =>
    status === 429 || status >= 500 || (isRepeatable && retries > 0);

/** The JSON of an answer. Throws a Failure (answer_invalid) unless it has the shape of a GraphQL answer. */
function parseAnswer(url: string, text: string): object {
  const document: unknown = parseJsonOr(
    text,
    (reason) => new Failure('answer_invalid', `${url}: the answer cannot be read as JSON: ${reason}`),
    MOST_ANSWER_PARTS,
  );
  const { data, errors } = (document ?? {}) as { data?: unknown; errors?: unknown };
  const hasErrors = Array.isArray(errors) && errors.length > 0;
  const isMalformed = errors !== undefined && errors !== null && !Array.isArray(errors);
  if ((!isRecord(data) && !hasErrors) || isMalformed)
    throw new Failure('answer_invalid', `${url}: the answer is JSON, but not a GraphQL response`);
  return { data: isRecord(data) ? data : null, ...(hasErrors ? { errors } : {}) };
}
