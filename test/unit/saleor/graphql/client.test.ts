import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../../src/core/failure.ts';
import { DeleteValue, Mark, Preflight, ProductTypes } from '../../../../src/saleor/generated/operations.ts';
import { createLimiter } from '../../../../src/saleor/graphql/adaptive-limiter.ts';
import { call } from '../../../../src/saleor/graphql/batch-operations.ts';
import { createReader, createWriter } from '../../../../src/saleor/graphql/client.ts';
import {
  classifyResponse,
  errorsIn,
  failureOf,
  type TransportReply,
} from '../../../../src/saleor/graphql/response-errors.ts';
import type { ClientOptions, Transport } from '../../../../src/saleor/graphql/send-document.ts';
import { greet } from '../../../../src/saleor/preflight.ts';

const URL_ = 'https://shop.example.com/graphql/';
const clock = { now: () => 0, sleep: async () => {} };

const json = (body: unknown, status = 200): TransportReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: typeof body === 'string' ? body : JSON.stringify(body),
  retries: 0,
});

/** A transport that answers so, and what it was sent. */
function answering(reply: TransportReply | Failure, options: Partial<ClientOptions> = {}) {
  const sent: Parameters<Transport['send']>[0][] = [];
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      if (reply instanceof Failure) throw reply;
      return reply;
    },
  };
  return { sent, options: { transport, clock, apiUrl: URL_, token: 'token-of-the-shop', ...options } };
}

async function failed(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof Failure)) throw new Error(`no failure: ${String(error)}`);
  expect(error.message).not.toMatch(/token-of-the-shop|query Preflight|\n/);
  return error;
}

interface Recorded {
  readonly note: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: unknown;
}

const recordings = (name: string): readonly Recorded[] =>
  JSON.parse(readFileSync(new URL(`../../../recordings/saleor/${name}.json`, import.meta.url), 'utf8'));

const replyOf = ({ status, headers, response }: Recorded): TransportReply => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  text:
    typeof (response as { _raw?: unknown })._raw === 'string'
      ? (response as { _raw: string })._raw
      : JSON.stringify(response),
  retries: 0,
});

/** What the two judges make of a recorded exchange. */
function verdict(recorded: Recorded): string {
  const reply = replyOf(recorded);
  const failure = classifyResponse(URL_, reply);
  if (failure !== null) return failure.code;
  const errors = errorsIn(reply.text);
  return errors.length === 0 ? 'data' : failureOf(URL_, errors).code;
}

describe('each recorded failure is one clear failure', () => {
  const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '10-auth-failures': {
      'who am I as full': 'data',
      'who am I as inactive': 'token_invalid',
      'garbage token': 'token_invalid',
      'garbage token + mutation': 'permission_missing',
      'EXPIRED staff JWT': 'token_invalid',
      'EXPIRED staff JWT + mutation': 'token_invalid',
      'shop.version anonymous': 'token_invalid',
      'attribute.privateMetadata without permission': 'permission_missing',
    },
    '16-storefront-traffic-401': { anonymous: 'token_invalid', 'app without permissions': 'data' },
    '11-http-statuses': {
      'GET (playground)': 'answer_invalid',
      PUT: 'answer_invalid',
      'POST /graphql without trailing slash': 'answer_invalid',
      'unknown path': 'answer_invalid',
      'body of 1 MiB': 'data',
      'body of 2.6 MiB': 'limit_exceeded',
    },
    '03-query-cost': { 'over the limit: exact error': 'limit_exceeded' },
    '03-http-array-batch': {},
    '03-alias-and-mutation-count-limits': {
      '5 aliased productUpdate: rejected, nothing executed': 'limit_exceeded',
      'query with 101 aliases': 'limit_exceeded',
    },
    '07-page-size': {},
    '05-metadata': {
      'NUL byte in a value': 'shop_error',
      'lone surrogate in a value': 'shop_error',
      'null value': 'shop_error',
    },
  };

  for (const [file, notes] of Object.entries(table)) {
    const recorded = recordings(file);
    for (const [note, code] of Object.entries(notes)) {
      test(`${file}: ${note} → ${code}`, () => {
        const exchange = recorded.find((each) => each.note === note);
        if (exchange === undefined) throw new Error(`no such recording: ${note}`);
        expect(verdict(exchange)).toBe(code);
      });
    }

    test(`${file}: nothing that is not 200 or holds errors passes for data`, () => {
      for (const exchange of recorded) {
        const isFine = exchange.status === 200 && !Object.hasOwn(exchange.response as object, 'errors');
        const isJson = (exchange.headers['content-type'] ?? '').startsWith('application/json');
        expect([exchange.note, verdict(exchange) === 'data']).toEqual([exchange.note, isFine && isJson]);
      }
    });
  }

  test('the address without its slash: the hint has the right one', () => {
    const lost = recordings('11-http-statuses').find(({ note }) => note.includes('without trailing slash'));
    const failure = classifyResponse('https://shop.example.com/graphql', replyOf(lost as Recorded));
    expect(failure?.message).toBe('https://shop.example.com/graphql: not found (404)');
    expect(failure?.hint).toContain('https://shop.example.com/graphql/');
  });

  test('Saleor’s own words are kept to one short line, with the place', () => {
    const long = failureOf(
      URL_,
      errorsIn(JSON.stringify({ errors: [{ message: `${'x'.repeat(500)}\nmore`, path: ['a', 0] }] })),
    );
    expect(long.message).toBe(`${URL_}: ${'x'.repeat(200)}… (a.0)`);
  });
});

