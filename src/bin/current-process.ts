import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { OutputStream, ProcessPort } from '../cli/process-port.ts';
import { fullHeapOf, ownProcess } from '../platform/heap-growth.ts';
import { optimizeLater } from '../platform/optimize-later.ts';
import { pageText } from '../platform/pager.ts';

/** The process that this program runs in. Registers an error listener on stdout and stderr, so call it once. */
export function currentProcess(): ProcessPort {
  optimizeLater(process.versions.v8);
  ownProcess(fullHeapOf([...process.execArgv, process.env['NODE_OPTIONS'] ?? '']));
  const stdout = watchOutput(process.stdout, 1);
  const stderr = watchOutput(process.stderr, 2);
  return {
    stdin: process.stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: process.env,
    outputFault: stdout.fault,
    onSignal: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    },
    page: pageText,
    interrupt: () => process.kill(process.pid, 'SIGINT'),
    exit: (code) => process.exit(code),
  };
}

/** `sailplan show … | head` ends without a message: the reader has what it wanted. */
const CLOSED_BY_READER: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

interface WatchedOutput {
  readonly stream: OutputStream;
  /** Code of the first error by which output was lost; null: none was. */
  fault(): string | null;
}

/** An output error does not end the process: a run that writes to a shop continues, and the exit code reports it at the end. */
function watchOutput(given: NodeJS.WriteStream, descriptor: number): WatchedOutput {
  let found: string | null = null;
  const record = (error: unknown): void => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (!CLOSED_BY_READER.has(code)) found ??= code;
  };
  given.on('error', record);
  const stream = isFile(descriptor) ? fileOutput(descriptor, record) : given;
  return { stream, fault: () => found };
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Node writes to a file once and does not see that a full disk took only a part. */
const fileOutput = (descriptor: number, onError: (error: unknown) => void): OutputStream =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      try {
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      } catch (error) {
        onError(error);
      }
      done();
    },
  });
