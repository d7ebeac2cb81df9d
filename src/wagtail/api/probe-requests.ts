import type { JsonObject } from '../../core/json/json-value.ts';
import type { Sender } from '../http-responses.ts';
import { errorMessageIn, objectOf, refusal } from '../http-responses.ts';
import { pagesUrl } from './page-query.ts';
import { addressWith, createSession, pageLimitIn, sendIn } from './pagination.ts';

/** An offset past the end reveals the page-size limit. */
const NOWHERE = { limit: '1000000', offset: '1000000000', fields: '_,id' };

/** The requests with which a site is explored. */
export interface Asker {
  /** Maximum number of items in one answer of the site; null: it has no maximum. */
  limit(): Promise<number | null>;
  /** The items of an answer, or the message of a 400; null if there is no such endpoint. Throws a Failure for other answers. */
  ask(
    url: string,
    query: Readonly<Record<string, string>>,
  ): Promise<{ items: readonly JsonObject[] } | { refused: string } | null>;
  readonly baseUrl: string;
}

/** `headers`: credentials, and what a proxy in front of the site needs. */
export function createAsker(
  sender: Sender,
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): Asker {
  const session = createSession(sender, 1);
  const send = async (address: string, query: Readonly<Record<string, string>>) => {
    const url = addressWith(address, query);
    return { url, reply: await sendIn(session, url, headers) };
  };
  return {
    baseUrl,
    async limit() {
      const { url, reply } = await send(pagesUrl({ baseUrl }), NOWHERE);
      const limit = reply.status === 400 ? pageLimitIn(errorMessageIn(reply) ?? '') : null;
      if (limit === null) objectOf(reply, url);
      return limit;
    },
    async ask(address, query) {
      const { url, reply } = await send(address, query);
      if (reply.status === 404) return null;
      if (reply.status === 400) return { refused: errorMessageIn(reply) ?? '' };
      if (reply.status !== 200) throw refusal(reply, url);
      const items = objectOf(reply, url)['items'];
      return { items: Array.isArray(items) ? (items as JsonObject[]) : [] };
    },
  };
}
