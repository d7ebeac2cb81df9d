import { Dispatcher, EnvHttpProxyAgent, fetch, Pool, type RequestInit } from 'undici';
import { ProxyFault } from './proxy-fault.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { FetchedResponse } from './types.ts';

type Connector = Extract<NonNullable<Pool.Options['connect']>, (...args: never) => unknown>;

const agents = new Map<string, EnvHttpProxyAgent>();

/**
 * Fetches through a proxy: over a tunnel (CONNECT) for https, so that the proxy sees neither token nor answer; with the full
 * address for http. Hosts of NO_PROXY are reached directly. If no connection was established, the error has a ProxyFault among
 * its causes.
 */
export async function fetchThroughProxy(
  proxy: ProxySettings,
  url: string,
  init: RequestInit,
): Promise<FetchedResponse> {
  const key = JSON.stringify(proxy);
  const agent = agents.get(key) ?? createAgent(proxy);
  agents.set(key, agent);
  try {
    // Node's own fetch comes from another version of undici, which this agent does not fit.
    return await fetch(url, { ...init, dispatcher: agent });
  } catch (error) {
    throw asksForCredentials(error)
      ? new ProxyFault({ kind: 'answered', status: 407 }, proxy.origin, error)
      : error;
  }
}

/** undici has no code for this: a 407 to a request without a tunnel. */
const asksForCredentials = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  error.cause.message === 'Proxy Authentication Required (407)';

function createAgent(proxy: ProxySettings): EnvHttpProxyAgent {
  const { origin, authorization, noProxy } = proxy;
  return new EnvHttpProxyAgent({
    httpProxy: origin,
    httpsProxy: origin,
    noProxy,
    proxyTunnel: false,
    ...(authorization === null ? {} : { token: authorization }),
    factory: (target, options) => openPool(proxy, target, options),
    clientFactory: (target, options) => openTunnelPool(proxy, target, options),
  });
}

/** Connections to a server or to the proxy. Only those to the proxy have a connector. */
function openPool(proxy: ProxySettings, target: string | URL, options: Pool.Options): Pool {
  const { connect } = options;
  return new Pool(
    target,
    typeof connect === 'function' ? { ...options, connect: withProxyFaults(proxy, connect) } : options,
  );
}

/** Connections to the proxy, each of which becomes a tunnel if the proxy answers 200. */
function openTunnelPool(proxy: ProxySettings, target: URL, options: Pool.Options): Pool {
  const pool = openPool(proxy, target, options);
  return Object.assign(pool, {
    connect: async (request: Dispatcher.ConnectOptions) => {
      const tunnel = await Dispatcher.prototype.connect.call(pool, request);
      if (tunnel.statusCode === 200) return tunnel;
      tunnel.socket.on('error', () => undefined).destroy();
      throw new ProxyFault({ kind: 'answered', status: tunnel.statusCode }, proxy.origin);
    },
  });
}

/** Errors become ProxyFaults, also because undici reconnects without end after an error with the code of a closed socket. */
function withProxyFaults({ origin, refusal }: ProxySettings, connect: Connector): Connector {
  return (options, callback) => {
    if (refusal !== null)
      return callback(new ProxyFault({ kind: 'unsupported', reason: refusal }, origin), null);
    return connect(options, (error, socket) => {
      if (error === null) callback(null, socket);
      else
        callback(
          error instanceof ProxyFault ? error : new ProxyFault({ kind: 'connection' }, origin, error),
          null,
        );
    });
  };
}
