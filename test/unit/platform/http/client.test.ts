import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../../src/core/clock.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { openBudget } from '../../../../src/core/retry-policy.ts';
import { createHttp, type Http } from '../../../../src/platform/http/client.ts';
import type { HttpRequest } from '../../../../src/platform/http/types.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that gives these answers in turn, the last one for ever; `seen` counts the requests. */
async function serve(...answers: readonly Answer[]) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)] as Answer;
      seen.push(body);
      answer(request, response);
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql/`, seen, server };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = '{}'): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
const ok = status(200, {}, '{"fine":true}');
const reset: Answer = (request) => request.socket.destroy();
const silent: Answer = () => {};

/** Time passes only by sleeping. */
function fakeClock(start = Date.parse('2026-11-23T12:00:00Z')): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

function request(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { authorization: 'Bearer secret-token' },
    body: '{"query":"{shop{name}}"}',
    timeoutMs: 2_000,
    maxBytes: 10_000,
    isRepeatable: true,
    ...changes,
  };
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error('no failure'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw error;
  expect(error.message).not.toContain('secret-token');
  expect(error.message).not.toContain('fetch failed');
  return error;
}

const start = (random = () => 1) => {
  const clock = fakeClock();
  return { clock, http: createHttp({ clock, random }) };
};

describe('a read is sent again', () => {
  test('after 429, 5xx and a reset, five times at most, with waits that double', async () => {
    const { url, seen } = await serve(status(429), status(503), reset, status(500), ok);
    const { http, clock } = start();
    expect(await http.send(request(url))).toMatchObject({ status: 200, text: '{"fine":true}', retries: 4 });
    expect(clock.slept).toEqual([500, 1_000, 2_000, 4_000]);
    expect(seen).toHaveLength(5);
    expect(http.counts).toMatchObject({ requests: 5, retries: 4 });
  });

  test('after a time-out over headers or body', async () => {
    const stuck: Answer = (_, response) => {
      response.writeHead(200).write('{"fine"');
    };
    const { url, seen } = await serve(silent, stuck, ok);
    const { http } = start();
    expect(await http.send(request(url, { timeoutMs: 500 }))).toMatchObject({ status: 200, retries: 2 });
    expect(seen).toHaveLength(3);
  });

  test('not after it was given up, which ends it at once', async () => {
    const { url, seen } = await serve(silent, ok);
    const { http } = start();
    const call = new AbortController();
    const sent = http.send(request(url, { signal: call.signal })).catch((error: unknown) => error);
    while (seen.length === 0) await new Promise((go) => setTimeout(go, 5));
    call.abort();
    expect(await sent).toMatchObject({ code: 'connection_lost' });
    await expect(http.send(request(url, { signal: call.signal }))).rejects.toMatchObject({
      code: 'connection_lost',
    });
    expect(seen).toHaveLength(1);
  });

  test('the last answer is handed up after the fifth', async () => {
    const { url, seen } = await serve(status(502));
    const { http } = start(() => 0.5);
    expect(await http.send(request(url))).toMatchObject({ status: 502, retries: 4 });
    expect(seen).toHaveLength(5);
  });

  test('after half of each wait at least', async () => {
    const { url } = await serve(status(503));
    const { http, clock } = start(() => 0);
    await http.send(request(url));
    expect(clock.slept).toEqual([250, 500, 1_000, 2_000]);
  });

  test('not sooner than Retry-After says, in seconds or as a date', async () => {
    const date = 'Mon, 23 Nov 2026 12:00:13 GMT';
    const { url } = await serve(
      status(429, { 'retry-after': '7' }),
      status(503, { 'retry-after': date }),
      ok,
    );
    const { http, clock } = start(() => 0);
    await http.send(request(url));
    expect(clock.slept).toEqual([7_000, 6_000]);
  });

  test('after 8 s where the server asks for a minute or for hours', async () => {
    const { url, seen } = await serve(
      status(429, { 'retry-after': '60' }),
      status(503, { 'retry-after': '3600' }),
    );
    const { http, clock } = start();
    expect(await http.send(request(url))).toMatchObject({ status: 503, retries: 4 });
    expect(clock.slept).toEqual([8_000, 8_000, 8_000, 8_000]);
    expect(seen).toHaveLength(5);
  });

  test('a hundred times a run, or a tenth of the requests', async () => {
    const { url } = await serve(status(503));
    const { http } = start(() => 0);
    for (let n = 0; n < 30; n += 1) await http.send(request(url));
    expect(http.counts.retries).toBe(100);
    expect(http.counts.requests).toBe(130);
  });

  test('never for other 4xx', async () => {
    const { url, seen } = await serve(status(400), status(404));
    const { http } = start();
    expect((await http.send(request(url))).status).toBe(400);
    expect((await http.send(request(url))).status).toBe(404);
    expect(seen).toHaveLength(2);
  });
});

describe('a mutation is sent once; its budget says whether and when it may be sent again', () => {
  const mutation = (url: string, changes: Partial<HttpRequest> = {}) =>
    request(url, { isRepeatable: false, ...changes });

  test.each([
    ['429', status(429), { waitMs: 1_000, isFinal: false }],
    ['429 with Retry-After', status(429, { 'retry-after': '60' }), { waitMs: 8_000, isFinal: false }],
    ['503', status(503), { waitMs: 1_000, isFinal: false }],
    ['408', status(408), { isFinal: true }],
    ['403', status(403), { isFinal: true }],
  ] as const)('%s', async (_, answer, expected) => {
    const { url, seen } = await serve(answer, ok);
    const { http } = start();
    const budget = openBudget(2);
    expect(await http.send(mutation(url, { budget }))).toMatchObject({ retries: 1 });
    expect(seen).toHaveLength(1);
    expect(budget).toMatchObject({ attempt: 2, ...expected });
  });

  test('the run’s own limit ends its attempts too', async () => {
    const { url } = await serve(status(429));
    const { http } = start();
    const budget = openBudget(2);
    for (let n = 0; n < 99; n += 1) await http.send(mutation(url, { budget }));
    expect(budget.isFinal).toBe(false);
    await http.send(mutation(url, { budget }));
    expect(budget.isFinal).toBe(true);
  });

  test.each([429, 500, 502, 503, 504])('%d is handed up', async (code) => {
    const { url, seen } = await serve(status(code), ok);
    const { http } = start();
    expect(await http.send(mutation(url))).toMatchObject({ status: code, retries: 0 });
    expect(seen).toHaveLength(1);
  });

  test('a reset and a time-out are handed up', async () => {
    const { url, seen } = await serve(reset, silent, ok);
    const { http } = start();
    expect((await failureOf(http.send(mutation(url)))).code).toBe('connection_lost');
    const late = await failureOf(http.send(mutation(url, { timeoutMs: 500 })));
    expect(late.code).toBe('timed_out');
    expect(late.message).toBe(`${url}: no answer within 0.5 s`);
    expect(seen).toHaveLength(2);
  });

  test('a refused connection is handed up too; a read is tried again once the address has answered before', async () => {
    const { url, server } = await serve(ok);
    const { http, clock } = start();
    await http.send(mutation(url));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(http.send(mutation(url)));
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toBe(`${url}: connection refused`);
    const read = await failureOf(http.send(request(url)));
    expect(read.message).toBe(`${url}: connection refused, after 5 attempts`);
    expect(clock.slept).toHaveLength(4);
  });
});

describe('what is wrong with the address is said at once', () => {
  const unused = async () => {
    const { url, server } = await serve(ok);
    await new Promise((resolve) => server.close(resolve));
    return url;
  };

  test('connection refused', async () => {
    const url = await unused();
    const { http, clock } = start();
    const failure = await failureOf(http.send(request(`${url}?key=hidden`)));
    expect(failure.message).toBe(`${url}: connection refused`);
    expect(failure.code).toBe('unreachable');
    expect(clock.slept).toEqual([]);
  });

  test('name not resolved', async () => {
    const { http } = start();
    const failure = await failureOf(http.send(request('http://nowhere.example.com/graphql/')));
    expect(failure.message).toMatch(/^http:\/\/nowhere\.example\.com\/graphql\/: name not resolved/);
  });

  test('plain http where TLS was asked for', async () => {
    const { url } = await serve(ok);
    const { http } = start();
    const failure = await failureOf(http.send(request(url.replace('http:', 'https:'))));
    expect(failure.code).toBe('unreachable');
    expect(failure.message).toContain('no TLS there');
  });

  test('a header that cannot be sent is named, and its value is not', async () => {
    const { http } = start();
    const failure = await failureOf(
      http.send(request('http://127.0.0.1:9/', { headers: { authorization: 'Bearer secret-token\nx' } })),
    );
    expect(failure.message).toContain('header authorization');
  });
});

describe('an answer has limits', () => {
  test.each([
    301, 302, 307, 308,
  ])('a redirect (%d) is not followed, and its origin is named', async (code) => {
    const { url, seen } = await serve(status(code, { location: 'https://evil.example.com/graphql/?x=1' }));
    const { http } = start();
    const failure = await failureOf(http.send(request(url)));
    expect(failure.code).toBe('redirect_refused');
    expect(failure.message).toBe(`${url}: answers with a redirect (${code}) to https://evil.example.com`);
    expect(seen).toHaveLength(1);
  });

  test('a longer one is cut off, before and after decompression', async () => {
    const big = 'x'.repeat(50_000);
    const { url } = await serve(status(200, {}, big), (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big)),
    );
    const { http } = start();
    expect((await failureOf(http.send(request(url)))).code).toBe('answer_too_large');
    expect((await failureOf(http.send(request(url)))).code).toBe('answer_too_large');
  });

  test('gzip is asked for and undone', async () => {
    const { url } = await serve((message, response) => {
      expect(message.headers['accept-encoding']).toContain('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"é":1}'));
    });
    const { http } = start();
    expect((await http.send(request(url))).text).toBe('{"é":1}');
  });

  test('bytes that are no UTF-8 are refused, but for an error page', async () => {
    const latin =
      (code: number): Answer =>
      (_, response) =>
        response.writeHead(code).end(Buffer.from('caf\xe9', 'latin1'));
    const { url } = await serve(latin(200), latin(404));
    const { http } = start();
    expect((await failureOf(http.send(request(url)))).code).toBe('answer_invalid');
    expect((await http.send(request(url))).status).toBe(404);
  });

  test('a body that stops short is a lost connection', async () => {
    const short = createSocket((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"fine"'));
    });
    await new Promise<void>((resolve) => short.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(short.address() as AddressInfo).port}/`;
    const { http } = start();
    const failure = await failureOf(http.send(request(url, { isRepeatable: false })));
    expect(failure.code).toBe('connection_lost');
    short.close();
  });
});

test('connections are kept for the next request', async () => {
  let connections = 0;
  const { url, server } = await serve(ok);
  server.on('connection', () => {
    connections += 1;
  });
  const { http }: { http: Http } = start();
  for (let n = 0; n < 5; n += 1) await http.send(request(url));
  expect(connections).toBeLessThan(5);
});
