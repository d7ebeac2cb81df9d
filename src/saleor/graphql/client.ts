import { type DocumentNode, parse } from 'graphql';
import { Failure } from '../../core/failure.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import type { Operation } from '../generated/operations.ts';
import {
  batchOperations,
  type Call,
  type Composed,
  type Fragments,
  type RootsOf,
  singleOperation,
} from './batch-operations.ts';
import { failureOf } from './response-errors.ts';
import {
  type ClientOptions,
  createSendDocument,
  type GraphQLResult,
  type SendDocument,
  type Sending,
} from './send-document.ts';

/** Reads. Throws a Failure unless the answer is complete: with any error beside the data it is not. */
export interface Reader {
  /** As it may be shown. */
  readonly url: string;
  query<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    fragments?: Fragments,
  ): Promise<Result>;
  /** Several queries in one request, each with one root field. */
  queries<const Calls extends readonly Call[]>(calls: Calls, fragments?: Fragments): Promise<RootsOf<Calls>>;
}

export interface Writer extends Reader {
  /** One request, sent once unless `sending` allows more; results under m0, m1, …. Never throws a Failure. */
  mutate(calls: readonly Call[], sending?: Sending): Promise<GraphQLResult>;
}

/** A client that cannot send a mutation: it checks each document before it is sent. */
export function createReader(options: ClientOptions): Reader {
  return readerOver(createSendDocument(options), withoutCredentials(options.apiUrl));
}

/** A client that can send mutations, for apply. */
export function createWriter(options: ClientOptions): Writer {
  const send = createSendDocument(options);
  return {
    ...readerOver(send, withoutCredentials(options.apiUrl)),
    mutate: (calls, sending = { isRepeatable: false }) => send(batchOperations(calls), sending),
  };
}

function readerOver(send: SendDocument, url: string): Reader {
  async function read(request: Composed): Promise<Readonly<Record<string, unknown>>> {
    const document = parse(request.document, { noLocation: true });
    assertQuery(document);
    const result = await send(request, { isRepeatable: true });
    if (result.kind === 'failed') throw result.failure;
    if (result.errors.length > 0) throw failureOf(url, result.errors);
    const missing = missingRootField(document, result.data);
    if (missing !== null) throw new Failure('answer_invalid', `${url}: the answer lacks ${missing}`);
    return result.data;
  }
  // The casts: generated types follow the schema, and the reader of a field checks that it arrived.
  return {
    url,
    query: async <Result, Variables>(
      operation: Operation<Result, Variables>,
      variables: Variables,
      fragments?: Fragments,
    ) => (await read(singleOperation({ operation, variables }, fragments))) as Result,
    queries: async <const Calls extends readonly Call[]>(calls: Calls, fragments?: Fragments) => {
      const data = calls.length === 0 ? {} : await read(batchOperations(calls, fragments));
      return calls.map((_, index) => data[`m${index}`]) as RootsOf<Calls>;
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

/**
 * The first root field of a query that the answer lacks, or that is neither object nor list; null: none. A null is an
 * answer. What is inside is checked where it is read, where the place has a better name.
 */
export function missingRootField(
  query: DocumentNode,
  data: Readonly<Record<string, unknown>>,
): string | null {
  for (const definition of query.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind !== 'Field') continue;
      const name = selection.alias?.value ?? selection.name.value;
      if (!Object.hasOwn(data, name) || typeof data[name] !== 'object') return name;
    }
  }
  return null;
}
