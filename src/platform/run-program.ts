import { spawn } from 'node:child_process';
import { Failure, type FailureCode } from '../core/failure.ts';
import { errorCode } from './files.ts';

interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** The program is stopped when it writes more than this to stdout. */
  readonly maxBytes: number;
  /** Thrown when the program cannot be started. */
  readonly missing: { readonly code: FailureCode; readonly hint: string };
  /** It may ask a person on the terminal, where nothing must be drawn over its question. */
  readonly mayAsk?: boolean;
  /** Called with stderr as it comes, for example when a security key waits for a touch. */
  readonly onStderr?: (text: string) => void;
}

export interface ProgramResult {
  /** Exit code; null: it was stopped (time, size or a signal). */
  readonly status: number | null;
  readonly stdout: Uint8Array;
  /** As the program wrote it: escape it before it is shown. At most 100 chunks. */
  readonly stderr: string;
}

let running = 0;

/** Whether the process waits for another program that asks nobody anything. */
export const isWaitingForProgram = (): boolean => running > 0;

/** Runs a program without a shell. Throws the Failure `missing` when it cannot be started. */
export async function runProgram(invocation: Invocation): Promise<ProgramResult> {
  if (invocation.mayAsk === true) return run(invocation);
  running += 1;
  try {
    return await run(invocation);
  } finally {
    running -= 1;
  }
}

function run(invocation: Invocation): Promise<ProgramResult> {
  const { command, args, input, env, timeoutMs, maxBytes, missing, onStderr } = invocation;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    let bytes = 0;
    const timer = setTimeout(() => child.kill(), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) child.kill();
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (err.length < 100) err.push(chunk);
      onStderr?.(chunk.toString());
    });
    // The program may end before it has read its input; its exit code counts then.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Failure(missing.code, reasonNotStarted(command, error), missing.hint));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const status = bytes > maxBytes ? null : code;
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
    child.stdin.end(input);
  });
}

const reasonNotStarted = (command: string, error: Error): string =>
  errorCode(error) === 'ENOENT'
    ? `${command} is not installed, or not in PATH`
    : `${command} could not be started: ${error.message}`;
