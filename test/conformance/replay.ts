import { readFileSync } from 'node:fs';
import { pythonJson } from '../../src/sandbox/graphql/coerce-input.ts';
import type { Sandbox } from '../../src/sandbox/server/server.ts';
import { difference } from './json-difference.ts';

export interface Exchange {
  readonly note?: string | null;
  readonly as?: string;
  readonly request:
    | string
    | {
        readonly query?: string;
        readonly variables?: Record<string, unknown>;
        readonly method?: string;
        readonly path?: string;
        readonly headers?: Record<string, string | null>;
        readonly body?: unknown;
      };
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly response: unknown;
}

export function exchangesOf(recording: string): readonly Exchange[] {
  const url = new URL(`../recordings/saleor/${recording}.json`, import.meta.url);
  const data = JSON.parse(readFileSync(url, 'utf8'));
  return Array.isArray(data) ? data : [data];
}

const GARBAGE = 'no-app-has-this-token-at-all-x';

function authorization({ tokens }: Sandbox, { as = 'full', note }: Exchange): Record<string, string> {
  const words = note ?? '';
  if (words === "'Bearer' without token") return { authorization: 'Bearer' };
  if (words === 'token without Bearer') return { authorization: tokens.two };
  if (words === 'JWT prefix') return { authorization: `JWT ${tokens.two}` };
  if (words === 'Authorization-Bearer header') return { 'authorization-bearer': tokens.two };
  const known: Record<string, string> = {
    full: tokens.two,
    limited: tokens.limited,
    types: tokens.types,
    noperms: tokens.none,
    inactive: tokens.inactive,
    admin: tokens.staff,
    anon: '',
    custom: words.startsWith('EXPIRED')
      ? tokens.expired
      : words.startsWith('staff JWT')
        ? tokens.staff
        : GARBAGE,
  };
  const token = known[as] ?? '';
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** The recorder shortened long bodies; fills one up to its original length. */
function restoreBody(body: string): string {
  const size = /\.\.\. \((\d+) chars\)$/.exec(body)?.[1];
  if (!size) return body;
  const start = '{"query": "{shop{name}} #';
  return `${start}${'x'.repeat(Number(size) - start.length - 2)}"}`;
}

function restoreVariables(variables: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(variables).replace(/"<1,000,000 x v>"/, () =>
    JSON.stringify('v'.repeat(1_000_000)),
  );
  const filled = JSON.parse(text);
  const count = /^<(\d+) x \{name,externalReference\}>$/.exec(filled.i?.values)?.[1];
  if (count)
    filled.i.values = Array.from({ length: Number(count) }, (_, n) => {
      const name = `value_${String(n).padStart(4, '0')}`;
      return { name, externalReference: `${filled.i.slug}:${name}` };
    });
  return filled;
}

function fetchArguments(sandbox: Sandbox, exchange: Exchange): [string, RequestInit] {
  const request =
    typeof exchange.request === 'string' ? { query: exchange.request, variables: {} } : exchange.request;
  const origin = new URL(sandbox.url).origin;
  const auth = authorization(sandbox, exchange);
  const json = { 'content-type': 'application/json' };
  if (request.method === undefined)
    return [
      sandbox.url,
      {
        method: 'POST',
        headers: { ...json, ...auth },
        body: JSON.stringify({ query: request.query, variables: restoreVariables(request.variables ?? {}) }),
      },
    ];
  const given = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const headers: Record<string, string> = { ...json, ...auth };
  for (const [name, value] of given) headers[name] = value ?? '';
  const body = typeof request.body === 'string' ? restoreBody(request.body) : JSON.stringify(request.body);
  const isBare = request.method === 'GET' || request.body === null;
  return [`${origin}${request.path}`, { method: request.method, headers, ...(isBare ? {} : { body }) }];
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Whether the recorder shortened the body or removed members, or it is the playground's page. */
export function isRecordedInPart({ response }: Exchange): boolean {
  if (response === null || response === undefined) return true;
  const text = JSON.stringify(response);
  if (/_shortened|"<[^<>"]+>"|GraphQL Playground/.test(text)) return true;
  return typeof response === 'object' && Object.keys(response).join() === 'extensions';
}

/** Compares what the recording holds of the answer; some hold only a part. */
function compareBody(recorded: unknown, text: string): string | null {
  const got = parse(text);
  if (recorded === null || recorded === undefined) return null;
  const whole = recorded as Record<string, unknown>;
  if (typeof whole['_raw'] === 'string') {
    const isPlayground = whole['_raw'].includes('GraphQL Playground');
    return isPlayground || whole['_raw'] === text ? null : `body: recorded ${whole['_raw']}, got ${text}`;
  }
  if (typeof whole['_shortened'] === 'string') {
    const start = pythonJson(got, false).slice(0, whole['_shortened'].length);
    const lost = difference(
      whole['extensions'],
      (got as Record<string, unknown>)['extensions'],
      '$.extensions',
    );
    return start === whole['_shortened'] ? lost : 'the beginning of the body differs';
  }
  if (typeof whole['body'] === 'string' && typeof whole['status'] === 'number')
    return difference(JSON.parse(whole['body']), got);
  if (whole['extensions'] && !('data' in whole) && !('errors' in whole))
    return difference(whole['extensions'], (got as Record<string, unknown>)['extensions'], '$.extensions');
  return difference(recorded, got);
}

/** Sends one recorded request. Null if status, content type and body are as recorded, else the first difference. */
export async function replay(sandbox: Sandbox, exchange: Exchange): Promise<string | null> {
  const [url, init] = fetchArguments(sandbox, exchange);
  const response = await fetch(url, init);
  const text = await response.text();
  if (response.status !== exchange.status)
    return `status: recorded ${exchange.status}, got ${response.status}: ${text.slice(0, 600)}`;
  for (const name of ['content-type', 'allow', 'vary']) {
    const recorded = exchange.headers?.[name];
    if (recorded !== undefined && response.headers.get(name) !== recorded)
      return `${name}: recorded ${recorded}, got ${response.headers.get(name)}`;
  }
  if (
    typeof exchange.request === 'string' &&
    response.headers.get('content-encoding') !== (exchange.headers?.['content-encoding'] ?? null)
  )
    return `content-encoding: got ${response.headers.get('content-encoding')}`;
  return compareBody(exchange.response, text);
}
