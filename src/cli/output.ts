import { appendFileSync, writeFileSync } from 'node:fs';
import { visible } from '../core/text/invisible-characters.ts';
import { unwritable } from '../platform/files.ts';
import type { Exchanged } from '../platform/http/client.ts';
import type { Secrets } from '../platform/secret-redaction.ts';
import { type Args, flagArg, type Io, textArg } from './io.ts';
import { createProgress } from './progress-line.ts';

/** The one writer of stdout, stderr and the trace: secrets go out of all three here. */
type Feedback = Pick<Io, 'out' | 'err' | 'progress' | 'trace'>;

/** Of a body or an answer in the trace. */
const TRACED_CHARACTERS = 20_000;

/**
 * --quiet: results and errors only · --verbose: each request on a line · --log json: what goes to stderr as JSON lines ·
 * --debug FILE: each request with its answer. Throws a Failure (file_unwritable) where the trace cannot begin.
 */
export function createFeedback(secrets: Secrets, args: Args): Feedback {
  const progress = createProgress(process.stderr);
  const isQuiet = flagArg(args, 'quiet');
  const isJson = textArg(args, 'log') === 'json';
  const trace = traceAt(textArg(args, 'debug'), secrets);
  const say = (level: string, message: string, more: object = {}) => {
    const shown = visible(secrets.redact(message));
    const line = isJson
      ? secrets.redact(JSON.stringify({ at: new Date().toISOString(), level, message: shown, ...more }))
      : shown;
    progress.clear();
    process.stderr.write(`${line}\n`);
  };
  return {
    out: (words) => {
      progress.clear();
      process.stdout.write(secrets.redact(words.endsWith('\n') ? words : `${words}\n`));
    },
    err: (words) => {
      if (!isQuiet) say('note', words);
    },
    progress: (words) => {
      if (isQuiet) return;
      if (isJson) say('progress', words);
      else progress.show(visible(secrets.redact(words)));
    },
    trace: (exchange) => {
      if (flagArg(args, 'verbose')) {
        const { request: _, answer: __, ...figures } = exchange;
        say('request', inWords(exchange), isJson ? figures : {});
      }
      trace(exchange);
    },
  };
}

function inWords({ operation, url, status, fault, ms, bytes_in, attempt }: Exchanged): string {
  const what = operation === null ? url : `${operation} to ${url}`;
  const end = status === null ? (fault ?? 'no answer') : `${status}, ${bytes_in} bytes`;
  return `${what}: ${end} in ${ms} ms${attempt === 1 ? '' : `, attempt ${attempt}`}`;
}

function traceAt(path: string | undefined, secrets: Secrets): (exchange: Exchanged) => void {
  if (path === undefined) return () => undefined;
  const guarded = (action: () => void) => {
    try {
      action();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  // Begun anew: what an earlier run left would be taken for this one's.
  guarded(() => writeFileSync(path, ''));
  return (exchange) => {
    const short = (words: string | null) =>
      words === null || words.length <= TRACED_CHARACTERS
        ? words
        : `${words.slice(0, TRACED_CHARACTERS)}… (${words.length} characters)`;
    const told = { ...exchange, request: short(exchange.request), answer: short(exchange.answer) };
    const line = `${secrets.redact(JSON.stringify(told))}\n`;
    try {
      appendFileSync(path, line);
    } catch {
      // A full disk must not end a run that writes to a shop; the trace only helps to look.
    }
  };
}
