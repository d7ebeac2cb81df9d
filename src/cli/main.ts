import { Failure, type FailureCode } from '../core/failure.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { exists } from '../platform/files.ts';
import { createSecrets, isTooShort, type Secrets } from '../platform/secret-redaction.ts';
import { workflowCommand } from '../review/ci/workflow-commands.ts';
import { type Program, parse } from './argv/parse.ts';
import { pagerOf } from './choose-pager.ts';
import type { Args, Io } from './io.ts';
import { createFeedback, type Feedback } from './output.ts';
import type { ProcessPort } from './process-port.ts';
import type { Terminal } from './prompt.ts';
import { repositoryPath } from './repository-path.ts';
import { type Environment, secretsIn, withFound, withSecretFiles } from './secret-variables.ts';

const SAILPLAN: Program = { name: 'sailplan', command: null };

/** Runs the command that `argv` names and returns the exit code. Prints every error; throws nothing. */
export async function main(argv: readonly string[], host: ProcessPort, program = SAILPLAN): Promise<number> {
  const terminal = lazyTerminal(host);
  let secrets: Secrets = createSecrets({});
  let isParsed = false;
  let clearProgress = () => {};
  try {
    // Known before parsing: a usage error may quote a token that was typed in the wrong place.
    secrets = createSecrets(longEnough(secretsIn({}, host.env)));
    const called = await parse(argv, program, widthOf(host));
    isParsed = true;
    if (called.kind === 'text') {
      host.stdout.write(`${called.text}\n`);
      return called.exitCode;
    }
    const env = withSecretFiles(called.args, host.env);
    secrets = createSecrets(secretsIn(called.args, env));
    const run = await called.command.load();
    const { command, args } = called;
    const feedback = createFeedback({ ...host, secrets, args, name: command.name });
    clearProgress = feedback.clear;
    const io = openIo({ host, terminal, secrets, args, env }, feedback);
    // `init` writes the config, and asks at the end.
    if (
      io.isTerminal &&
      Object.hasOwn(called.command.options, 'allow-http') &&
      called.command.name !== 'init'
    )
      await (await import('./ask-origins.ts')).askForOrigins(called.args, io);
    const exitCode = await run(called.args, io);
    clearProgress();
    await assertOutputArrived(exitCode, host, isWriting(called.command.name, called.args));
    return exitCode;
  } catch (error) {
    if (!isParsed) {
      secrets = createSecrets(longEnough(secretsIn({}, withFound(host.env))));
      await reportParseError(argv, program, error, secrets);
    }
    clearProgress();
    return printFailure(error, { host, secrets, program });
  } finally {
    terminal.close();
  }
}

const isWriting = (command: string, args: Args): boolean =>
  command === 'apply' || (command === 'sync' && args['dry-run'] === false);

/** Throws a Failure if output to stdout was lost; an exit code other than 0 is kept. */
async function assertOutputArrived(exitCode: number, host: ProcessPort, isWriter: boolean): Promise<void> {
  await new Promise<void>((resolve) => host.stdout.write('', () => resolve()));
  const fault = host.outputFault();
  if (exitCode !== 0 || fault === null) return;
  const reason = fault === 'ENOSPC' ? 'no space left' : fault;
  throw isWriter
    ? new Failure(
        'report_unwritten',
        `the run ended, but its output could not be written (${reason})`,
        'The report is in the plan’s folder: sailplan status lists the plans, sailplan show prints it.',
      )
    : new Failure(
        'file_unwritable',
        `the output could not be written (${reason})`,
        'Free some space and run again.',
      );
}

/** Writes a report for --report-path, so that no report of an earlier call is mistaken for this one's. */
async function reportParseError(
  argv: readonly string[],
  program: Program,
  error: unknown,
  secrets: Secrets,
): Promise<void> {
  if (!(error instanceof Failure) || !argv.some((word) => word.startsWith('--report-path'))) return;
  const { reportUsageError } = await import('./report-copy.ts');
  const said = new Failure(error.code, secrets.redact(error.message), secrets.redact(error.hint));
  reportUsageError(argv, program.command, said);
}

interface FailureContext {
  readonly host: ProcessPort;
  readonly secrets: Secrets;
  readonly program: Program;
}

/** Writes the message and the next step to stderr, without secrets; returns the exit code. */
function printFailure(error: unknown, { host, secrets, program }: FailureContext): number {
  const isDebug = Boolean(host.env['SAILPLAN_DEBUG']);
  const failure = error instanceof Failure ? error : internalError(error, isDebug);
  const hint =
    failure.hint === ''
      ? [NEXT_STEPS[failure.code] ?? 'Fix it and run the same command again.']
      : failure.hintLines;
  // A message is one line, so that outside text in it cannot forge a second one. Only a requested stack has more.
  const message = visible(secrets.redact(failure.message), { newlines: isDebug });
  const nextStep = hint.map((line) => visible(secrets.redact(line))).join('\n');
  host.stderr.write(`${program.name}: ${message}\n  ${nextStep}\n`);
  // Shown on the page of the run, which otherwise has only the exit code.
  if (host.env['GITHUB_ACTIONS'] === 'true') {
    const lines = [message, ...nextStep.split('\n')];
    host.stderr.write(`${workflowCommand('error', { ...placeIn(failure), title: program.name, lines })}\n`);
  }
  return failure.exitCode;
}

