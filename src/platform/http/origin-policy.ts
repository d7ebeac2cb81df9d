import { Failure } from '../../core/failure.ts';
import { parseWebAddress, withoutCredentials } from '../../core/web-address.ts';

export const originOf = (url: string | URL): string => new URL(url).origin;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a host name of a parsed URL means this machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/** Saleor, Wagtail and the servers of both lists: each has its own token, and none may get another one's. */
export type Side = 'saleor' | 'wagtail' | 'registry' | 'control_plane';

/** Where an address came from, what is sent there, and whether plain http was allowed explicitly. */
export interface AddressOrigin {
  /** Side of the tokens and headers to send; null: none are sent, and any listed origin may be contacted. */
  readonly side: Side | null;
  /** From a config file, which a branch may change before review; else from the environment or the command line. */
  readonly fromConfig: boolean;
  readonly allowHttp?: boolean;
  /** The side that is proposed for an address to which no token is sent (wagtail). */
  readonly proposed?: Side;
}

/** The origins that a person allowed, for addresses that only a config file names. */
export interface AllowedOrigins {
  /** Entries such as saleor=https://shop.example.com, separated by commas or spaces; any other text allows nothing. */
  readonly list: string;
  /** The side of an entry without a side: that of the only token. null: the side is unknown. */
  readonly bareSide: Side | null;
  /** Why a file that lists some did not count; null: it did, or there is none. */
  readonly ignoredBecause: string | null;
}

/** Where a library call names every address itself. */
export const NONE_ALLOWED: AllowedOrigins = { list: '', bareSide: null, ignoredBecause: null };

/**
 * A token is sent only to an origin from the environment or the command line, or one that a person allowed for its side
 * (SECURITY.md#a-token): a config file in a branch cannot send it elsewhere, nor to the other side. Returns the parsed
 * address, or throws a Failure (origin_not_allowed).
 */
export function allowOrigin(
  url: string,
  { side, fromConfig, allowHttp = false, proposed = 'wagtail' }: AddressOrigin,
  allowed: AllowedOrigins,
): URL {
  const parsed = parse(url);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new Failure(
      'origin_not_allowed',
      `${withoutCredentials(parsed)}: user name and password in an address are not supported`,
      'Give the token in its own variable, for example SALEOR_TOKEN.',
    );
  }
  const isPlain = parsed.protocol === 'http:';
  if (side !== null && isPlain && !allowHttp && !isLoopback(parsed.hostname)) {
    throw new Failure(
      'origin_not_allowed',
      `${withoutCredentials(parsed)} uses plain http: the token would be sent unencrypted`,
      'Use https, or give --allow-http in a trusted network.',
    );
  }
  if (fromConfig && !isAllowed(parsed.origin, side, allowed))
    throw notAllowed(parsed.origin, { side, proposed }, allowed);
  return parsed;
}

/** A side, as messages name it. */
export const SIDE_NAMES: Readonly<Record<Side, string>> = {
  saleor: 'Saleor',
  wagtail: 'Wagtail',
  registry: 'Capability Registry',
  control_plane: 'Control Plane',
};

function notAllowed(
  origin: string,
  { side, proposed }: { readonly side: Side | null; readonly proposed: Side },
  { list, ignoredBecause }: AllowedOrigins,
): Failure {
  const ignored = ignoredBecause === null ? '' : ` (${ignoredBecause})`;
  const isOnlyBare = entriesOf(list).some((one) => one.origin === origin && one.side === null);
  const how = `Run: export SAILPLAN_ALLOWED_ORIGINS=${side ?? proposed}=${origin}`;
  if (side === null)
    return new Failure(
      'origin_not_allowed',
      `${origin} is not contacted, because only a config file names it${ignored}`,
      how,
    );
  return new Failure(
    'origin_not_allowed',
    isOnlyBare
      ? `the ${SIDE_NAMES[side]} token is not sent to ${origin}: SAILPLAN_ALLOWED_ORIGINS does not say whether this is Saleor or Wagtail${side === 'saleor' || side === 'wagtail' ? '' : ` or the ${SIDE_NAMES[side]}`}`
      : `the ${SIDE_NAMES[side]} token is not sent to ${origin}, an address that only a config file names${ignored}`,
    isOnlyBare
      ? how
      : `${how}. Or run sailplan doctor on a terminal: it asks once and remembers the answer outside the repository.`,
  );
}

/** Whether a person allowed this origin for a side; with `side` null: for any. */
export function isAllowed(origin: string, side: Side | null, { list, bareSide }: AllowedOrigins): boolean {
  const entries = entriesOf(list);
  const bare = new Set(entries.flatMap((one) => (one.side === null ? [one.origin] : [])));
  // Of several entries without a side it is unknown which one belongs to which.
  const bareMeans = bare.size === 1 ? bareSide : null;
  return entries.some((one) => one.origin === origin && (side === null || side === (one.side ?? bareMeans)));
}

interface Entry {
  readonly side: Side | null;
  readonly origin: string;
}

/** The entries of a list; a text that is not an http(s) address is ignored. */
export const entriesOf = (list: string): readonly Entry[] =>
  list.split(/[\s,]+/).flatMap((text) => {
    const [, side, address = text] = /^(saleor|wagtail|registry|control_plane)=(.*)$/.exec(text) ?? [];
    const origin = parseWebAddress(address)?.origin;
    return origin === undefined ? [] : [{ side: (side ?? null) as Side | null, origin }];
  });

function parse(url: string): URL {
  const parsed = parseWebAddress(url);
  if (parsed !== null) return parsed;
  throw new Failure(
    'origin_not_allowed',
    'not an http(s) address',
    'Example: https://shop.example.com/graphql/',
  );
}
