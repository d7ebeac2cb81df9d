import { withoutByteOrderMark } from '../../core/text/utf8.ts';
import { proxySettings } from './proxy-settings.ts';
import { faultOf, givenUp, notUtf8, redirected, timedOut, tooLarge, unsendable } from './transport-faults.ts';
import type { FetchedResponse, HttpAnswer, HttpRequest, TransportFault } from './types.ts';

/** One attempt of one request, without retries. Never throws. */
export async function attemptRequest(request: HttpRequest): Promise<HttpAnswer | TransportFault> {
  const problem = problemOf(request);
  if (problem !== null) return unsendable(request, problem);
  const { signal } = request;
  if (isGivenUp(request)) return givenUp(request);
  const timer = new AbortController();
  const abort = () => timer.abort();
  const timeout = setTimeout(abort, request.timeoutMs);
  signal?.addEventListener('abort', abort);
  try {
    const response = await fetchOnce(request, timer.signal);
    // 304 leads nowhere: it answers If-None-Match.
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel();
      return redirected(request, response);
    }
    return await readAnswer(request, response);
  } catch (error) {
    if (isGivenUp(request)) return givenUp(request);
    return timer.signal.aborted ? timedOut(request) : faultOf(request, error);
  } finally {
    clearTimeout(timeout);
    signal?.removeEventListener('abort', abort);
  }
}

const isGivenUp = ({ signal }: HttpRequest): boolean => signal?.aborted === true;

/** Errors for which fetch would print a message with the secret or the whole address; null: none. */
function problemOf({ url, headers }: HttpRequest): string | null {
  const broken = Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value));
  if (broken !== undefined) return `header ${broken[0]} contains a character that is not allowed in a header`;
  const { username, password } = new URL(url);
  return username === '' && password === '' ? null : 'user name and password in an address are not supported';
}

async function fetchOnce(
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<FetchedResponse> {
  const init = {
    method,
    headers,
    signal,
    redirect: 'manual' as const,
    ...(body === undefined ? {} : { body }),
  };
  const proxy = proxySettings(url);
  if (proxy === null) return fetch(url, init);
  const { fetchThroughProxy } = await import('./proxy-fetch.ts');
  return fetchThroughProxy(proxy, url, init);
}

async function readAnswer(
  request: HttpRequest,
  response: FetchedResponse,
): Promise<HttpAnswer | TransportFault> {
  // A document must be UTF-8; an error page in another encoding is still an error page.
  const decoder = new TextDecoder('utf-8', { fatal: response.ok, ignoreBOM: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream: an answer that is too long is never kept in memory.
    if (bytes > request.maxBytes) return tooLarge(request);
    const piece = decoded(decoder, chunk);
    if (piece === null) return notUtf8(request);
    text += piece;
  }
  const rest = decoded(decoder);
  if (rest === null) return notUtf8(request);
  const headers = Object.fromEntries(response.headers);
  return {
    kind: 'answer',
    status: response.status,
    headers,
    text: withoutByteOrderMark(text + rest),
    bytes,
  };
}

/** Without a chunk: the end. null: not what the decoder takes. */
function decoded(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string | null {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    return null;
  }
}
