import { Failure } from '../../core/failure.ts';
import { complete } from '../completion/complete.ts';
import { COMPLETION_FLAG } from '../completion/shell-scripts.ts';
import { COMMANDS, type Command } from '../definitions/index.ts';
import type { Args } from '../io.ts';
import { createParser, PARSED, type Program } from './create-parser.ts';

export type { Program } from './create-parser.ts';

type Called =
  | { readonly kind: 'command'; readonly command: Command; readonly args: Args }
  /** Help, version or completions. */
  | { readonly kind: 'text'; readonly text: string; readonly exitCode: number };

/** The call that the words mean. `width`: columns of the help. Throws a Failure (usage). */
export async function parse(argv: readonly string[], program: Program, width: number): Promise<Called> {
  if (argv[0] === COMPLETION_FLAG) return textOf(await complete(argv.slice(2), program));
  const all = withoutEnd(program.command === null ? argv : [program.command, ...argv]);
  const isHelp = all.some((word) => word === '--help' || word === '-h' || word === 'help');
  const isAdvanced = isHelp && all.includes('--advanced');
  const words = isAdvanced ? all.filter((word) => word !== '--advanced') : all;
  const [first] = words;
  if (first === undefined) return { ...(await parse(['--help'], program, width)), exitCode: 1 } as Called;
  if (first === '-v' || first === '-V')
    throw new Failure('usage', `there is no option ${first}`, 'Print the version: sailplan --version');
  if (first.startsWith('-') && !words.some((word) => ['--help', '-h', '--version'].includes(word)))
    throw new Failure(
      'usage',
      `give the command first, before ${first}`,
      'Example: sailplan plan --desired catalog.json. List the commands: sailplan --help',
    );
  let called: Called | undefined;
  let helpOf: string | undefined;
  const parser = createParser({
    program,
    words,
    width,
    isAdvanced,
    onCommand: (command, args) => {
      called = { kind: 'command', command, args };
    },
    onHelp: (name) => {
      helpOf = name;
    },
  });
  // An unknown command is refused also with --help.
  const isKnown = first.startsWith('-') || first === 'help' || COMMANDS.some(({ name }) => name === first);
  try {
    // With a callback yargs prints nothing and ends no process.
    parser.parse(isKnown ? [...words] : [first], (_error: unknown, _values: unknown, text: string) => {
      if (text !== '') called = textOf(text);
    });
  } catch (error) {
    if (error !== PARSED) throw error;
  }
  if (helpOf !== undefined)
    return parse([helpOf, '--help', ...(isAdvanced ? ['--advanced'] : [])], program, width);
  if (called === undefined) throw new Error(`yargs made nothing of ${words.length} words`);
  return called;
}

const textOf = (text: string): Called => ({ kind: 'text', text, exitCode: 0 });

/** yargs assigns no word after `--` to a positional. Only paths may begin with a dash there. */
function withoutEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  if (end < 0) return words;
  const rest = words.slice(end + 1).map((word) => (word.startsWith('-') ? `./${word}` : word));
  return [...words.slice(0, end), ...rest];
}
