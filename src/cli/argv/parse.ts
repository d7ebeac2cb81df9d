import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import { VERSION } from '../../core/version.ts';
import { COMMANDS, type Command, type Option } from '../definitions/index.ts';
import type { Args } from '../io.ts';
import { assertWords, checkArgs } from './check-arguments.ts';
import { commandHelp, overview } from './help.ts';

/** What the program was called as: `sailplan`, or the name of a bin that is one command. */
export interface Program {
  readonly name: string;
  readonly command: string | null;
}

type Called =
  | { readonly kind: 'command'; readonly command: Command; readonly args: Args }
  /** What was asked for is a text. */
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: number };

/** What the words ask for. Throws a Failure (usage). */
export async function parse(argv: readonly string[], program: Program, width: number): Promise<Called> {
  const words = program.command === null ? asked(argv) : [program.command, ...argv];
  const [first] = words;
  const isHelp = words.includes('--help') || words.includes('-h');
  if (words.includes('--version')) return { kind: 'text', text: VERSION, exitCode: 0 };
  if (first === undefined || (isHelp && first.startsWith('-')))
    return { kind: 'text', text: overview(width), exitCode: first === undefined ? 1 : 0 };
  const command = find(first);
  const called = program.command === null ? `${program.name} ${command.name}` : program.name;
  if (isHelp) return { kind: 'text', text: commandHelp(command, called, width), exitCode: 0 };
  assertWords(command, words.slice(1), called);
  return { kind: 'command', command, args: checkArgs(command, await read(command, words.slice(1)), called) };
}

/** `sailplan help [command]`, as many programs have it. */
const asked = (argv: readonly string[]): readonly string[] =>
  argv[0] === 'help' ? [...argv.slice(1, 2), '--help'] : argv;

function find(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  if (name.startsWith('-'))
    throw new Failure(
      'usage',
      `the command comes first, before ${name}`,
      'E.g. sailplan plan --desired catalog.json; sailplan --help lists the commands.',
    );
  const names = ['help', ...COMMANDS.map((one) => one.name)];
  const hint = didYouMean(name, names);
  throw new Failure(
    'usage',
    `there is no command "${name}"`,
    `${hint}${hint === '' ? '' : ' '}sailplan --help lists them.`,
  );
}

/** yargs' parser splits the words; it is loaded only when there is something to split. */
async function read(command: Command, words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { Parser } = await import('yargs/helpers');
  const named = (isSwitch: boolean) =>
    Object.entries<Option>(command.options).flatMap(([name, { type }]) =>
      (type === 'switch') === isSwitch ? [name] : [],
    );
  return Parser([...words], {
    boolean: [...named(true), 'color'],
    string: named(false),
    configuration: {
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
    },
  });
}
