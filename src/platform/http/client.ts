import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import { attemptRequest } from './attempt.ts';
import { originOf } from './origin-policy.ts';
import type { HttpAnswer, HttpRequest, TransportFault } from './types.ts';

interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** How often the request was sent again before this answer came: a sign of a server under strain. */
  readonly retries: number;
}

/**
 * Sends requests, with time-outs, retries, limits and no redirects. Any status but 3xx is a reply. Throws a Failure whose
 * message names the address without secrets: `unreachable` (it certainly never arrived), `timed_out` and
 * `connection_lost` (it may have been executed), `redirect_refused`, `answer_too_large`, `answer_invalid`.
 */
export interface Http {
  send(request: HttpRequest): Promise<HttpReply>;
  /** What was sent so far: for figures and benches. */
  readonly counts: {
    readonly requests: number;
    readonly retries: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
  };
}

/** One attempt of one request, for people who look for an error. Holds no headers. */
export interface Exchanged {
  readonly at: string;
  readonly method: string;
  /** Without user info, query and fragment. */
  readonly url: string;
  /** Name of the GraphQL operation; null: it is none. */
  readonly operation: string | null;
  /** Of this request, from 1. */
  readonly attempt: number;
  readonly status: number | null;
  /** Why there is no answer; null: there is one. */
  readonly fault: string | null;
  readonly ms: number;
  readonly bytes_out: number;
  readonly bytes_in: number;
  readonly request: string | null;
  readonly answer: string | null;
}

interface HttpOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1; given in tests. */
  readonly random: () => number;
  /** Called with each attempt when it has ended. */
  readonly trace?: (exchange: Exchanged) => void;
}

/** Of one request, the first included. */
const ATTEMPTS = 5;
const BASE_MS = 500;
const CAP_MS = 8_000;
/** When a server asks for a longer wait, its answer is returned instead. */
const LONGEST_WAIT_MS = 120_000;
/** Retries of all requests together: this many, or a tenth of the requests. */
const RETRY_BUDGET = 100;

/** Retries by docs/saleor.md#retries, with one budget for the life of the returned port. */
export function createHttp({ clock, random, trace }: HttpOptions): Http {
  const counts = { requests: 0, retries: 0, bytesIn: 0, bytesOut: 0 };
  /** Origins that have answered. */
  const answered = new Set<string>();

  async function attempt(request: HttpRequest, number: number): Promise<HttpAnswer | TransportFault> {
    const begunMs = clock.now();
    counts.requests += 1;
    counts.bytesOut += Buffer.byteLength(request.body ?? '');
    const outcome = await attemptRequest(request);
    if (outcome.kind === 'answer') {
      answered.add(originOf(request.url));
      counts.bytesIn += outcome.bytes;
    }
    trace?.(exchangedOf(request, outcome, number, { begunMs, endedMs: clock.now() }));
    return outcome;
  }

  async function send(request: HttpRequest): Promise<HttpReply> {
    for (let retries = 0; ; retries += 1) {
      const outcome = await attempt(request, retries + 1);
      const waitMs = waitFor(outcome, retries, clock, random);
      const isSpent =
        retries + 1 >= ATTEMPTS || counts.retries >= Math.max(RETRY_BUDGET, counts.requests / 10);
      const isWorthwhile = isRetryable(request, outcome, answered) && waitMs <= LONGEST_WAIT_MS;
      if (isSpent || !isWorthwhile) return replyOf(outcome, retries);
      counts.retries += 1;
      await clock.sleep(waitMs);
    }
  }

  return { send, counts };
}

function exchangedOf(
  { method, url, body }: HttpRequest,
  outcome: HttpAnswer | TransportFault,
  attempt: number,
  { begunMs, endedMs }: { readonly begunMs: number; readonly endedMs: number },
): Exchanged {
  const isAnswer = outcome.kind === 'answer';
  return {
    at: new Date(begunMs).toISOString(),
    method,
    url: withoutCredentials(url),
    operation: /^\{"query":"(?:query|mutation) (\w+)/.exec(body ?? '')?.[1] ?? null,
    attempt,
    status: isAnswer ? outcome.status : null,
    fault: isAnswer ? null : outcome.failure.message,
    ms: Math.round(endedMs - begunMs),
    bytes_out: Buffer.byteLength(body ?? ''),
    bytes_in: isAnswer ? outcome.bytes : 0,
    request: body ?? null,
    answer: isAnswer ? outcome.text : null,
  };
}

function isRetryable(
  request: HttpRequest,
  outcome: HttpAnswer | TransportFault,
  answered: ReadonlySet<string>,
): boolean {
  switch (outcome.kind) {
    case 'answer':
      return outcome.status === 429 || (request.isRepeatable && outcome.status >= 500);
    case 'absent':
      // An origin that has never answered is a wrong address, and waiting does not fix it.
      return answered.has(originOf(request.url));
    case 'unclear':
      return request.isRepeatable;
    case 'final':
      return false;
  }
}

/** Full jitter (each wait is drawn from zero up to a doubling ceiling), but never less than the server asks for. */
function waitFor(
  outcome: HttpAnswer | TransportFault,
  retries: number,
  clock: Clock,
  random: () => number,
): number {
  const jitter = random() * Math.min(CAP_MS, BASE_MS * 2 ** retries);
  const retryAfter = outcome.kind === 'answer' ? outcome.headers['retry-after'] : undefined;
  return Math.max(jitter, retryAfterMs(retryAfter, clock.now()));
}

/** Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3); 0 when absent or malformed. */
function retryAfterMs(value: string | undefined, now: number): number {
  if (value === undefined) return 0;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}

function replyOf(outcome: HttpAnswer | TransportFault, retries: number): HttpReply {
  if (outcome.kind === 'answer') {
    return { status: outcome.status, headers: outcome.headers, text: outcome.text, retries };
  }
  const { code, message, hint } = outcome.failure;
  throw retries === 0
    ? outcome.failure
    : new Failure(code, `${message}, after ${retries + 1} attempts`, hint);
}
