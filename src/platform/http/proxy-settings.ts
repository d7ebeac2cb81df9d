import { isLoopback } from './origin-policy.ts';

/** One proxy, and the hosts that are reached without it. */
export interface ProxySettings {
  /** Scheme, host and port: what messages show. */
  readonly origin: string;
  /** Value of the header Proxy-Authorization; null if the variable has no user info. */
  readonly authorization: string | null;
  /** The value of NO_PROXY; undici decides by it. */
  readonly noProxy: string;
  /** Why this proxy cannot be used; null: it can. It matters only to hosts that NO_PROXY does not list. */
  readonly refusal: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY sets for this address; null if none does. Requests to this machine never
 * use a proxy.
 */
export function proxySettings(url: string, env: Environment = process.env): ProxySettings | null {
  const { protocol, hostname } = new URL(url);
  if (isLoopback(hostname)) return null;
  const scheme = protocol.slice(0, -1);
  const proxy = firstSet(env, [
    `npm_config_${scheme}_proxy`,
    `${scheme}_proxy`,
    'npm_config_proxy',
    'all_proxy',
  ]);
  if (proxy === null) return null;
  const noProxy = firstSet(env, ['npm_config_no_proxy', 'no_proxy'])?.value ?? '';
  const address = proxy.value.includes('://') ? proxy.value : `${scheme}://${proxy.value}`;
  const parsed = URL.canParse(address) ? new URL(address) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol))
    return { origin: parsed.origin, authorization: authorizationOf(parsed), noProxy, refusal: null };
  // Not the value itself, because it may contain a password.
  const kind = parsed === null ? 'no address' : `a ${parsed.protocol.slice(0, -1)} proxy`;
  const refusal = `${proxy.name} names ${kind}, but only http and https proxies are supported`;
  return { origin: 'http://proxy.invalid', authorization: null, noProxy, refusal };
}

/** The first variable that is not empty; each name in lower case, then in upper case. */
function firstSet(env: Environment, names: readonly string[]) {
  for (const name of names.flatMap((lower) => [lower, lower.toUpperCase()])) {
    const value = env[name] ?? '';
    if (value !== '') return { name, value };
  }
  return null;
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const plain = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(plain).toString('base64')}`;
}

/** A single % is kept. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
