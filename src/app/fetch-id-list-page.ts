import { Failure } from '../core/failure.ts';
import { withoutCredentials } from '../core/web-address.ts';
import type { Http } from '../platform/http/client.ts';
import { type EtagCache, isEtag } from '../platform/http/etag-cache.ts';

const TIMEOUT_MS = 30_000;
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** The lists of allowed ids, as messages call them. */
export const LIST_NAMES = { registry: 'the Capability Registry', controlPlane: 'the Control Plane' } as const;
export type ListName = keyof typeof LIST_NAMES;
const FLAGS = { registry: '--capability-registry', controlPlane: '--control-plane' } as const;

interface IdListRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: EtagCache | null;
}

/**
 * Fetches one page of a list; returns the cached answer if the server confirms that it did not change. Throws a Failure
 * (token_invalid, unreachable, answer_invalid).
 */
export async function fetchIdListPage(
  list: ListName,
  { url, headers, cache }: IdListRequest,
  http: Http,
): Promise<{ readonly text: string; readonly link: string }> {
  const kept = cache?.get(url, headers) ?? null;
  const reply = await http.send({
    method: 'GET',
    url,
    headers: {
      accept: 'application/json, text/plain;q=0.9',
      ...(kept === null ? {} : { 'if-none-match': kept.etag }),
      ...headers,
    },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_PAGE_BYTES,
    isRepeatable: true,
  });
  if (reply.status === 304 && kept !== null) return kept;
  if (reply.status !== 200) throw refused(list, reply.status, url);
  const answer = { text: reply.text, link: reply.headers['link'] ?? '' };
  const etag = reply.headers['etag'] ?? '';
  if (isEtag(etag) && !holdsSecret(answer, headers)) cache?.put(url, headers, { ...answer, etag });
  return answer;
}

/** Whether the answer contains the token: such an answer is not cached. */
const holdsSecret = (
  { text, link }: { readonly text: string; readonly link: string },
  headers: IdListRequest['headers'],
): boolean =>
  Object.values(headers).some((value) => {
    const secret = value.split(' ').at(-1) ?? '';
    return text.includes(secret) || link.includes(secret);
  });

const TOKENS = { registry: 'CAPABILITY_REGISTRY_TOKEN', controlPlane: 'CONTROL_PLANE_TOKEN' } as const;

function refused(list: ListName, status: number, url: string): Failure {
  const where = `${LIST_NAMES[list]} at ${withoutCredentials(url)}`;
  if (status === 401 || status === 403)
    return new Failure(
      'token_invalid',
      `${where} requires other credentials (${status})`,
      `Set ${TOKENS[list]}, with its scheme unless that is Bearer.`,
    );
  if (status === 304)
    return new Failure(
      'answer_invalid',
      `${where} answered 304 (not modified) to a request that named no earlier answer`,
      'Check the server and the caches in front of it.',
    );
  return new Failure('unreachable', `${where} answered ${status}`, `Check ${FLAGS[list]}.`);
}
