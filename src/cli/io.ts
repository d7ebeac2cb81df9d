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
  /** How far something is: a line that the next one replaces, or plain lines at intervals where there is no terminal. */
  progress(text: string): void;
  /** Each request that was sent, for --verbose and --debug. */
  trace(exchange: Exchanged): void;
  /** Asks on the terminal; null when there is none. */
  ask(question: string): Promise<string | null>;
  /** Whether a person can be asked: input and output are terminals. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text with each secret replaced by its name: for words of others that are kept. */
  redact(text: string): string;
  /** Throws a Failure (secret_found) when a file to be written holds a secret. */
  assertNoSecret(text: string, what: string): void;
  /**
   * From now on a first signal only asks to stop (what it gives becomes true), after `words` were printed. A second one ends
   * the process right after `beforeEnd`, which gets the exit code.
   */
  stopOnSignal(words: string | null, beforeEnd: (exitCode: number) => void): () => boolean;
}

/** What use cases may tell. */
export const notesOf = (io: Io): Notes => ({ warn: io.err, progress: io.progress, trace: io.trace });

/** Checked arguments of one command, by option name. */
export type Args = Readonly<Record<string, ArgValue>>;
export type ArgValue = string | number | boolean | readonly string[] | undefined;

export const textArg = (args: Args, name: string): string | undefined => args[name] as string | undefined;
export const flagArg = (args: Args, name: string): boolean => args[name] === true;
export const numberArg = (args: Args, name: string): number | undefined => args[name] as number | undefined;
export const listArg = (args: Args, name: string): readonly string[] =>
  (args[name] as readonly string[] | undefined) ?? [];

/** Runs with checked arguments and gives the exit code; throws a Failure for what a person has to act on. */
export type RunCommand = (args: Args, io: Io) => Promise<number>;
