import type { Clock } from '../apply/ports.ts';

/** One request, as the two readers need it. Header values may be secrets and are never printed. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer answer is cut off and refused (answer_too_large). */
  readonly maxBytes: number;
  /** Whether sending it twice does no harm: a read. A mutation is sent again only when it certainly did not arrive. */
  readonly isRepeatable: boolean;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends, with time-outs, retries, limits and no redirects. Throws a Failure whose message names the address without secrets. */
export interface Http {
  send(request: HttpRequest): Promise<HttpReply>;
  /** What was sent so far: for figures and benches. */
  readonly counts: { readonly requests: number; readonly retries: number; readonly bytesIn: number; readonly bytesOut: number };
}

export interface HttpOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1; given in tests. */
  readonly random: () => number;
}
