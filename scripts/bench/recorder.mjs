// Stands between a command and a shop, and keeps what was asked: so that a bare client can ask the very same.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { performance } from 'node:perf_hooks';

const bodyOf = async (message) => {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** {url, exchanges: [{body, began, ended, bytes}], close()}: passes everything on to the shop at `target`. `tls`: {key, cert}. */
export async function record(target, tls) {
  const exchanges = [];
  const listener = async (message, response) => {
    const body = await bodyOf(message);
    const exchange = {
      body: body.toString('utf8'),
      began: performance.now(),
      ended: Number.POSITIVE_INFINITY,
    };
    exchanges.push(exchange);
    const { authorization = '', 'content-type': type = 'application/json' } = message.headers;
    const answer = await fetch(target, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body,
    });
    const text = Buffer.from(await answer.arrayBuffer());
    exchange.ended = performance.now();
    exchange.bytes = text.length;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () =>
    new Promise((closed) => {
      server.closeAllConnections();
      server.close(closed);
    });
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${server.address().port}/graphql/`,
    exchanges,
    close,
  };
}

/** Who we are: no other request is made of its answer, though a command may have had it before it sent the next one. */
const isGreeting = ({ body }) => body.startsWith('{"query":"query Preflight');

/**
 * What a bare client has to send, as it may: each request with the number of those that had ended before it began, for it
 * may need their answers; a greeting, which nobody has to await, does not count. [{body, after, counts}]
 */
export function causal(exchanges) {
  const awaited = exchanges.filter((one) => !isGreeting(one));
  return exchanges.map((one) => ({
    body: one.body,
    after: awaited.filter(({ ended }) => ended <= one.began).length,
    counts: !isGreeting(one),
  }));
}