describe('an answer that is not GraphQL’s', () => {
  test.each([
    [
      'HTML with 200',
      { ...json('<html>'), headers: { 'content-type': 'text/html; charset=utf-8' } },
      'answer_invalid',
    ],
    ['no content type', { ...json('{"data":{}}'), headers: {} }, 'answer_invalid'],
    ['torn JSON', json('{"data":{"app":'), 'answer_invalid'],
    ['an empty body', json(''), 'answer_invalid'],
    ['{}', json('{}'), 'answer_invalid'],
    ['null', json('null'), 'answer_invalid'],
    ['a list', json('[{"data":{}}]'), 'answer_invalid'],
    ['data that is a list', json('{"data":[]}'), 'answer_invalid'],
    ['data null without a reason', json('{"data":null}'), 'answer_invalid'],
    ['data null with an empty reason', json('{"data":null,"errors":[]}'), 'answer_invalid'],
    ['errors that are no errors', json('{"errors":[null,1]}'), 'shop_error'],
    ['204', { ...json(''), status: 204 }, 'answer_invalid'],
    [
      '502 HTML',
      { ...json('<h1>Bad Gateway</h1>', 502), headers: { 'content-type': 'text/html' } },
      'shop_error',
    ],
    ['503 JSON', json({ errors: [{ message: 'x' }] }, 503), 'shop_error'],
    ['429', json('slow down', 429), 'limit_exceeded'],
    [
      '403 of a proxy',
      { ...json('denied', 403), headers: { 'content-type': 'text/plain' } },
      'access_refused',
    ],
    ['403 with JSON', json({ errors: [{ message: 'blocked' }] }, 403), 'access_refused'],
    [
      'partial data',
      json({ data: { app: { id: 'a' } }, errors: [{ message: 'x', path: ['me'] }] }),
      'shop_error',
    ],
  ])('%s', async (_, reply, code) => {
    const { options } = answering(reply);
    expect((await failed(createReader(options).query(Preflight, {}))).code).toBe(code);
  });

  test('what the transport says is handed on', async () => {
    const lost = new Failure('connection_lost', 'gone');
    const { options } = answering(lost);
    expect(await failed(createReader(options).query(Preflight, {}))).toBe(lost);
  });
});

describe('a reader', () => {
  test('cannot send a mutation', async () => {
    const { options, sent } = answering(json({ data: {} }));
    const reader = createReader(options);
    await expect(reader.query(DeleteValue, { id: 'x' })).rejects.toThrow('a reader sends no mutation');
    await expect(reader.queries([call(DeleteValue, { id: 'x' })])).rejects.toThrow(
      'a reader sends no mutation',
    );
    const disguised = {
      ...Mark,
      kind: 'query' as const,
      text: 'app{id}}mutation{m:attributeValueDelete(id:"x"){errors{code}}',
    };
    await expect(reader.query(disguised, { keys: [] })).rejects.toThrow('a reader sends no mutation');
    expect(Object.keys(reader)).toEqual(['url', 'query', 'queries']);
    expect(sent).toHaveLength(0);
  });

  test('asks repeatably, with the token in its header and nowhere else', async () => {
    const { options, sent } = answering(json({ data: { productTypes: null } }));
    await createReader({ ...options, headers: { 'x-door': 'open' } }).query(ProductTypes, {
      slugs: ['offering'],
    });
    const [request] = sent;
    expect(request).toMatchObject({ method: 'POST', url: URL_, isRepeatable: true });
    expect(request?.headers).toMatchObject({ authorization: 'Bearer token-of-the-shop', 'x-door': 'open' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      operationName: 'ProductTypes',
      variables: { slugs: ['offering'] },
    });
    expect(request?.body).not.toContain('token-of-the-shop');
  });

  test('a token that no header can hold is refused without being shown', () => {
    const { options } = answering(json({}));
    for (const token of ['a\nb', 'é', '']) {
      expect(() => createReader({ ...options, token })).toThrow(
        /^https:\/\/shop\.example\.com\/graphql\/: the header authorization/,
      );
    }
  });

  test('a writer asks for its mutations not to be repeated', async () => {
    const { options, sent } = answering(json({ data: { m0: { errors: [] } } }));
    const answer = await createWriter(options).mutate([call(DeleteValue, { id: 'x' }) as never]);
    expect(answer).toEqual({ kind: 'answered', data: { m0: { errors: [] } }, errors: [] });
    expect(sent[0]?.isRepeatable).toBe(false);
  });
});

