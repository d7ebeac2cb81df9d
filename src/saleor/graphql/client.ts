import { type DocumentNode, parse } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import type { Operation } from '../generated/operations.ts';
import { createLimiter } from './adaptive-limiter.ts';
import {
  batchOperations,
  type Call,
  type Composed,
  type Fragments,
  type Root,
  singleOperation,
} from './batch-operations.ts';
import { lackingIn } from './response-completeness.ts';
import {
  classifyResponse,
  failureOf,
  type ShopError,
  shopError,
  type TransportReply,
} from './response-errors.ts';

/** What sends: structurally system's Http. */
export interface Transport {
  send(request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
    readonly maxBytes: number;
    readonly isRepeatable: boolean;
  }): Promise<TransportReply>;
}

export interface ClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly apiUrl: string;
  readonly token: string;
  /** Further headers, for a proxy in front of the shop. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests in flight (4). */
  readonly parallel?: number;
  /** For a whole answer (30 s). */
  readonly timeoutMs?: number;
}

/** Reads. Throws a Failure unless the answer is whole: any error beside data makes it worthless. */
export interface Reader {
  /** As it may be shown. */
  readonly url: string;
  query<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    fragments?: Fragments,
  ): Promise<Result>;
  /** Several queries in one request, each with one root field. */
  queries<Result, Variables>(
    calls: readonly Call<Result, Variables>[],
    fragments?: Fragments,
  ): Promise<readonly Root<Result>[]>;
}

/** What one request with mutations came to. */
export type MutationResult =
  | {
      readonly kind: 'answered';
      readonly data: Readonly<Record<string, unknown>>;
      readonly errors: readonly ShopError[];
    }
  /** No data at all; `reply` is null when none came. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly reply: TransportReply | null };

export interface Writer extends Reader {
  /** One request; results under m0, m1, …. Never throws a Failure. */
  mutate(calls: readonly Call[]): Promise<MutationResult>;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** A client that cannot send a mutation: it looks at each document before it is sent. */
export function createReader(options: ClientOptions): Reader {
  return readerOver(connect(options), addressOf(options.apiUrl));
}

/** A client for apply, which can. */
export function createWriter(options: ClientOptions): Writer {
  const connection = connect(options);
  return {
    ...readerOver(connection, addressOf(options.apiUrl)),
    mutate: (calls) => connection(batchOperations(calls), false),
  };
}

type Connection = (request: Composed, isRepeatable: boolean) => Promise<MutationResult>;

function readerOver(connection: Connection, url: string): Reader {
  async function read(request: Composed): Promise<Readonly<Record<string, unknown>>> {
    const asked = parse(request.document, { noLocation: true });
    assertQuery(asked);
    const sent = await connection(request, true);
    if (sent.kind === 'failed') throw sent.failure;
    if (sent.errors.length > 0) throw failureOf(url, sent.errors);
    const lacking = lackingIn(asked, sent.data);
    if (lacking !== null) throw new Failure('answer_invalid', `${url}: the answer lacks ${lacking}`);
    return sent.data;
  }
  return {
    url,
    query: async (operation, variables, fragments) =>
      (await read(singleOperation({ operation, variables }, fragments))) as never,
    queries: async (calls, fragments) => {
      if (calls.length === 0) return [];
      const data = await read(batchOperations(calls as readonly Call[], fragments));
      return calls.map((_, index) => data[`m${index}`]) as never;
    },
  };
}

function assertQuery(document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind === 'OperationDefinition' && definition.operation !== 'query') {
      throw new TypeError(`a reader sends no ${definition.operation}`);
    }
  }
}

function connect(options: ClientOptions): Connection {
  const { transport, clock, apiUrl, token, timeoutMs = 30_000 } = options;
  const limiter = createLimiter(options.parallel ?? 4, clock);
  const url = addressOf(apiUrl);
  const headers = { ...options.headers, authorization: `Bearer ${token}` };
  assertHeaders(url, headers);

  return async ({ document, variables }, isRepeatable) => {
    let reply: TransportReply | null = null;
    const client = new GraphQLClient(apiUrl, {
      errorPolicy: 'all',
      headers,
      jsonSerializer: { parse: (text) => documentOf(url, text), stringify: JSON.stringify },
      fetch: async (_target, init) => {
        const request = {
          method: 'POST' as const,
          url: apiUrl,
          headers: Object.fromEntries(new Headers(init?.headers)),
          body: String(init?.body),
          timeoutMs,
          maxBytes: MAX_BYTES,
          isRepeatable,
        };
        reply = await limiter(() => transport.send(request), isStrained);
        const failure = classifyResponse(url, reply);
        if (failure !== null) throw failure;
        return new Response(reply.text, { headers: { 'content-type': 'application/json' } });
      },
    });
    try {
      const { data, errors } = await client.rawRequest<object | null>(document, variables as object);
      return { kind: 'answered', data: { ...data }, errors: (errors ?? []).map(shopError) };
    } catch (error) {
      // graphql-request's own error would hold the whole request in its message; judge() leaves it no cause.
      if (error instanceof Failure) return { kind: 'failed', failure: error, reply };
      throw error;
    }
  };
}

/** fetch would refuse them too, in a message that holds the token. */
function assertHeaders(url: string, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) continue;
    const hint = 'Is there a line break or a quotation mark that the shell left in it?';
    throw new Failure(
      'token_invalid',
      `${url}: the header ${name} would be empty or hold a character no header can`,
      hint,
    );
  }
}

const isStrained = ({ status, retries }: TransportReply): boolean =>
  status === 429 || status >= 500 || retries > 0;

/** An answer's JSON, when it is GraphQL's. */
function documentOf(url: string, text: string): object {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Failure('answer_invalid', `${url}: the answer is not whole JSON`);
  }
  const { data, errors } = (document ?? {}) as { data?: unknown; errors?: unknown };
  const hasData = typeof data === 'object' && data !== null && !Array.isArray(data);
  const hasErrors = Array.isArray(errors) && errors.length > 0;
  const isStrange = errors !== undefined && errors !== null && !Array.isArray(errors);
  if ((!hasData && !hasErrors) || isStrange)
    throw new Failure('answer_invalid', `${url}: the answer is JSON, but not GraphQL's`);
  return { data: hasData ? data : null, ...(hasErrors ? { errors } : {}) };
}

/** Without user info, query and fragment. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
