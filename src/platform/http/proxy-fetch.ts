import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** What of fetch's own options is needed. */
interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

const DECODERS = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };
const agents = new Map<string, HttpProxyAgent<string> | HttpsProxyAgent<string>>();

/**
 * fetch through a proxy, which Node's own does not know before 24: CONNECT for https, so that the proxy sees neither
 * token nor answer; the whole address for http. Redirects are given as they come.
 */
export function fetchThrough(proxy: string, url: string, asked: Asked): Promise<Response> {
  const isSecure = new URL(url).protocol === 'https:';
  const name = `${isSecure} ${proxy}`;
  const agent =
    agents.get(name) ??
    (isSecure
      ? new HttpsProxyAgent(proxy, { keepAlive: true })
      : new HttpProxyAgent(proxy, { keepAlive: true }));
  agents.set(name, agent);
  const { body, ...rest } = asked;
  const headers = { ...rest.headers, 'accept-encoding': 'gzip, deflate, br' };
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? httpsRequest : httpRequest)(url, { ...rest, headers, agent }, (answer) =>
      resolve(responseOf(answer)),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function responseOf(answer: IncomingMessage): Response {
  const encoding = answer.headers['content-encoding'];
  const decoder = DECODERS[encoding as keyof typeof DECODERS]?.();
  const stream = decoder === undefined ? answer : answer.pipe(decoder);
  // A connection that ends half-way must be heard where the answer is read.
  if (decoder !== undefined) answer.on('error', (error) => decoder.destroy(error));
  answer.on('aborted', () => stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  const status = answer.statusCode ?? 0;
  const hasBody = ![204, 205, 304].includes(status);
  const headers = Object.entries(answer.headers)
    .filter(([name]) => name !== 'content-encoding')
    .flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return new Response(hasBody ? (Readable.toWeb(stream) as ReadableStream) : null, { status, headers });
}
