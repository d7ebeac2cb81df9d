import type { Environment } from './secret-variables.ts';

export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** The parts of a process that main uses. The executables pass the real process, tests pass one of their own. */
export interface ProcessPort {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  /**
   * Code of the error that lost text for stdout, e.g. ENOSPC; null if none was lost. A reader that closed the pipe does not
   * count.
   */
  outputFault(): string | null;
  /** Calls `listener` at each SIGINT and SIGTERM, which then no longer end the process by themselves. */
  onSignal(listener: (signal: StopSignalName) => void): void;
  /** Sends SIGINT to the process itself. */
  interrupt(): void;
  /** Shows a text through a pager, a command line of the shell; false where it cannot be started. */
  page(text: string, pager: string): Promise<boolean>;
  /** Ends the process at once. */
  exit(code: number): void;
}

export type StopSignalName = 'SIGINT' | 'SIGTERM';
