import { Failure, type FailureCode } from '../../core/failure.ts';
import type { HttpRequest } from './client.ts';
import { originOf, proxyFor, withoutCredentials } from './origin-policy.ts';

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** After decompression. */
  readonly bytes: number;
}

/**
 * absent: it certainly never arrived · unclear: it may have been executed ·
 * final: sending it again cannot help
 */
export interface TransportFault {
  readonly kind: 'absent' | 'unclear' | 'final';
  readonly failure: Failure;
}

/** One attempt, without retries. Never throws. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer | TransportFault> {
  const broken = Object.entries(request.headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value));
  // fetch refuses it too, in a message that quotes the value.
  if (broken !== undefined)
    return final(request, 'usage', `header ${broken[0]} holds a character that no header can`);
  // fetch refuses these, too, in a message that quotes the whole address.
  const { username, password } = new URL(request.url);
  if (username !== '' || password !== '')
    return final(request, 'usage', 'a user name or password inside the address is not taken');
  const proxy = proxyFor(request.url);
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), request.timeoutMs);
  try {
    const asked = {
      method: request.method,
      headers: request.headers,
      signal: timer.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    };
    const response =
      proxy === null
        ? await fetch(request.url, { ...asked, redirect: 'manual' })
        : await (await import('./proxy-fetch.ts')).fetchThrough(proxy, request.url, asked);
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      return redirected(request, response);
    }
    return await read(request, response);
  } catch (error) {
    return timer.signal.aborted ? late(request) : faultOf(request, error, proxy);
  } finally {
    clearTimeout(timeout);
  }
}

async function read(request: HttpRequest, response: Response): Promise<HttpAnswer | TransportFault> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream: what is too long is never held in memory.
    if (bytes > request.maxBytes) return tooLarge(request);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(response.headers);
  const text = decode(Buffer.concat(chunks), response.ok);
  if (text === null) return final(request, 'answer_invalid', 'the answer is not UTF-8');
  return { kind: 'answer', status: response.status, headers, text, bytes };
}

/** An error page in another encoding is still an error page; a document must be exact. */
function decode(bytes: Uint8Array, isExact: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: isExact }).decode(bytes);
  } catch {
    return null;
  }
}

const failed = (
  kind: TransportFault['kind'],
  request: HttpRequest,
  code: FailureCode,
  what: string,
  hint = '',
): TransportFault => ({
  kind,
  failure: new Failure(code, `${withoutCredentials(request.url)}: ${what}`, hint),
});

const final = (request: HttpRequest, code: FailureCode, what: string, hint = '') =>
  failed('final', request, code, what, hint);

const late = (request: HttpRequest): TransportFault =>
  failed('unclear', request, 'timed_out', `no answer within ${request.timeoutMs / 1000} s`);

const tooLarge = (request: HttpRequest): TransportFault =>
  final(
    request,
    'answer_too_large',
    `the answer is longer than ${Math.round(request.maxBytes / 1024 / 1024)} MiB`,
  );

/** Followed blindly, a redirect would carry the token and a mutation's body to another place. */
function redirected(request: HttpRequest, response: Response): TransportFault {
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, request.url) ? new URL(location, request.url) : null;
  const isHere = target !== null && originOf(target) === originOf(request.url);
  const where =
    target === null
      ? 'nowhere'
      : isHere
        ? withoutCredentials(target)
        : target.origin === 'null'
          ? target.protocol
          : target.origin;
  return final(
    request,
    'redirect_refused',
    `answers with a redirect (${response.status}) to ${where}`,
    'Redirects are not followed with a token. If that address is right, configure it itself.',
  );
}

/** What the connection said, by undici's or Node's code; anything not listed may have been executed. */
const ABSENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'name not resolved',
  EAI_AGAIN: 'name not resolved (for now)',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s',
};

const CERTIFICATE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|CRL_|INVALID_CA)/;

function faultOf(request: HttpRequest, error: unknown, proxy: string | null): TransportFault {
  const { code, message } = causeOf(error);
  const absent = ABSENT[code];
  if (absent !== undefined) {
    if (proxy === null)
      return failed('absent', request, 'unreachable', absent, 'Check the address, and that the server runs.');
    const through = `${absent}, through the proxy ${originOf(proxy)}`;
    return failed(
      'absent',
      request,
      'unreachable',
      through,
      'Check HTTPS_PROXY, or name the host in NO_PROXY.',
    );
  }
  if (CERTIFICATE.test(code)) {
    return final(
      request,
      'unreachable',
      `certificate not accepted: ${message} (${code})`,
      'For an authority of your own set NODE_EXTRA_CA_CERTS to its certificate.',
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return final(request, 'unreachable', `no TLS there (${code})`, 'Is it http instead of https?');
  }
  if (message === 'bad port') return final(request, 'unreachable', 'a port that fetch refuses to use');
  return failed('unclear', request, 'connection_lost', `connection lost (${code || message})`);
}

interface Cause {
  readonly message: string;
  readonly code: string;
}

/** undici wraps the cause in `fetch failed` or `terminated`, which says nothing. */
function causeOf(error: unknown): Cause {
  const { cause, message, code } = (error ?? {}) as { cause?: unknown; message?: unknown; code?: unknown };
  if (typeof cause === 'object' && cause !== null) return causeOf(cause);
  return { message: String(message ?? error), code: String(code ?? '') };
}
