import { parseWebAddress } from './web-address.ts';

/** Parameters that carry a signature, in lower case: S3, Google Cloud Storage, OSS, COS, Azure, CloudFront and other CDNs. */
const SIGNATURES = /^(x-[a-z]+-signature|x-[a-z]+-security-token|signature|sig|q-signature)$/;
/**
 * Parameters that limit time or audience: only together with one of these is a parameter named `token` or `signature` a
 * signature and not a version.
 */
const LIMITS =
  /^(x-[a-z]+-(credential|expires|date|algorithm)|expires|expiry|exp|se|st|policy|key-pair-id|awsaccesskeyid|googleaccessid|ossaccesskeyid|q-ak|q-sign-time)$/;
const TOKENS = /^(token|verify|md5|hash|hmac|sign|s|st)$/;
/** A token that contains its own expiry: Akamai, Google Media CDN, Alibaba. */
const SELF_LIMITED = /^(hdnts|hdnea|hdntl|__token__|edge-cache-token|auth_key)$/;
const SECONDS = /^x-[a-z]+-expires$/;

/**
 * Why an image address must not be stored: it expires or contains credentials; null: it may be stored. The text is the same
 * for every signature of one file, so that two reads are equal.
 */
export function temporaryAddressFault(address: string): string | null {
  // Most addresses have neither, and parsing thousands takes time.
  if (!/[?@]/.test(address)) return null;
  const url = parseWebAddress(address);
  if (url === null) return null;
  if (url.username !== '' || url.password !== '') return CREDENTIALS;
  const parameters = [...url.searchParams].map(([name, value]) => [name.toLowerCase(), value] as const);
  const has = (pattern: RegExp) => parameters.some(([name]) => pattern.test(name));
  const isSigned = has(/^x-[a-z]+-signature$/) || has(SELF_LIMITED) || (has(SIGNATURES) && has(LIMITS));
  if (!isSigned && !(has(TOKENS) && has(/^(expires|expiry|exp|e)$/))) return null;
  const seconds = parameters.find(([name, value]) => SECONDS.test(name) && /^[0-9]{1,9}$/.test(value))?.[1];
  return seconds === undefined ? SIGNED : `${SIGNED}, valid for ${Number(seconds)} s`;
}

const SIGNED = 'signed';
const CREDENTIALS = 'contains a user name or password';

export const isTemporary = (fault: string): boolean =>
  fault === CREDENTIALS || fault === SIGNED || fault.startsWith(`${SIGNED}, valid for `);

/** Hosts that only one machine or one network can reach. */
const LOCAL =
  /^(localhost|.+\.localhost|.+\.local|0\.0\.0\.0|127(\.\d{1,3}){3}|10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2}|172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2}|169\.254(\.\d{1,3}){2}|\[::1?\]|\[f[cd][0-9a-f]{2}:.*\]|\[fe80:.*\])$/;

/** Whether other machines cannot reach this address; false for a text that is not an address. */
export function isLocalAddress(address: string): boolean {
  if (!MAYBE_LOCAL.test(address)) return false;
  const url = parseWebAddress(address);
  return url !== null && LOCAL.test(url.hostname);
}

/** Excludes nearly all addresses without parsing them. */
const MAYBE_LOCAL = /^https?:\/\/(?:[^/?#]*@)?(?:\d|\[|[^/?#]*local)/i;