/** The config or contract that is wrong, with its first wrong line where it is known (`withLines`), for the annotation. */
function placeIn({ code, message }: Failure): { readonly file?: string; readonly line?: string } {
  if (code !== 'config_invalid' && code !== 'contract_invalid') return {};
  const [, path = '', line] = /^(.+?): (?:line (\d+), )?/.exec(message) ?? [];
  const file = exists(path) ? repositoryPath(path) : null;
  return file === null ? {} : { file, ...(line === undefined ? {} : { line }) };
}

/** Opens the terminal at the first question. */
function lazyTerminal(host: ProcessPort): Terminal {
  let terminal: Terminal | null = null;
  return {
    ask: async (question) => {
      const { openTerminal } = await import('./prompt.ts');
      terminal ??= openTerminal(host.stdin, host.stderr, host.interrupt);
      return terminal.ask(question);
    },
    close: () => terminal?.close(),
  };
}

const DEFAULT_COLUMNS = 80;
/** A terminal of unknown width reports 0. */
const widthOf = ({ stdout }: ProcessPort): number => stdout.columns || DEFAULT_COLUMNS;

/** Without the secrets that are too short: main refuses those after parsing, so that `--help` still works. */
const longEnough = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isTooShort(value)));

/** The next step for a failure without its own hint. */
const NEXT_STEPS: Readonly<Partial<Record<FailureCode, string>>> = {
  usage: 'sailplan --help lists the commands.',
  file_unreadable: 'Check that this is the right file.',
  document_malformed: 'Write or download the file again.',
  format_unknown: 'Use the sailplan version that wrote it.',
  contract_invalid: 'Correct it; sailplan contract print shows a complete contract.',
  config_invalid: 'Correct it; sailplan init --force writes a new one.',
  unreachable: 'Check the address and that the server is running.',
  timed_out: 'Run the command again. If the error remains, check the server.',
  connection_lost: 'Run the command again. If the error remains, check the server.',
  shop_error: 'Run the command again. If the error remains, check the shop.',
  answer_invalid:
    'Check that the address is right and that no proxy changes the answers, then run the command again.',
};

/** A bug in one line with the way to report it; with its stack if SAILPLAN_DEBUG is set. */
function internalError(error: unknown, isDebug: boolean): Failure {
  const text =
    error instanceof Error ? (isDebug ? (error.stack ?? error.message) : error.message) : String(error);
  return new Failure(
    'shop_error',
    `internal error: ${text}`,
    'This is a bug in sailplan; run again with SAILPLAN_DEBUG=1 to see where.',
  );
}

interface IoOptions {
  readonly host: ProcessPort;
  readonly terminal: Terminal;
  readonly secrets: Secrets;
  readonly args: Args;
  /** The host's environment with the secrets that it names by file. */
  readonly env: Environment;
}

function openIo(
  { host, terminal, secrets, args, env }: IoOptions,
  { alert, clear, ...feedback }: Feedback,
): Io {
  const isTerminal = host.stdin.isTTY === true && host.stdout.isTTY === true;
  return {
    ...feedback,
    page: async (text) => {
      const pager = pagerOf(host);
      clear();
      const isShown = pager !== null && (await host.page(secrets.redact(text), pager));
      if (!isShown) feedback.out(text);
    },
    ask: async (question) => {
      clear();
      return isTerminal ? terminal.ask(visible(secrets.redact(question))) : null;
    },
    isTerminal,
    hasColor: hasColor(args, host),
    width: widthOf(host),
    env,
    redact: secrets.redact,
    assertNoSecret: secrets.assertNoSecret,
    stopOnSignal: (words, beforeEnd) => {
      const tell = () => (words === null ? undefined : alert(words));
      return listenForStop(host, tell, beforeEnd);
    },
  };
}

/** Returns whether a signal came. A second one ends the process at once: the journal is valid after every write. */
function listenForStop(
  host: ProcessPort,
  tell: () => void,
  beforeEnd: (exitCode: number) => void,
): () => boolean {
  let isStopping = false;
  host.onSignal((signal) => {
    if (isStopping) {
      const exitCode = signal === 'SIGINT' ? 130 : 143;
      try {
        beforeEnd(exitCode);
      } finally {
        host.exit(exitCode);
      }
      return;
    }
    isStopping = true;
    tell();
  });
  return () => isStopping;
}

/** Follows https://no-color.org, Node's own FORCE_COLOR, and TERM=dumb. */
function hasColor(args: Args, { env, stdout }: ProcessPort): boolean {
  if (args['color'] === false || env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  return forced === undefined ? stdout.isTTY === true && env['TERM'] !== 'dumb' : forced !== '0';
}
