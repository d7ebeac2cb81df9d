import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { looksLikeHtml, parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { formatCount } from '../../core/text/counting.ts';
import type { Http } from '../http/client.ts';

/** Address and headers of one forge's REST API. Only `address` gets the token. */
export interface ForgeAccess {
  /** For messages: GitHub, GitLab. */
  readonly name: string;
  /** Base address of the API, without a slash at its end. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The variable with the token, for messages. */
  readonly tokenVariable: string;
  readonly http: Http;
  readonly clock: Clock;
}

/** One call. `path` is relative to the API's address and completely encoded. */
interface ForgeCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** The permission that the token needs for it, in the forge's words. */
  readonly needs: string;
}

export interface ForgeApi {
  /** The answer as an object. Throws a Failure (token_invalid, permission_missing, answer_invalid and those of Http). */
  call(call: ForgeCall): Promise<JsonObject>;
  /** Every item of a list, over all its pages. The same Failures, and limit_exceeded for a list of 5,000 items or more. */
  list(call: Pick<ForgeCall, 'path' | 'query' | 'needs'>): Promise<readonly JsonObject[]>;
}

const PAGE = 100;
const MOST_PAGES = 50;
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** A call that the forge postpones (429) was not executed, so it is sent again. */
const MOST_WAITS = 3;
const LONGEST_WAIT_S = 60;

export function createForgeApi(access: ForgeAccess): ForgeApi {
  async function send(call: ForgeCall): Promise<{ readonly status: number; readonly text: string }> {
    const { method, path, query, body } = call;
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
    for (let waits = 0; ; waits += 1) {
      const reply = await access.http.send({
        method,
        url: `${access.address}${path}${search}`,
        headers: {
          'user-agent': 'sailplan',
          ...access.headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        isRepeatable: method === 'GET',
      });
      const waitS = waits < MOST_WAITS ? putOffBy(reply.status, reply.headers) : null;
      if (waitS === null) return reply;
      await access.clock.sleep(waitS * 1000);
    }
  }

  async function answerOf(call: ForgeCall): Promise<unknown> {
    const { status, text } = await send(call);
    const value = text.trim() === '' ? {} : parseJsonOrNothing(text);
    if (status >= 400) throw refusalBy(access, call, status, isRecord(value) ? value : null);
    if (value !== undefined) return value;
    const what = looksLikeHtml(text) ? 'a web page' : 'no JSON';
    throw oddAnswer(access, call, `answered with ${what}`);
  }

  return {
    async call(call) {
      const value = await answerOf(call);
      if (isRecord(value)) return value;
      throw oddAnswer(access, call, 'answered with no JSON object');
    },
    async list({ path, query, needs }) {
      const found: JsonObject[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const call = {
          method: 'GET',
          path,
          query: { ...query, per_page: String(PAGE), page: String(page) },
          needs,
        } as const;
        const items = await answerOf(call);
        if (!Array.isArray(items) || !items.every(isRecord))
          throw oddAnswer(access, call, 'answered with no list');
        found.push(...items);
        if (items.length < PAGE) return found;
      }
      // A part of a list would hide what sailplan wrote before, and it would write it again.
      throw new Failure(
        'limit_exceeded',
        `${access.name} lists ${formatCount(PAGE * MOST_PAGES)} items or more (GET ${path})`,
        'sailplan reads the whole list to find what it wrote before: close or delete what is not needed any more.',
      );
    },
  };
}

/** Seconds to wait before the call is repeated; null: the answer is final. */
function putOffBy(status: number, headers: Readonly<Record<string, string>>): number | null {
  if (status !== 429 && !(status === 403 && headers['retry-after'] !== undefined)) return null;
  const given = Number(headers['retry-after'] ?? 1);
  return Number.isFinite(given) && given >= 0 && given <= LONGEST_WAIT_S ? given : null;
}

const calledAs = ({ method, path }: ForgeCall): string => `${method} ${path}`;

const oddAnswer = ({ name, address }: ForgeAccess, call: ForgeCall, what: string): Failure =>
  new Failure(
    'answer_invalid',
    `${name} ${what} (${calledAs(call)})`,
    `Check the address of its API: ${address}.`,
  );

function refusalBy(
  { name, tokenVariable }: ForgeAccess,
  call: ForgeCall,
  status: number,
  answer: JsonObject | null,
): Failure {
  const said = answer === null ? '' : `: ${wordsOf(answer)}`;
  const message = `${name} refused ${calledAs(call)} with status ${status}${said}`;
  if (status === 401)
    return new Failure('token_invalid', message, `Set ${tokenVariable} to a valid token of ${name}.`);
  if (status === 403 || status === 404)
    return new Failure(
      'permission_missing',
      message,
      `The token in ${tokenVariable} needs ${call.needs}; ${name} answers 404 for what a token may not see.`,
    );
  return new Failure('answer_invalid', message, 'Run the same command again: it continues where it stopped.');
}

/** At most 300 characters of the forge's message, on one line. */
function wordsOf(answer: JsonObject): string {
  const said = [answer['message'], answer['error'], ...[answer['errors']].flat()].flatMap((one) =>
    typeof one === 'string' ? [one] : isRecord(one) || Array.isArray(one) ? [JSON.stringify(one)] : [],
  );
  return [...new Set(said)].join('; ').slice(0, 300);
}
