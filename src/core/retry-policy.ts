/** How a request is sent again: docs/saleor.md#retries. */

/** Of one request, the first included. */
const MAX_ATTEMPTS = 5;
const BASE_MS = 500;
/** Maximum wait between two attempts, also if the server requests more. */
const CAP_MS = 8_000;

/**
 * The attempts of one request. One object is passed through every layer that may repeat the request, so that all layers
 * together send it at most 5 times.
 */
export interface RetryBudget {
  /** Number of the attempt that is made now or was made last, from 1. */
  attempt: number;
  /** Milliseconds to wait before the next attempt. */
  waitMs: number;
  /** Another attempt cannot help, or the run has none left. */
  isFinal: boolean;
}

/** `attempt`: the one that comes next. */
export const openBudget = (attempt = 1): RetryBudget => ({
  attempt,
  waitMs: stepMs(attempt),
  isFinal: false,
});

export const isExhausted = ({ attempt, isFinal }: RetryBudget): boolean => isFinal || attempt >= MAX_ATTEMPTS;

/** The wait after an attempt without jitter: doubles from 0.5 s up to 8 s. */
const stepMs = (attempt: number): number => Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));

/**
 * The wait after an attempt: between half a step and a full one, and not less than the server requests, up to 8 s. `random`: 0
 * ≤ x < 1.
 */
export const retryDelayMs = (attempt: number, askedMs: number, random: number): number =>
  Math.max(Math.round((stepMs(attempt) * (1 + random)) / 2), Math.min(CAP_MS, askedMs));

/** The three forms of an HTTP date (RFC 9110, 5.6.7). Date.parse alone would also take "in 9999". */
const HTTP_DATE =
  /^\s*(?:\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT|\w{3} \w{3} [\d ]\d \d\d:\d\d:\d\d \d{4})\s*$/;

/** Retry-After in milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3); 0 when absent or malformed. */
export function retryAfterMs(value: string | undefined, nowMs: number): number {
  if (value === undefined) return 0;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = HTTP_DATE.test(value) ? Date.parse(value.includes('GMT') ? value : `${value} GMT`) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}

/** The server's requested wait beyond the maximum, for a message; '' if the requested wait was kept. */
export function unmetRetryAfter(value: string | undefined): string {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000 > CAP_MS ? `${text} s` : '';
  return HTTP_DATE.test(text) ? `until ${text}` : '';
}
