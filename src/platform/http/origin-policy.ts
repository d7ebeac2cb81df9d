import { Failure } from '../../core/failure.ts';
import { parseWebAddress, withoutCredentials } from '../../core/web-address.ts';

export const originOf = (url: string | URL): string => new URL(url).origin;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name of a parsed URL means this machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/** Where an address came from, and whether plain http was allowed explicitly. */
export interface AddressOrigin {
  /** From a config file, which a branch may change before review; else from the environment or the command line. */
  readonly fromConfig: boolean;
  readonly allowHttp?: boolean;
}

/**
 * A token goes only to an origin that the environment or the command line gave, or that SAILPLAN_ALLOWED_ORIGINS lists
 * (SECURITY.md#a-token): a config file in a branch cannot send it elsewhere. `ignored`: why a file that lists some did not
 * count. Returns the parsed address, or throws a Failure (origin_not_allowed).
 */
export function allowOrigin(
  url: string,
  { fromConfig, allowHttp = false }: AddressOrigin,
  env: Readonly<Record<string, string | undefined>>,
  ignored: string | null = null,
): URL {
  const parsed = parse(url);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new Failure(
      'origin_not_allowed',
      `${withoutCredentials(parsed)}: user name and password inside an address are not taken`,
      'Give the token in its own variable, for example SALEOR_TOKEN.',
    );
  }
  const isPlain = parsed.protocol === 'http:';
  if (isPlain && !allowHttp && !isLoopback(parsed.hostname)) {
    throw new Failure(
      'origin_not_allowed',
      `${withoutCredentials(parsed)} is plain http: a token would travel in the clear`,
      'Use https, or --allow-http inside a network that you trust.',
    );
  }
  if (fromConfig && !allowed(env).has(parsed.origin)) {
    throw new Failure(
      'origin_not_allowed',
      `the token is not sent to ${parsed.origin}, an address that only a config file names${ignored === null ? '' : ` (${ignored})`}`,
      `Run: export SAILPLAN_ALLOWED_ORIGINS=${parsed.origin}\n  On a terminal sailplan doctor asks once and remembers it outside the repository.`,
    );
  }
  return parsed;
}

function parse(url: string): URL {
  const parsed = parseWebAddress(url);
  if (parsed !== null) return parsed;
  throw new Failure(
    'origin_not_allowed',
    'not an http(s) address',
    'It reads like https://shop.example.com/graphql/.',
  );
}

/** The origins in SAILPLAN_ALLOWED_ORIGINS, separated by commas or blanks; any other text allows nothing. */
function allowed(env: Readonly<Record<string, string | undefined>>): ReadonlySet<string> {
  const listed = (env['SAILPLAN_ALLOWED_ORIGINS'] ?? '').split(/[\s,]+/).filter((item) => URL.canParse(item));
  return new Set(listed.map((item) => new URL(item).origin).filter((origin) => origin !== 'null'));
}
