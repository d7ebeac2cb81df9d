import { Failure } from '../core/failure.ts';

/** Another value could send the token elsewhere or break the request. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const isHeaderName = (name: string): boolean => /^[A-Za-z0-9-]+$/.test(name);

/**
 * Further headers for a proxy in front of a server. `what` names the option in messages. Throws a Failure (usage) for a
 * header that the HTTP client sets itself and for one that is named twice.
 */
export function assertFurtherHeaders(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower))
      throw new Failure(
        'usage',
        `${what} ${name}: sailplan sets this header itself`,
        lower === 'authorization' ? 'Set SALEOR_TOKEN or WAGTAIL_TOKEN instead.' : 'Remove it.',
      );
    if (seen.has(lower)) throw new Failure('usage', `${what} names ${name} twice`, 'Name each header once.');
    seen.add(lower);
  }
}
