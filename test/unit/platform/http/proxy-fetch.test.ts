import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { attemptRequest } from '../../../../src/platform/http/attempt.ts';
import type { HttpRequest } from '../../../../src/platform/http/types.ts';
import { ODD_REPLIES, startMisbehavingProxy } from '../../../support/misbehaving-proxy.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) delete process.env[name];
});

async function misbehave(scheme: string, reply: string | null) {
  const proxy = await startMisbehavingProxy(reply);
  closing.push(proxy.close);
  process.env[`${scheme}_proxy`] = proxy.url;
  return proxy;
}

/** A proxy for plain http that answers itself. */
async function answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  process.env['http_proxy'] = `http://ada:s3cret@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (scheme: string, changes: Partial<HttpRequest> = {}) =>
  attemptRequest({
    method: 'POST',
    url: `${scheme}://shop.test/graphql/`,
    headers: { authorization: 'Bearer canary-token', 'content-type': 'application/json' },
    body: '{"query":"{shop{name}}"}',
    timeoutMs: 3_000,
    maxBytes: 10_000,
    isRepeatable: false,
    ...changes,
  });

const summary = (outcome: Awaited<ReturnType<typeof ask>>): string =>
  outcome.kind === 'answer'
    ? `answer ${outcome.status}`
    : `${outcome.kind} ${outcome.failure.code}: ${outcome.failure.message.replace(/127\.0\.0\.1:\d+/, 'PROXY')}`;

/** What the attempt comes to where the proxy answers a request with these bytes. An error that has another cause is unclear. */
const PLAIN: Readonly<Record<string, string>> = {
  'a status above 599': 'answer 999',
  'a second header block': 'answer 200',
  'two answers': 'answer 200',
  'brotli that is none': 'answer 500',
  'a redirect with gzip that is none':
    'final redirect_refused: http://shop.test/graphql/: answers with a redirect (301) to http://shop.test/x',
  'a redirect to no address':
    'final redirect_refused: http://shop.test/graphql/: answers with a redirect (302) to nowhere',
  'an encoding named like a member of every object': 'answer 200',
  'no content, but encoded': 'answer 204',
  '407 with a body':
    'final unreachable: http://shop.test/graphql/: the proxy http://PROXY could not connect (407)',
  '407 without one':
    'final unreachable: http://shop.test/graphql/: the proxy http://PROXY could not connect (407)',
  '403 with a page': 'answer 403',
  '503 with a page': 'answer 503',
};

/** The same where they answer a CONNECT: nothing was sent to the server, so nothing is an answer. */
const noConnection = (kind: string, status: number) =>
  `${kind} unreachable: https://shop.test/graphql/: the proxy http://PROXY could not connect (${status})`;
const TUNNEL: Readonly<Record<string, string>> = {
  'a status above 599': noConnection('absent', 999),
  'a status of three zeros': noConnection('final', 0),
  'a status below 200 with a body': noConnection('final', 199),
  'a second header block': noConnection('final', 103),
  'brotli that is none': noConnection('absent', 500),
  'a redirect with gzip that is none': noConnection('final', 301),
  'a redirect to no address': noConnection('final', 302),
  'no content, but encoded': noConnection('final', 204),
  '407 with a body': noConnection('final', 407),
  '407 without one': noConnection('final', 407),
  '403 with a page': noConnection('final', 403),
  '503 with a page': noConnection('absent', 503),
};

test.each(Object.keys(ODD_REPLIES))('to a request: %s is an answer or a classified error', async (name) => {
  const proxy = await misbehave('http', ODD_REPLIES[name] ?? '');
  expect(summary(await ask('http'))).toMatch(
    PLAIN[name] ?? /^unclear connection_lost: http:\/\/shop\.test\/graphql\/: connection lost \(\S/,
  );
  expect(proxy.connections()).toBe(1);
});

test.each(Object.keys(ODD_REPLIES))('to a CONNECT: %s is a classified error', async (name) => {
  const proxy = await misbehave('https', ODD_REPLIES[name] ?? '');
  const outcome = summary(await ask('https'));
  const expected = TUNNEL[name];
  if (expected !== undefined) expect(outcome).toBe(expected);
  else expect(outcome).toMatch(/^(unclear connection_lost|final unreachable: .* no TLS there)/);
  // Not once more, and not without end.
  expect(proxy.connections()).toBe(1);
});

test.each(['http', 'https'])('a proxy that resets a request by %s is asked once', async (scheme) => {
  const proxy = await misbehave(scheme, null);
  expect(summary(await ask(scheme))).toBe(
    `unclear connection_lost: ${scheme}://shop.test/graphql/: connection lost (ECONNRESET)`,
  );
  expect(proxy.connections()).toBe(1);
});

test.each([
  'http',
  'https',
])('a proxy that is not there: the request by %s did not arrive', async (scheme) => {
  const proxy = await misbehave(scheme, '');
  proxy.close();
  expect(summary(await ask(scheme))).toBe(
    `absent unreachable: ${scheme}://shop.test/graphql/: connection refused, through the proxy http://PROXY`,
  );
});

test('a proxy of another kind is refused, but not for a host of NO_PROXY', async () => {
  process.env['https_proxy'] = 'socks5://ada:s3cret@127.0.0.1:9';
  expect(summary(await ask('https'))).toBe(
    'final unreachable: https://shop.test/graphql/: https_proxy names a socks5 proxy, but only http and https proxies are supported',
  );
  process.env['no_proxy'] = 'shop.test';
  expect(summary(await ask('https'))).toMatch(
    /^absent unreachable: https:\/\/shop\.test\/graphql\/: name not resolved( \(for now\))?$/,
  );
});

test('the proxy gets its credentials in its own header, and the whole address', async () => {
  const seen: unknown[] = [];
  await answerWith(({ url, headers }, response) => {
    seen.push(url, headers['proxy-authorization'], headers['authorization']);
    response.end('{}');
  });
  expect(summary(await ask('http'))).toBe('answer 200');
  const basic = `Basic ${Buffer.from('ada:s3cret').toString('base64')}`;
  expect(seen).toEqual(['http://shop.test/graphql/', basic, 'Bearer canary-token']);
});

test('limits hold through a proxy: size after decompression, time, UTF-8', async () => {
  let reply: (response: ServerResponse) => void = () => undefined;
  await answerWith((_, response) => reply(response));
  reply = (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1_000_000)));
  expect(summary(await ask('http'))).toMatch(/^final answer_too_large/);
  reply = (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('{"é":1}'));
  expect(await ask('http')).toMatchObject({ kind: 'answer', text: '{"é":1}', bytes: 8 });
  reply = (response) => response.end(Buffer.from('caf\xe9', 'latin1'));
  expect(summary(await ask('http'))).toMatch(/^final answer_invalid: .*not UTF-8/);
  reply = (response) => void response.writeHead(200).write('{"fine"');
  expect(summary(await ask('http', { timeoutMs: 300 }))).toMatch(
    /^unclear timed_out: .* no answer within 0.3 s/,
  );
  reply = () => undefined;
  expect(summary(await ask('http', { timeoutMs: 300 }))).toMatch(/^unclear timed_out/);
});
