import yargs, { type Argv } from 'yargs';
import { VERSION } from '../../core/version.ts';
import { EXIT_CODES, type Exits } from '../definitions/exit-codes.ts';
import { COMMANDS, type Command } from '../definitions/index.ts';
import { placesOf } from '../definitions/usage.ts';
import type { Args } from '../io.ts';
import { checkArguments, checkedArgs } from './check-arguments.ts';
import { advancedText, type Choices, declareCommand } from './declare-command.ts';
import { usageFailure } from './usage-failure.ts';

/** What the program was called as: `sailplan`, or the name of a bin that is one command. */
export interface Program {
  readonly name: string;
  readonly command: string | null;
}

export interface ParserOptions {
  readonly program: Program;
  /** All words, the command first. */
  readonly words: readonly string[];
  /** Columns of the help. */
  readonly width: number;
  /** Closed sets of values that only completion looks up. */
  readonly choices?: Choices;
  /** Describes the advanced options in help and offers them in completions. */
  readonly isAdvanced?: boolean;
  readonly onCommand?: (command: Command, args: Args) => void;
  /** `help COMMAND` was called. */
  readonly onHelp?: (name: string) => void;
}

/** What `parse` of yargs throws after onCommand or onHelp: after a handler that returns, yargs renders the command's help. */
export const PARSED: unique symbol = Symbol('parsed');

/** yargs with the table of commands. Its errors are Failures (usage). It prints nothing and ends no process. */
export function createParser(options: ParserOptions): Argv {
  const { program, words, width, choices, isAdvanced = false, onCommand, onHelp } = options;
  // `--help plan` is `plan --help` to yargs.
  const command = COMMANDS.find(({ name }) => name === words.find((word) => !word.startsWith('-')));
  const called =
    command === undefined || program.command !== null ? program.name : `${program.name} ${command.name}`;
  const parser = yargs()
    // The lines of usage name the program; yargs would repeat it before each command of its list.
    .scriptName('')
    .parserConfiguration(PARSER)
    .usageConfiguration({ 'hide-types': true })
    .updateStrings({ 'Positionals:': 'Arguments:' })
    .wrap(Math.max(width, LEAST_WIDTH))
    .strict()
    .fail((message, error) => {
      throw usageFailure(message, error, { command, words, called });
    })
    .help('help', 'show options and examples')
    .alias('help', 'h')
    .version('version', 'print the version', VERSION)
    .option('no-color', { type: 'boolean', describe: 'no colours' })
    .option('color', { type: 'boolean', hidden: true })
    .usage(
      `Usage: ${program.name} <command> [options]\n\nMake a Saleor shop’s filter attributes and product metadata match a Wagtail site.`,
    )
    .epilogue(exitCodesText(EXIT_CODES));
  for (const one of COMMANDS)
    parser.command(
      [one.name, ...placesOf(one.words)].join(' '),
      one.describe,
      (builder) =>
        declareCommand(builder, { command: one, called, choices, isAdvanced })
          .epilogue(
            [
              ...(isAdvanced ? [] : [advancedText(one.options, called, Math.max(width, LEAST_WIDTH))]),
              exitCodesText(one.exits),
            ]
              .filter((text) => text !== '')
              .join('\n\n'),
          )
          .check((argv) => checkArguments(one, argv, { words, called })),
      (argv) => {
        onCommand?.(one, checkedArgs(one, argv, words));
        throw PARSED;
      },
    );
  return parser.command(
    'help [command]',
    'Show options and examples of a command',
    (builder) =>
      builder
        .usage(`Usage: ${program.name} help [command]`)
        .positional('command', { type: 'string', choices: COMMANDS.map(({ name }) => name) }),
    (argv) => {
      onHelp?.(argv.command ?? '');
      throw PARSED;
    },
  );
}

/** Columns. yargs uses at most half of them for options, and would break option names in fewer. */
const LEAST_WIDTH = 60;

/** A plan's id may consist of digits only, so nothing is read as a number. */
const PARSER = {
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/** The tab makes two columns of it: yargs' own notation for an epilogue. */
const exitCodesText = (exits: Exits): string =>
  ['Exit codes:', ...Object.entries(exits).map(([code, meaning]) => `  ${code}  \t${meaning}`)].join('\n');
