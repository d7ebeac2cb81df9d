import { Failure, type FailureCode } from '../core/failure.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { createSecrets, isTooShort, type Secrets } from '../platform/secret-redaction.ts';
import { type Program, parse } from './argv/parse.ts';
import type { Args, Io } from './io.ts';
import { createFeedback } from './output.ts';
import type { Terminal } from './prompt.ts';
import { type Environment, secretsIn, withFound, withSecretFiles } from './secret-variables.ts';

const SAILPLAN: Program = { name: 'sailplan', command: null };

/** argv → command → exit code; the only place that prints an error or sets process.exitCode. */
export async function main(argv: readonly string[], program = SAILPLAN): Promise<void> {
  quietPipes();
  let secrets: Secrets = createSecrets({});
  let isParsed = false;
  try {
    // Before anything is parsed: a token that was typed in a wrong place stands in the complaint.
    secrets = createSecrets(longEnough(secretsIn({}, process.env)));
    const called = await parse(argv, program, process.stdout.columns ?? 80);
    isParsed = true;
    if (called.kind === 'text') {
      process.exitCode = called.exitCode;
      process.stdout.write(`${called.text}\n`);
      return;
    }
    const env = withSecretFiles(called.args, process.env);
    secrets = createSecrets(secretsIn(called.args, env));
    const run = await called.command.load();
    process.exitCode = await run(called.args, openIo(secrets, called.args, env));
  } catch (error) {
    if (!isParsed) secrets = createSecrets(longEnough(secretsIn({}, withFound(process.env))));
    const failure = error instanceof Failure ? error : internal(error);
    const hint = failure.hint || NEXT[failure.code] || 'Mend it and run the same command again.';
    // A message is one line, so that none of its words can make another; only a stack that was asked for is more.
    const said = visible(secrets.redact(failure.message), {
      newlines: Boolean(process.env['SAILPLAN_DEBUG']),
    });
    process.stderr.write(
      `${program.name}: ${said}\n  ${visible(secrets.redact(hint), { newlines: true })}\n`,
    );
    process.exitCode = failure.exitCode;
  } finally {
    terminal?.close();
  }
}

/** Opened by the first question. */
let terminal: Terminal | null = null;

/** The others are refused once there is a command, so that `--help` still answers. */
const longEnough = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isTooShort(value)));

/** The next step where whoever failed had no better one. */
const NEXT: Readonly<Partial<Record<FailureCode, string>>> = {
  usage: 'sailplan <command> --help shows how.',
  file_unreadable: 'Check that this is the right file.',
  document_malformed: 'Write or fetch the file again; it is not mended by hand.',
  format_unknown: 'Use the sailplan version that wrote it.',
  contract_invalid: 'Compare it with schemas/contract.schema.json.',
  config_invalid: 'Compare it with schemas/config.schema.json.',
  unreachable: 'Check the address, and that the server runs.',
  timed_out: 'Run it again; if it stays so, look at the server.',
  connection_lost: 'Run it again; if it stays so, look at the server.',
  shop_error: 'Run it again; if it stays so, look at the shop.',
};

/** A bug: still one line, and the way to tell us. The stack is for whoever asks. */
function internal(error: unknown): Failure {
  const words =
    error instanceof Error
      ? process.env['SAILPLAN_DEBUG']
        ? (error.stack ?? error.message)
        : error.message
      : String(error);
  return new Failure(
    'shop_error',
    `internal error: ${words}`,
    'This is a bug in sailplan; run again with SAILPLAN_DEBUG=1 for the place.',
  );
}

function openIo(secrets: Secrets, args: Args, env: Environment): Io {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // The second signal ends at once: the journal is valid at every instant.
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
  };
  return {
    ...createFeedback(secrets, args),
    ask: async (question) => {
      if (!isTerminal) return null;
      const { openTerminal } = await import('./prompt.ts');
      terminal ??= openTerminal(process.stdin, process.stderr);
      return terminal.ask(question);
    },
    isTerminal,
    hasColor: hasColor(args),
    width: process.stdout.columns ?? 80,
    env,
    redact: secrets.redact,
    assertNoSecret: secrets.assertNoSecret,
    stopOnSignal: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
      return () => isStopping;
    },
  };
}

/** https://no-color.org and Node's own FORCE_COLOR. */
function hasColor(args: Args): boolean {
  if (args['color'] === false || process.env['NO_COLOR']) return false;
  const forced = process.env['FORCE_COLOR'];
  return forced === undefined ? process.stdout.isTTY === true : forced !== '0';
}

/**
 * `sailplan show … | head` ends without a word. A reader who went away ends nothing else: the work is done to its end, so
 * that the exit code says what became of it.
 */
function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE' && code !== 'ERR_STREAM_DESTROYED') throw new Error(`the output broke: ${code}`);
    });
  }
}
