import { Failure, type FailureCode } from '../../core/failure.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import { originOf } from './origin-policy.ts';
import { ProxyFault } from './proxy-fault.ts';
import type { FetchedResponse, HttpRequest, TransportFault } from './types.ts';

function fault(
  kind: TransportFault['kind'],
  request: HttpRequest,
  what: { readonly code: FailureCode; readonly text: string; readonly hint?: string },
): TransportFault {
  const address = withoutCredentials(request.url);
  return { kind, failure: new Failure(what.code, `${address}: ${what.text}`, what.hint ?? '') };
}

/** A request that cannot be sent as it is. */
export const unsendable = (request: HttpRequest, text: string): TransportFault =>
  fault('final', request, { code: 'usage', text });

export const timedOut = (request: HttpRequest): TransportFault =>
  fault('unclear', request, { code: 'timed_out', text: `no answer within ${request.timeoutMs / 1000} s` });

export const givenUp = (request: HttpRequest): TransportFault =>
  fault('final', request, { code: 'connection_lost', text: 'given up: the answer is not needed any more' });

export const tooLarge = (request: HttpRequest): TransportFault =>
  fault('final', request, {
    code: 'answer_too_large',
    text: `the answer is longer than ${Math.round(request.maxBytes / 1024 / 1024)} MiB`,
  });

export const notUtf8 = (request: HttpRequest): TransportFault =>
  fault('final', request, { code: 'answer_invalid', text: 'the answer is not UTF-8' });

/** Followed blindly, a redirect would carry the token and a mutation's body to another place. */
export function redirected(request: HttpRequest, response: FetchedResponse): TransportFault {
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, request.url) ? new URL(location, request.url) : null;
  return fault('final', request, {
    code: 'redirect_refused',
    text: `answers with a redirect (${response.status}) to ${shownTarget(target, request.url)}`,
    hint: 'Redirects are not followed with a token. If that address is right, configure it directly.',
  });
}

function shownTarget(target: URL | null, from: string): string {
  if (target === null) return 'nowhere';
  if (originOf(target) === originOf(from)) return withoutCredentials(target);
  return target.origin === 'null' ? target.protocol : target.origin;
}

/** By undici's or Node's code: the request certainly did not arrive. After any other code it may have been executed. */
const ABSENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'name not resolved',
  EAI_AGAIN: 'name not resolved (for now)',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s',
};

const CERTIFICATE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|CRL_|INVALID_CA)/;

/** What a rejected fetch means. */
export function faultOf(request: HttpRequest, error: unknown): TransportFault {
  const { code, message, proxyFault } = causeOf(error);
  if (proxyFault !== null && proxyFault.problem.kind !== 'connection')
    return refusedByProxy(request, proxyFault);
  const absent = ABSENT[code];
  if (absent !== undefined) {
    const [text, hint] =
      proxyFault === null
        ? [absent, 'Check the address and that the server is running.']
        : [
            `${absent}, through the proxy ${proxyFault.proxy}`,
            'Check HTTPS_PROXY, or name the host in NO_PROXY.',
          ];
    return fault('absent', request, { code: 'unreachable', text, hint });
  }
  if (CERTIFICATE.test(code)) {
    return fault('final', request, {
      code: 'unreachable',
      text: `certificate not accepted: ${message} (${code})`,
      hint: 'For a private certificate authority set NODE_EXTRA_CA_CERTS to the path of its certificate.',
    });
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const hint = 'Check whether the server uses http instead of https.';
    return fault('final', request, { code: 'unreachable', text: `no TLS there (${code})`, hint });
  }
  if (message === 'bad port')
    return fault('final', request, { code: 'unreachable', text: 'a port that fetch refuses to use' });
  return fault('unclear', request, { code: 'connection_lost', text: `connection lost (${code || message})` });
}

/** The proxy made no connection, so the request did not arrive; a proxy under strain (429, 5xx) may make one later. */
function refusedByProxy(request: HttpRequest, { problem, proxy }: ProxyFault): TransportFault {
  if (problem.kind === 'unsupported') {
    const hint = 'Give it as http://HOST:PORT or https://HOST:PORT, or name the host in NO_PROXY.';
    return fault('final', request, { code: 'unreachable', text: problem.reason, hint });
  }
  const status = problem.kind === 'answered' ? problem.status : 0;
  return fault(status === 429 || status >= 500 ? 'absent' : 'final', request, {
    code: 'unreachable',
    text: `the proxy ${proxy} could not connect (${status})`,
    hint:
      status === 407
        ? 'Put user name and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT'
        : 'Ask the proxy’s administrator to allow this host, or name the host in NO_PROXY.',
  });
}

interface Cause {
  readonly message: string;
  readonly code: string;
  readonly proxyFault: ProxyFault | null;
}

/** The deepest cause, since fetch wraps it in `fetch failed` or `terminated`, and the ProxyFault on the way to it. */
function causeOf(error: unknown, proxyFault: ProxyFault | null = null): Cause {
  const found = error instanceof ProxyFault ? error : proxyFault;
  const { cause, message, code } = (error ?? {}) as { cause?: unknown; message?: unknown; code?: unknown };
  if (typeof cause === 'object' && cause !== null) return causeOf(cause, found);
  return { message: String(message ?? error), code: String(code ?? ''), proxyFault: found };
}
