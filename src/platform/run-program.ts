import { spawn } from 'node:child_process';
import { Failure, type FailureCode } from '../core/failure.ts';

interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** More on stdout than this is a failure. */
  readonly maxBytes: number;
  /** Thrown when the program is not there. */
  readonly missing: { readonly code: FailureCode; readonly hint: string };
  /** What the program says on stderr, as it comes: a key that wants to be touched. */
  readonly tell?: (text: string) => void;
}

export interface Ended {
  /** null: it was stopped (time, size or a signal). */
  readonly status: number | null;
  readonly stdout: Uint8Array;
  /** UTF-8, as the program wrote it: to be made visible before it is shown. */
  readonly stderr: string;
}

/** Runs a program without a shell. Throws a Failure when it is not installed. */
export function runProgram(invocation: Invocation): Promise<Ended> {
  const { command, args, input, env, timeoutMs, maxBytes, missing, tell } = invocation;
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
      tell?.(chunk.toString());
    });
    // It may end before it has read everything; what it said counts then.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Failure(missing.code, absent(command, error), missing.hint));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const status = bytes > maxBytes ? null : code;
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
    child.stdin.end(input);
  });
}

const absent = (command: string, error: Error): string =>
  (error as { code?: string }).code === 'ENOENT'
    ? `${command} is not installed, or not in PATH`
    : `${command} could not be started: ${error.message}`;