describe('the greeting', () => {
  const shop = {
    name: 'GSV',
    version: '3.23.28',
    schemaVersion: '3.23',
    domain: { host: 'shop.example.com' },
  };
  const app = {
    id: 'QXBwOjE=',
    name: 'sync',
    isActive: true,
    permissions: [{ code: 'MANAGE_PRODUCTS' }, { code: 'MANAGE_APPS' }],
  };
  const greeted = (data: unknown) => greet(createReader(answering(json({ data })).options));

  test('an app: only the permissions that can be needed', async () => {
    expect(await greeted({ app, me: null, shop })).toEqual({
      shop: { name: 'GSV', domain: 'shop.example.com', version: '3.23.28' },
      permissions: ['MANAGE_PRODUCTS'],
      app: { id: 'QXBwOjE=', name: 'sync' },
      problems: [],
    });
  });

  test('a person: the permissions of the person', async () => {
    const me = {
      email: 'a@b.c',
      isActive: true,
      userPermissions: [{ code: 'MANAGE_TRANSLATIONS' }, { code: 'MANAGE_PRODUCTS' }],
    };
    expect(await greeted({ app: null, me, shop })).toMatchObject({
      app: null,
      permissions: ['MANAGE_PRODUCTS', 'MANAGE_TRANSLATIONS'],
    });
  });

  test.each([
    ['3.20.99', 'version_unsupported'],
    ['2.11', 'version_unsupported'],
    ['x', 'version_unsupported'],
  ])('Saleor %s is refused', async (version, code) => {
    expect((await failed(greeted({ app, me: null, shop: { ...shop, version } }))).code).toBe(code);
  });

  test.each(['3.21.0', '3.24.0-a.0'])('Saleor %s is taken', async (version) => {
    expect((await greeted({ app, me: null, shop: { ...shop, version } })).problems).toEqual([]);
  });

  test.each(['3.25.1', '4.0.0'])('Saleor %s is newer than what was tried: a warning', async (version) => {
    expect((await greeted({ app, me: null, shop: { ...shop, version } })).problems).toEqual([
      {
        severity: 'warning',
        code: 'shop_version_newer',
        ref: 'shop',
        data: { version, oldest: '3.21', newest: '3.24' },
      },
    ]);
  });

  test('nobody', async () => {
    expect((await failed(greeted({ app: null, me: null, shop }))).code).toBe('token_invalid');
  });
});

describe('requests in flight', () => {
  /** Runs tasks until they are let go by hand. */
  function gate(parallel: number, time = { now: 0 }) {
    const limiter = createLimiter(parallel, { now: () => time.now, sleep: async () => {} });
    const running: ((strained: boolean) => void)[] = [];
    const start = () =>
      limiter(
        () => new Promise<boolean>((resolve) => running.push(resolve)),
        (strained) => strained,
      );
    const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
    return { start, running, settle, time };
  }

  test('are as many as allowed, and wait their turn', async () => {
    const { start, running, settle } = gate(4);
    for (let n = 0; n < 6; n += 1) void start();
    await settle();
    expect(running).toHaveLength(4);
    running[0]?.(false);
    await settle();
    expect(running).toHaveLength(5);
  });

  /** Ends the tasks that run, and returns how many run then. */
  const end = async ({ running, settle }: ReturnType<typeof gate>, strained: boolean): Promise<number> => {
    const ended = running.splice(0);
    for (const task of ended) task(strained);
    await settle();
    return running.length;
  };

  test('halve once for all that one event hits, again for the next event, down to one', async () => {
    const limited = gate(4);
    for (let n = 0; n < 40; n += 1) void limited.start();
    await limited.settle();
    expect(await end(limited, true)).toBe(2);
    expect(await end(limited, true)).toBe(1);
    expect(await end(limited, true)).toBe(1);
  });

  test('grow back by one after as many good answers as are allowed: from one to four after six', async () => {
    const limited = gate(4);
    for (let n = 0; n < 40; n += 1) void limited.start();
    await limited.settle();
    await end(limited, true);
    expect(await end(limited, true)).toBe(1);
    expect(await end(limited, false)).toBe(2);
    expect(await end(limited, false)).toBe(3);
    expect(await end(limited, false)).toBe(4);
    expect(await end(limited, false)).toBe(4);
  });

  test('a failure that began before the halving and ends after good answers does not halve again', async () => {
    const { start, running, settle } = gate(4);
    for (let n = 0; n < 40; n += 1) void start();
    await settle();
    running[0]?.(true);
    running[1]?.(false);
    running[2]?.(false);
    await settle();
    // Three are allowed again; the last of the first four still hangs.
    expect(running).toHaveLength(6);
    running[3]?.(true);
    await settle();
    expect(running).toHaveLength(7);
  });

  test('halve when an answer is slow', async () => {
    const { start, running, settle, time } = gate(2);
    for (let n = 0; n < 4; n += 1) void start();
    await settle();
    time.now = 20_000;
    running[0]?.(false);
    await settle();
    expect(running).toHaveLength(2);
  });

  test('a task that fails gives its place back', async () => {
    const limiter = createLimiter(1, clock);
    await expect(
      limiter(
        () => Promise.reject(new Error('no')),
        () => false,
      ),
    ).rejects.toThrow('no');
    expect(
      await limiter(
        async () => 1,
        () => false,
      ),
    ).toBe(1);
  });
});
