/** An http(s) address; null for any other text. */
export function parseWebAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
}

/** An address as it may be shown and stored: without user info, query and fragment. Throws a TypeError if it is none. */
export function withoutCredentials(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Letters, digits and `-._~`, which need no encoding; `/`, `\` and `%`, which servers decode at different places; hex in lower case. */
const NEEDLESSLY_ENCODED =
  /%(?:2[5DEF]|3\d|4[1-9A-F]|5[0-9ACF]|6[1-9A-F]|7[0-9AE]|[a-f][\da-f]|[\dA-F][a-f])/;

/**
 * Why an address could have a second spelling that the same server answers; null: it has none. A shop must have one spelling,
 * because policy, lock, archive and mark are chosen by it. `URL` itself settles case and port of the origin and dot segments.
 */
export function oddSpelling({ hostname, pathname }: URL): string | null {
  if (hostname.endsWith('.')) return 'its host ends in a dot';
  if (pathname.includes('//')) return 'its path has an empty segment (//)';
  if (pathname.includes(';')) return 'its path has a parameter (;)';
  if (NEEDLESSLY_ENCODED.test(pathname))
    return 'its path encodes a character that is written plainly, or in lower case (%)';
  return null;
}
