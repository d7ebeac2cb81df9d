import type { Exchanged } from '../platform/http/client.ts';

/** Receives notes and progress while a use case works. Results are returned. */
export interface Notes {
  warn(text: string): void;
  /** What is done next without a chance to report progress: reading a file, comparing, proving. */
  phase(text: string): void;
  /** How far a long read or write is. */
  progress(text: string): void;
  /** Called after each HTTP attempt. */
  trace(exchange: Exchanged): void;
}

export const SILENT: Notes = {
  warn: () => undefined,
  phase: () => undefined,
  progress: () => undefined,
  trace: () => undefined,
};

/** Keeps the configured secrets out of what is stored. */
export interface SecretGuard {
  /** Returns the text with each secret replaced by its name. */
  redact(text: string): string;
  /** Throws a Failure (secret_found) if a file to be written contains a secret. `what` names the file. */
  assertNoSecret(text: string, what: string): void;
}

/** Whether a run should stop. */
export interface StopSignal {
  /**
   * From now on a first request to stop only turns the returned function's answer to true. A second one ends the process
   * right after `beforeEnd`, which must not wait for anything.
   */
  arm(beforeEnd: () => void): () => boolean;
}
