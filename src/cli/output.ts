import { appendFileSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../core/json/json-value.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { printJsonLine } from '../plan/file/print.ts';
import type { Exchanged } from '../platform/http/client.ts';
import type { Secrets } from '../platform/secret-redaction.ts';
import { unwritable } from '../platform/write-files.ts';
import { startBusyLine } from './busy-line.ts';
import { type Args, flagArg, type Io, textArg } from './io.ts';
import type { ProcessPort } from './process-port.ts';
import { createProgress } from './progress-line.ts';

/** The only writers of stdout, stderr and the trace; they remove secrets. */
export interface Feedback extends Pick<Io, 'out' | 'err' | 'phase' | 'progress' | 'trace'> {
  /** A note that also --quiet shows: the answer to a key or a signal. */
  alert(text: string): void;
  /** Removes what progress shows. */
  clear(): void;
}

interface FeedbackOptions extends Pick<ProcessPort, 'stdout' | 'stderr'> {
  readonly secrets: Secrets;
  readonly args: Args;
  /** Of the command, for a wait that nothing else explains. */
  readonly name: string;
}

/** Characters of a request or reply body that the trace keeps. */
const MAX_TRACED_CHARACTERS = 20_000;

/**
 * Follows the logging flags: --quiet (results and errors only), --verbose (one line per request), --log json (stderr as JSON
 * lines), --debug FILE (each request with its reply). Throws a Failure (file_unwritable) if FILE cannot be written.
 */
export function createFeedback({ stdout, stderr, secrets, args, name }: FeedbackOptions): Feedback {
  const isQuiet = flagArg(args, 'quiet');
  const isJson = textArg(args, 'log') === 'json';
  const progress = createProgress(stderr);
  const busy = startBusyLine(isQuiet || isJson ? {} : stderr);
  const phase = (text: string) => busy.say(visible(secrets.redact(text)));
  phase(`sailplan ${name} is working`);
  const clear = () => {
    busy.clear();
    progress.clear();
  };
  const trace = openTrace(textArg(args, 'debug'), secrets);
  const log = (level: string, message: string, more: JsonObject = {}) => {
    const shown = visible(secrets.redact(message));
    const line = isJson
      ? secrets.redact(printJsonLine({ at: new Date().toISOString(), level, message: shown, ...more }))
      : shown;
    clear();
    stderr.write(`${line}\n`);
  };
  return {
    out: (text) => {
      clear();
      stdout.write(secrets.redact(text.endsWith('\n') ? text : `${text}\n`));
    },
    err: (text) => {
      if (!isQuiet) log('note', text);
    },
    alert: (text) => log('note', text),
    clear,
    phase,
    progress: (text) => {
      if (isQuiet) return;
      if (isJson) log('progress', text);
      else {
        phase(text);
        busy.clear();
        progress.show(visible(secrets.redact(text)));
      }
    },
    trace: (exchange) => {
      if (flagArg(args, 'verbose')) {
        const { request: _, answer: __, ...figures } = exchange;
        log('request', requestLine(exchange), isJson ? figures : {});
      }
      trace(exchange);
    },
  };
}

function requestLine({ operation, url, status, fault, ms, bytes_in, attempt }: Exchanged): string {
  const request = operation === null ? url : `${operation} to ${url}`;
  const result = status === null ? (fault ?? 'no answer') : `${status}, ${bytes_in} bytes`;
  return `${request}: ${result} in ${ms} ms${attempt === 1 ? '' : `, attempt ${attempt}`}`;
}

function openTrace(path: string | undefined, secrets: Secrets): (exchange: Exchanged) => void {
  if (path === undefined) return () => undefined;
  try {
    // Emptied, so that requests of an earlier run are not taken for this one's.
    writeFileSync(path, '');
  } catch (error) {
    throw unwritable(path, error);
  }
  return (exchange) => {
    const traced = { ...exchange, request: cut(exchange.request), answer: cut(exchange.answer) };
    const line = `${secrets.redact(printJsonLine(traced))}\n`;
    try {
      appendFileSync(path, line);
    } catch {
      // A full disk must not end a run that writes to a shop: the trace is only a diagnostic.
    }
  };
}

const cut = (body: string | null): string | null =>
  body === null || body.length <= MAX_TRACED_CHARACTERS
    ? body
    : `${body.slice(0, MAX_TRACED_CHARACTERS)}… (${body.length} characters)`;
