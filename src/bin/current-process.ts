import type { ProcessPort } from '../cli/process-port.ts';

/** The process that this program runs in. Registers an error listener on stdout and stderr, so call it once. */
export function currentProcess(): ProcessPort {
  ignoreClosedPipes();
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    onSignal: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    },
    interrupt: () => process.kill(process.pid, 'SIGINT'),
    exit: (code) => process.exit(code),
  };
}

/**
 * `sailplan show … | head` ends without a message. A reader that closes its pipe does not end the work either: the exit code
 * still tells the result. Throws for every other error of the two streams.
 */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE' && code !== 'ERR_STREAM_DESTROYED') throw new Error(`the output broke: ${code}`);
    });
  }
}
