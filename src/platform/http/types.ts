import type { Failure } from '../../core/failure.ts';
import type { RetryBudget } from '../../core/retry-policy.ts';

/** One request, as the two readers need it. Header values may be secrets and are never printed. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer answer, after decompression, is cut off and refused (answer_too_large). */
  readonly maxBytes: number;
  /**
   * Whether sending it twice does no harm, as for a read. Any other request is sent once: a caller that can check whether it
   * arrived sends it again, from the same budget.
   */
  readonly isRepeatable: boolean;
  /** The attempts of this request, where another layer counts them too. */
  readonly budget?: RetryBudget;
  /** Gives the request up: nobody needs its answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** After decompression. */
  readonly bytes: number;
}

/**
 * absent: it certainly never arrived · unclear: it may have been executed ·
 * final: sending it again cannot help
 */
export interface TransportFault {
  readonly kind: 'absent' | 'unclear' | 'final';
  readonly failure: Failure;
}

/** What is read of a response: Node's own fetch and undici's give it alike. */
export interface FetchedResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Iterable<[string, string]> & { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}
