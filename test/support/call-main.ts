import { PassThrough, Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { OutputStream, ProcessPort } from '../../src/cli/process-port.ts';
// `plan` imports these at the same time. Jest sometimes fails to link two graphs at once ("is not in cache"), so they are there.
import '../../src/app/incremental/changed-products-reader.ts';
import '../../src/app/plan-from-reads.ts';
import '../../src/cli/plan-outcome.ts';

export interface MainCall {
  /** Absolute. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** The call fails after this time. */
  readonly timeoutMs: number;
  /** The bin that is called: `sailplan`, or `sync_wagtail_to_saleor`. */
  readonly bin: 'cli' | 'sync';
}

export interface MainResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SYNC = { name: 'sync_wagtail_to_saleor', command: 'sync' };

/** The working folder and process.env belong to the whole process, so calls run one after another. */
let lastCall: Promise<unknown> = Promise.resolve();

/**
 * Runs main in this process, in a folder and an environment of its own, without a terminal and with nothing on standard input.
 * A call that is made during another one waits for its end.
 */
export function callMain(argv: readonly string[], call: MainCall): Promise<MainResult> {
  const result = lastCall.then(() => withFolderAndEnv(call, () => runMain(argv, call)));
  lastCall = result.catch(() => undefined);
  return result;
}

async function withFolderAndEnv<T>({ folder, env }: MainCall, work: () => Promise<T>): Promise<T> {
  const former = { folder: process.cwd(), env: process.env };
  process.chdir(folder);
  process.env = { ...env };
  try {
    return await work();
  } finally {
    process.chdir(former.folder);
    process.env = former.env;
  }
}

async function runMain(argv: readonly string[], { env, timeoutMs, bin }: MainCall): Promise<MainResult> {
  const [stdout, stderr] = [captureStream(), captureStream()];
  const stdin = new PassThrough();
  stdin.end();
  const host: ProcessPort = {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    outputFault: () => null,
    page: async () => false,
    onSignal: () => undefined,
    interrupt: () => undefined,
    exit: (code) => {
      throw new Error(`a call in this process cannot exit (${code})`);
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${timeoutMs} ms: ${argv.join(' ')}`)), timeoutMs);
  });
  try {
    const code = await Promise.race([main(argv, host, bin === 'sync' ? SYNC : undefined), late]);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    clearTimeout(timer);
  }
}

function captureStream(): { readonly stream: OutputStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
