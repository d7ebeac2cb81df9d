import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import {
  isExhausted,
  openBudget,
  type RetryBudget,
  retryAfterMs,
  retryDelayMs,
} from '../../core/retry-policy.ts';
import { withoutCredentials } from '../../core/web-address.ts';
import { attemptRequest } from './attempt.ts';
import { originOf } from './origin-policy.ts';
import type { Outage } from './outage.ts';
import type { HttpAnswer, HttpRequest, TransportFault } from './types.ts';
import type { Wait, WaitTicker } from './wait-ticker.ts';

interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Number of times the request had been sent before this answer, by any layer. */
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

/** One attempt of one request, for debugging. Contains no headers. */
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
  /** Why there is no answer; null if there is one. */
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
  /** Shows a person what the program waits for. */
  readonly ticker?: WaitTicker;
  /** Waits for a server that answered before and stopped answering. Default: such a server is retried like any other. */
  readonly outage?: Outage;
}

/** Retries of all requests together: this many, or a tenth of the requests. */
const RETRY_BUDGET = 100;
/** After this number of failures a read first waits for the server: the next attempt is worth more when it answers again. */
const ATTEMPTS_BEFORE_WATCH = 3;

type Outcome = HttpAnswer | TransportFault;

/** Retries by docs/saleor.md#retries, with one budget for the life of the returned port. */
export function createHttp({ clock, random, trace, ticker, outage }: HttpOptions): Http {
  const counts = { requests: 0, retries: 0, bytesIn: 0, bytesOut: 0 };
  /** Origins that have answered. */
  const answered = new Set<string>();

  async function attempt(request: HttpRequest, number: number): Promise<Outcome> {
    const begunMs = clock.now();
    counts.requests += 1;
    if (number > 1) counts.retries += 1;
    counts.bytesOut += Buffer.byteLength(request.body ?? '');
    const outcome = await attemptRequest(request);
    if (outcome.kind === 'answer') {
      answered.add(originOf(request.url));
      counts.bytesIn += outcome.bytes;
    }
    trace?.(exchangedOf(request, outcome, number, { begunMs, endedMs: clock.now() }));
    return outcome;
  }

  /** Notes in the budget whether and when the request may be sent again. */
  function settle(request: HttpRequest, outcome: Outcome, budget: RetryBudget): void {
    const asked = outcome.kind === 'answer' ? outcome.headers['retry-after'] : undefined;
    budget.waitMs = retryDelayMs(budget.attempt, retryAfterMs(asked, clock.now()), random());
    budget.isFinal =
      counts.retries >= Math.max(RETRY_BUDGET, counts.requests / 10) ||
      !isWorthRepeating(outcome, answered.has(originOf(request.url)));
  }

  /** Returns false if the server went away and did not come back in time. */
  async function isThere(
    request: HttpRequest,
    outcome: Outcome,
    { attempt: made }: RetryBudget,
    wait?: Wait,
  ) {
    const isDown = outcome.kind === 'answer' ? outcome.status >= 500 : true;
    if (outage === undefined || !isDown || !answered.has(originOf(request.url))) return true;
    if (outcome.kind !== 'absent' && made < ATTEMPTS_BEFORE_WATCH) return true;
    return outage.hasReturned(shortReason(outcome, request.url), wait);
  }

  async function sendWatched(request: HttpRequest, wait?: Wait): Promise<HttpReply> {
    const budget = request.budget ?? openBudget();
    for (;;) {
      wait?.tell(
        (s) => `no answer from ${hostOf(request)} for ${s} s (time-out: ${request.timeoutMs / 1000} s)`,
      );
      const outcome = await attempt(request, budget.attempt);
      settle(request, outcome, budget);
      const isFine = outcome.kind === 'answer' && outcome.status < 400;
      if (isFine || isExhausted(budget) || !request.isRepeatable) return replyOf(outcome, budget.attempt);
      const reason = shortReason(outcome, request.url);
      wait?.tell(() => `${hostOf(request)}: ${reason}; attempt ${budget.attempt + 1} of 5 follows`);
      await clock.sleep(budget.waitMs);
      if (!(await isThere(request, outcome, budget, wait)))
        return replyOf(outcome, budget.attempt, ', and the server did not come back');
      budget.attempt += 1;
    }
  }

  async function send(request: HttpRequest): Promise<HttpReply> {
    const wait = ticker?.begin();
    try {
      return await sendWatched(request, wait);
    } finally {
      wait?.end();
    }
  }

  return { send, counts };
}

const hostOf = ({ url }: HttpRequest): string => new URL(url).host;

/** Why an attempt failed, without the address. */
function shortReason(outcome: Outcome, url: string): string {
  if (outcome.kind === 'answer') return `status ${outcome.status}`;
  const { message } = outcome.failure;
  const prefix = `${withoutCredentials(url)}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

function exchangedOf(
  { method, url, body }: HttpRequest,
  outcome: Outcome,
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

/** Whether a later attempt may end otherwise: after 429, 5xx and faults of the connection, never after any other 4xx or a status that HTTP has not. */
function isWorthRepeating(outcome: Outcome, hasAnswered: boolean): boolean {
  switch (outcome.kind) {
    case 'answer':
      return (
        outcome.status === 429 || (outcome.status >= 500 && outcome.status < 600) || outcome.status < 400
      );
    case 'absent':
      // An origin that has never answered is a wrong address, and waiting does not fix it.
      return hasAnswered;
    case 'unclear':
      return true;
    case 'final':
      return false;
  }
}

function replyOf(outcome: Outcome, attempts: number, more = ''): HttpReply {
  if (outcome.kind === 'answer') {
    return { status: outcome.status, headers: outcome.headers, text: outcome.text, retries: attempts - 1 };
  }
  const { code, message, hint } = outcome.failure;
  const count = attempts === 1 ? '' : `, after ${attempts} attempts`;
  throw count + more === '' ? outcome.failure : new Failure(code, `${message}${count}${more}`, hint);
}
