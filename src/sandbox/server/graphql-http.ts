import { gzipSync } from 'node:zlib';
import { isRecord } from '../../core/json/records.ts';
import type { Context } from '../graphql/context.ts';
import { type ExecutedRequest, errorEntry, executeRequest, type GraphQLRequest } from '../graphql/execute.ts';
import type { Variables } from '../graphql/query-cost.ts';
import type { Limits } from '../graphql/query-limits.ts';

export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HTML = 'text/html; charset=utf-8';

const htmlPage = (title: string, text: string): string =>
  `\n<!doctype html>\n<html lang="en">\n<head>\n  <title>${title}</title>\n</head>\n<body>\n  <h1>${text}</p>\n</body>\n</html>\n`;

const notFound: HttpReply = {
  status: 404,
  headers: { 'content-type': HTML },
  body: htmlPage('Not Found', 'Not Found</h1><p>The requested resource was not found on this server.'),
};

const serverError: HttpReply = {
  status: 500,
  headers: { 'content-type': HTML },
  body: htmlPage('Server Error (500)', 'Server Error (500)</h1><p>'),
};

/** Saleor answers with its GraphQL playground. The sandbox does not copy that page. */
const playground: HttpReply = {
  status: 200,
  headers: { 'content-type': HTML },
  body: '<!DOCTYPE html>\n<html><head><title>Sandbox: send GraphQL by POST</title></head><body></body></html>\n',
};

export const jsonReply = (status: number, data: unknown): HttpReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(data),
});

const errorReply = (status: number, message: string): HttpReply =>
  jsonReply(status, { errors: [errorEntry(message)] });

const header = (request: IncomingRequest, name: string): string => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** Reads the token after `Bearer` or `JWT` in Authorization, or from Authorization-Bearer (recording 10-auth-failures). Empty: none. */
export function tokenOf(request: IncomingRequest): string {
  const own = header(request, 'authorization-bearer');
  if (own) return own;
  const [scheme = '', token = ''] = header(request, 'authorization').split(' ');
  return /^(bearer|jwt)$/i.test(scheme) ? token : '';
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function parseJson(text: string): unknown {
  return JSON.parse(text, (key: string, value: unknown) => {
    if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value)))
      throw new SyntaxError('lone surrogate');
    return value;
  });
}

/** Parses a body as Django's view does. Null: cannot be parsed. */
function parseBody(request: IncomingRequest): unknown {
  const type = header(request, 'content-type').split(';')[0]?.trim().toLowerCase();
  const text = request.body.toString('utf8');
  if (type === 'application/graphql') return { query: text };
  if (type !== 'application/json') return {};
  try {
    const data = parseJson(text);
    return typeof data === 'object' ? data : null;
  } catch {
    return null;
  }
}

/** Ignores variables that are not an object, as Saleor does (docs/saleor.md#http-statuses). */
function toOperation(data: unknown): GraphQLRequest {
  const { query, variables, operationName } = isRecord(data) ? data : ({} as Record<string, unknown>);
  return {
    query: typeof query === 'string' ? query : '',
    variables: isRecord(variables) ? (variables as Variables) : {},
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : null,
  };
}

/** The operations of a request, or the reply that ends it before any of them. */
export type ParsedRequest =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | {
      readonly kind: 'operations';
      readonly operations: readonly GraphQLRequest[];
      readonly isBatch: boolean;
    };

const asReply = (value: HttpReply): ParsedRequest => ({ kind: 'reply', reply: value });

/** Reads a request as Django and graphene do: path, method, size, JSON, batch. Never throws. */
export function readRequest(request: IncomingRequest, limits: Limits): ParsedRequest {
  if (request.path.split('?')[0] !== '/graphql/') return asReply(notFound);
  if (request.method === 'GET') return asReply(playground);
  if (request.method === 'OPTIONS') return asReply({ status: 400, headers: { vary: 'Origin' }, body: '' });
  if (request.method !== 'POST')
    return asReply({ status: 405, headers: { 'content-type': HTML, allow: 'GET, OPTIONS, POST' }, body: '' });
  if (request.body.length > limits.bodyBytes)
    return asReply(errorReply(413, 'Request body exceeds maximum size.'));
  const data = parseBody(request);
  if (data === null) return asReply(errorReply(400, 'Unable to parse query.'));
  if (!Array.isArray(data)) return { kind: 'operations', operations: [toOperation(data)], isBatch: false };
  if (data.length > limits.batch) return asReply(errorReply(400, 'Number of batch queries exceeded.'));
  return { kind: 'operations', operations: data.map(toOperation), isBatch: true };
}

const STOREFRONT_BLOCKED = {
  errors: [
    { message: 'Storefront traffic is not allowed.', extensions: { code: 'STOREFRONT_TRAFFIC_NOT_ALLOWED' } },
  ],
};

async function executeOne(
  request: GraphQLRequest,
  context: Context,
  limits: Limits,
): Promise<ExecutedRequest> {
  if (!context.store.shop.allowStorefrontTraffic && context.caller.kind === 'anonymous')
    return { status: 401, json: STOREFRONT_BLOCKED, isExecuted: false };
  return executeRequest(request, context, limits);
}

/** Executes a request's operations one after the other. One crash makes the whole reply an HTML page with status 500. */
export async function executeOperations(
  incoming: Extract<ParsedRequest, { kind: 'operations' }>,
  context: Context,
  limits: Limits,
): Promise<{ readonly reply: HttpReply; readonly answers: readonly ExecutedRequest[] }> {
  const answers: ExecutedRequest[] = [];
  for (const operation of incoming.operations) answers.push(await executeOne(operation, context, limits));
  if (answers.some((a) => a.json === null)) return { reply: serverError, answers };
  const status = Math.max(200, ...answers.map((a) => a.status));
  const bodies = answers.map((a) => a.json);
  return { reply: jsonReply(status, incoming.isBatch ? bodies : bodies[0]), answers };
}

/** Compresses bodies above 500 bytes if the client accepts gzip (recording 15-gzip-header). */
export function encodeReply(
  value: HttpReply,
  request: IncomingRequest,
): { headers: Record<string, string>; body: Buffer } {
  const plain = Buffer.from(value.body, 'utf8');
  const isZipped = plain.length > 500 && /\bgzip\b/.test(header(request, 'accept-encoding'));
  const body = isZipped ? gzipSync(plain) : plain;
  const headers: Record<string, string> = { ...value.headers, 'content-length': String(body.length) };
  if (isZipped) headers['content-encoding'] = 'gzip';
  return { headers, body };
}
