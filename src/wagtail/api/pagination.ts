import { Failure } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import type { Sender, SiteReply } from '../http-responses.ts';
import { errorMessageIn, objectOf, sendGet } from '../http-responses.ts';

/** What requests to a site have shown so far; kept from read to read. */
export interface Session {
  readonly sender: Sender;
  /** Items a request; falls to the site's maximum, grows where the site has none. */
  limit: number;
  /** Whether the site has named its maximum. */
  isCapped: boolean;
  /** Optional fields that the site does not show. */
  readonly omitted: Set<string>;
  requests: number;
  firstAnswerAt: string | null;
  lastAnswerAt: string | null;
  /** Characters of the answers since `beginRead`. */
  received: number;
}

/** A site of more items than this is none that could be planned in one go. */
const MOST_TOTAL = 1_000_000;

/** Characters of the answers to one read of a site. 100,000 pages have some 150 million. */
const MOST_RECEIVED = 250_000_000;

/** Call this before each read of the whole site. */
export function beginRead(session: Session): void {
  session.received = 0;
}

export const createSession = (sender: Sender, limit: number): Session => ({
  sender,
  limit,
  isCapped: false,
  omitted: new Set(),
  requests: 0,
  firstAnswerAt: null,
  lastAnswerAt: null,
  received: 0,
});

export interface ListingRequest {
  /** Address of the collection, with its trailing slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly version: 'v2' | 'v3';
  readonly onItems?: ((items: number, total: number) => void) | undefined;
}

export interface Listing {
  readonly items: readonly JsonObject[];
  readonly total: number;
  readonly requests: number;
}

/** The site changed during the read: it proves nothing and is repeated. */
export interface ChangedWhileRead {
  readonly changed: string;
}

/** A 400 with the site's message, for the caller to interpret. */
export interface RefusedQuery {
  readonly refused: string;
}

/**
 * Reads a whole collection by offset paging, as far as one read can prove it (docs/wagtail.md#consistency): the same total in
 * every answer, that number of items, every page but the last full, no id twice and, in v2, increasing ids. Throws a Failure
 * for any other answer.
 */
export async function readListing(
  session: Session,
  request: ListingRequest,
): Promise<Listing | ChangedWhileRead | RefusedQuery> {
  const items: JsonObject[] = [];
  const seen = new Set<number | string>();
  let total: number | null = null;
  let requests = 0;
  do {
    const { limit } = session;
    const answer = await ask(session, request, items.length);
    requests += 1;
    if ('refused' in answer) return answer;
    if ('limit' in answer) continue;
    if (total !== null && answer.total !== total) {
      return { changed: `${withoutCredentials(request.url)} counted ${total}, then ${answer.total}` };
    }
    total = answer.total;
    if (total > MOST_TOTAL) throw tooMany(request, `${total} items`, `${MOST_TOTAL} items`);
    const changed = take(answer.items, items, seen, request);
    if (changed !== null) return changed;
    request.onItems?.(items.length, total);
    // Offsets assume full pages; and a site that returns less each time would never end.
    if (answer.items.length < limit && items.length < total) break;
    increasePageSize(session, total - items.length);
  } while (total === null || items.length < total);
  if (items.length === total) return { items, total, requests };
  return { changed: `${withoutCredentials(request.url)} gave ${items.length} of ${total}` };
}

const tooMany = ({ url }: ListingRequest, found: string, most: string): Failure =>
  new Failure(
    'answer_invalid',
    `${withoutCredentials(url)} lists ${found}, and at most ${most} are read`,
    'Check that this is the endpoint of one page type or snippet.',
  );

type Answer =
  | { readonly items: readonly JsonObject[]; readonly total: number }
  | { readonly limit: number }
  | RefusedQuery;

async function ask(session: Session, request: ListingRequest, offset: number): Promise<Answer> {
  const query = { ...request.query, limit: String(session.limit), offset: String(offset) };
  const reply = await sendIn(session, addressWith(request.url, query), request.headers);
  if (reply.status === 400) {
    const words = errorMessageIn(reply) ?? '';
    const lower = pageLimitIn(words);
    if (lower === null || lower >= session.limit) return { refused: words };
    session.limit = lower;
    session.isCapped = true;
    return { limit: lower };
  }
  session.received += reply.text.length;
  if (session.received > MOST_RECEIVED)
    throw tooMany(request, `${session.received} characters`, `${MOST_RECEIVED} characters of all lists`);
  return collectionOf(objectOf(reply, request.url), request);
}

/** Larger pages leave less time for edits between them; even larger ones would overload a small site. */
const MOST_ITEMS = 500;

function increasePageSize(session: Session, rest: number): void {
  if (!session.isCapped) session.limit = Math.max(session.limit, Math.min(rest, MOST_ITEMS));
}

/** Sends one request of a session; counts it and notes the site's clock. */
export async function sendIn(
  session: Session,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<SiteReply> {
  session.requests += 1;
  const reply = await sendGet(session.sender, { url, headers });
  const at = reply.headers['date'] ?? null;
  session.firstAnswerAt ??= at;
  session.lastAnswerAt = at ?? session.lastAnswerAt;
  return reply;
}

/** Adds a query to an address. Commas are not escaped, since a list of fields is long already. */
export function addressWith(url: string, query: Readonly<Record<string, string>>): string {
  const parameters = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`,
  );
  return `${url}?${parameters.join('&')}`;
}

/** The maximum in "limit cannot be higher than 20", which is an error and not a cap (docs/wagtail.md#limits-and-offsets). */
export function pageLimitIn(words: string): number | null {
  const digits = /limit cannot be higher than (\d+)/.exec(words)?.[1];
  const limit = Number(digits);
  return digits === undefined || !(limit >= 1) ? null : limit;
}

function collectionOf(body: JsonObject, { url, version }: ListingRequest): Answer {
  const meta = body['meta'] as JsonObject | undefined;
  const total = version === 'v3' ? body['count'] : meta?.['total_count'];
  const items = body['items'];
  const isWhole =
    typeof total === 'number' && Number.isSafeInteger(total) && Array.isArray(items) && items.every(isItem);
  if (isWhole) return { items: items as readonly JsonObject[], total };
  throw new Failure(
    'answer_invalid',
    `${withoutCredentials(url)} answered with JSON, but not with a listing of API ${version}`,
    'Check the base URL: it ends in the path of the Wagtail API router.',
  );
}

const isItem = (item: Json): boolean =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && isId((item as JsonObject)['id']);

/** A snippet's primary key may be text or a UUID. */
const isId = (id: Json | undefined): id is number | string =>
  Number.isSafeInteger(id) || (typeof id === 'string' && id !== '');

function take(
  found: readonly JsonObject[],
  items: JsonObject[],
  seen: Set<number | string>,
  { url, version }: ListingRequest,
): ChangedWhileRead | null {
  for (const [index, item] of found.entries()) {
    const id = item['id'] as number | string;
    if (seen.has(id)) return { changed: `${withoutCredentials(url)} gave ${id} twice` };
    const before = items.at(-1)?.['id'];
    // How a database orders text is its own affair.
    if (version === 'v2' && typeof before === 'number' && typeof id === 'number' && id <= before) {
      if (index === 0) return { changed: `${withoutCredentials(url)} gave ${id} after ${before}` };
      // One answer is sorted or it is not: no edit can explain this.
      throw new Failure(
        'answer_invalid',
        `${withoutCredentials(url)} ignores order=id: ${id} came after ${before}`,
        'Its viewset needs the OrderingFilter, or no ordering of its own.',
      );
    }
    seen.add(id);
    items.push(item);
  }
  return null;
}
