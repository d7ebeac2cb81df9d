import { createInterface } from 'node:readline/promises';
import yargs from 'yargs';
import { checkArgs } from './commands/arguments.ts';
import type { Args, Io } from './commands/io.ts';
import { secretsIn } from './commands/session.ts';
import { COMMANDS, type Command, type Option } from './commands/table.ts';
import { VERSION } from './commands/version.ts';
import { visible } from './report/visible.ts';
import { Failure } from './state/failure.ts';
import { didYouMean } from './state/near.ts';
import { createSecrets, type Secrets } from './system/secrets.ts';

/** argv → command → exit code; the only place that prints an error or sets process.exitCode. */
export async function main(argv: readonly string[]): Promise<void> {
  quietPipes();
  let secrets: Secrets = createSecrets({});
  try {
    const called = await parse(argv);
    if (called === null) return;
    secrets = createSecrets(secretsIn(called.args, process.env));
    const run = await called.command.load();
    process.exitCode = await run(called.args, openIo(secrets, called.args));
  } catch (error) {
    const failure = error instanceof Failure ? error : internal(error);
    const hint = failure.hint === '' ? '' : `\n  ${failure.hint}`;
    process.stderr.write(
      `${visible(secrets.redact(`sailplan: ${failure.message}${hint}`), { newlines: true })}\n`,
    );
    process.exitCode = failure.exitCode;
  }
}

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

/** The command that was called, with checked arguments; null when help or version was printed. */
async function parse(argv: readonly string[]): Promise<{ command: Command; args: Args } | null> {
  const [first] = argv;
  const command = COMMANDS.find(({ name }) => name === first);
  if (command === undefined && first !== undefined && !first.startsWith('-')) {
    throw new Failure(
      'usage',
      `there is no command "${first}"`,
      didYouMean(
        first,
        COMMANDS.map(({ name }) => name),
      ) || 'sailplan --help lists them.',
    );
  }
  const parser = yargs([])
    .scriptName('sailplan')
    .parserConfiguration({
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
    })
    .version(VERSION)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(110, process.stdout.columns ?? 80))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new Failure('usage', message);
    });
  const isAsking = argv.some((word) => ['--help', '-h', '--version'].includes(word));
  if (command === undefined) {
    for (const { name, describe } of COMMANDS) parser.command(name, describe);
    parser
      .usage(
        'sailplan: make a Saleor shop equal to what a Wagtail site says\n\nUsage: sailplan <command> [options]',
      )
      .epilogue(EXIT_CODES);
    if (isAsking) await parser.parseAsync([...argv]);
    else parser.showHelp('log');
    process.exitCode = isAsking ? 0 : 1;
    return null;
  }
  describe(parser, command);
  const parsed = await parser.parseAsync(argv.slice(1));
  return isAsking ? null : { command, args: checkArgs(command, parsed) };
}

const EXIT_CODES = `Exit codes: 0 done or no changes · 1 error · 2 changes or drift (where asked for) · 3 refused · 4 stale · 5 incomplete`;

function describe(
  parser: ReturnType<typeof yargs>,
  { name, describe: what, words, options, examples }: Command,
): void {
  const places = words.map((word) => (word.startsWith('[') ? word : `<${word}>`)).join(' ');
  parser.usage(`sailplan ${name} ${places}\n\n${what}`).epilogue(EXIT_CODES);
  for (const [option, { type, describe: text, choices }] of Object.entries<Option>(options)) {
    const kind = type === 'switch' ? 'boolean' : 'string';
    parser.option(option, {
      type: kind,
      describe: text,
      ...(choices === undefined ? {} : { defaultDescription: choices.join(', ') }),
      requiresArg: kind === 'string',
    });
  }
  for (const [line, meaning] of examples) parser.example(line, meaning);
}

function openIo(secrets: Secrets, args: Args): Io {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // The second signal ends at once: the journal is valid at every instant.
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
  };
  return {
    out: (text) => void process.stdout.write(secrets.redact(text.endsWith('\n') ? text : `${text}\n`)),
    err: (text) => void process.stderr.write(`${visible(secrets.redact(text), { newlines: true })}\n`),
    ask: async (question) => {
      if (!isTerminal) return null;
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await reader.question(question)).trim();
      } finally {
        reader.close();
      }
    },
    isTerminal,
    hasColor: hasColor(args),
    width: process.stdout.columns ?? 80,
    env: process.env,
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

/** `sailplan show … | head` ends without a word. */
function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
}
