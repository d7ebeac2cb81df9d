import type { Notes } from '../app/ports.ts';
import type { Exchanged } from '../platform/http/client.ts';

/** The outside world of a command besides files and network. All text passes through it, where secrets are removed. */
export interface Io {
  /** Human text or one JSON document. */
  out(text: string): void;
  /** A long text: through the pager on a terminal, as `out` elsewhere. */
  page(text: string): Promise<void>;
  /** Progress and diagnostics. */
  err(text: string): void;
  /** What is done next without a chance to report progress; a terminal shows it if it takes longer than a moment. */
  phase(text: string): void;
  /** Progress: one line that is replaced, or plain lines at intervals without a terminal. */
  progress(text: string): void;
  /** Each request that was sent, for --verbose and --debug. */
  trace(exchange: Exchanged): void;
  /** Asks on the terminal; null if there is none. */
  ask(question: string): Promise<string | null>;
  /** Whether input and output are terminals, so that a person can answer. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text with each secret replaced by its name; for outside text that is stored. */
  redact(text: string): string;
  /** Throws a Failure (secret_found) if a file to be written contains a secret. */
  assertNoSecret(text: string, what: string): void;
  /**
   * From now on, a first signal prints `words` and only requests a stop (the returned function becomes true). A second one
   * calls `beforeEnd` with the exit code and ends the process.
   */
  stopOnSignal(words: string | null, beforeEnd: (exitCode: number) => void): () => boolean;
}

/** Notes and progress of use cases. */
export const notesOf = (io: Io): Notes => ({
  warn: io.err,
  phase: io.phase,
  progress: io.progress,
  trace: io.trace,
});

/** Checked arguments of one command, by option name. */
export type Args = Readonly<Record<string, ArgValue>>;
export type ArgValue = string | number | boolean | readonly string[] | undefined;

export const textArg = (args: Args, name: string): string | undefined => args[name] as string | undefined;
export const flagArg = (args: Args, name: string): boolean => args[name] === true;
export const numberArg = (args: Args, name: string): number | undefined => args[name] as number | undefined;
export const listArg = (args: Args, name: string): readonly string[] =>
  (args[name] as readonly string[] | undefined) ?? [];

/** Runs with checked arguments and returns the exit code; throws a Failure for errors that a person must fix. */
export type RunCommand = (args: Args, io: Io) => Promise<number>;
