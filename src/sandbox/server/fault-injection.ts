import type { Variables } from '../graphql/query-cost.ts';
import type { RequestShape } from './request-log.ts';

/** What a test or an injected fault does with one request. */
export type FaultAction =
  | { readonly kind: 'answer' }
  /** Sends this reply; with `isExecuted` executes the request first. */
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly isExecuted?: boolean;
    }
  /** Resets the connection, before or after executing the request. */
  | { readonly kind: 'drop'; readonly isExecuted: boolean }
  /** Executes at once, answers later. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** Executes, then changes the JSON of the answer (a wrong slug, a short page, a wrong total). */
  | { readonly kind: 'edit'; readonly edit: (json: unknown) => unknown }
  /** Executes, then sends half of the JSON. */
  | { readonly kind: 'truncate' };

/** The request as `intercept` sees it. */
interface Intercepted {
  /** 1 for the first request of this sandbox. */
  readonly number: number;
  readonly kind: RequestShape['kind'];
  readonly fields: RequestShape['fields'];
  readonly query: string;
  readonly variables: Variables;
}

export type Intercept = (request: Intercepted) => FaultAction | undefined | Promise<FaultAction | undefined>;

export interface FaultPlan {
  readonly seed: number;
  /** Shares of requests, 0 to 1. */
  readonly shares: Readonly<Partial<Record<FaultName, number>>>;
  /** Delay of a `late` answer. */
  readonly lateMs: number;
}

export type FaultName = '429' | '500' | 'drop' | 'late';

const FAULT_NAMES: readonly FaultName[] = ['429', '500', 'drop', 'late'];

/** Parses `429:0.2,500:0.1,drop:0.05,late:0.05`. Throws an Error that names the wrong part. */
export function parseFaults(text: string, seed = 1, lateMs = 2_000): FaultPlan {
  const shares: Partial<Record<FaultName, number>> = {};
  for (const part of text.split(',')) {
    const [name, share] = part.trim().split(':');
    const number = Number(share);
    const known = FAULT_NAMES.find((n) => n === name);
    if (!known) throw new Error(`unknown fault "${name}": one of ${FAULT_NAMES.join(', ')}`);
    if (share === undefined || share === '' || !(number >= 0 && number <= 1))
      throw new Error(`fault "${name}" needs a share from 0 to 1, as in ${name}:0.1`);
    shares[known] = number;
  }
  if (Object.values(shares).reduce((sum, n) => sum + n, 0) > 1)
    throw new Error('the shares of all faults exceed 1');
  return { seed, shares, lateMs };
}

/** mulberry32. The same seed gives the same numbers, each from 0 to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const HTML = 'text/html; charset=utf-8';

/** Saleor itself never answers 429 (docs/saleor.md#rate-limits). A proxy in front of it may, with or without Retry-After. */
function createFault(name: FaultName, draw: () => number, lateMs: number): FaultAction {
  switch (name) {
    case '429':
      return {
        kind: 'reply',
        status: 429,
        contentType: HTML,
        headers: draw() < 0.5 ? { 'retry-after': '0' } : {},
        body: '<html><head><title>429 Too Many Requests</title></head><body></body></html>\n',
      };
    case '500':
      return {
        kind: 'reply',
        status: 500,
        contentType: HTML,
        body: '<html><head><title>500 Internal Server Error</title></head><body></body></html>\n',
      };
    case 'drop':
      return { kind: 'drop', isExecuted: draw() < 0.5 };
    case 'late':
      return { kind: 'late', delayMs: lateMs };
  }
}

/** Draws a fault, or none, for each request in turn. */
export function faultIntercept(plan: FaultPlan): Intercept {
  const draw = seededRandom(plan.seed);
  return () => {
    let rest = draw();
    for (const name of FAULT_NAMES) {
      const share = plan.shares[name] ?? 0;
      if (rest < share) return createFault(name, draw, plan.lateMs);
      rest -= share;
    }
    return undefined;
  };
}
