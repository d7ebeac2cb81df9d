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
