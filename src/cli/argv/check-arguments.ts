import type { Failure } from '../../core/failure.ts';
import type { Command, Option } from '../definitions/index.ts';
import { bare } from '../definitions/positionals.ts';
import type { Args, ArgValue } from '../io.ts';
import { bareWord, noValue, optionFailure, positionalAsGiven, unknownOption } from './usage-failure.ts';

type Values = Readonly<Record<string, unknown>>;

interface CommandLine {
  readonly words: readonly string[];
  /** The name that the command was called by. */
  readonly called: string;
}

/**
 * Refuses what yargs in strict mode lets through: a malformed count, a repeated option (yargs makes an array), `--no-out`
 * of an option with a value (false), a switch with a value or given twice, a positional written as an option, --help or
 * --version switched off. Throws a Failure (usage); returns true, as yargs' check() requires.
 */
export function checkArguments(command: Command, values: Values, { words, called }: CommandLine): true {
  const { options } = command;
  const switchedOff = words.find((word) => NO_HELP.test(word));
  if (switchedOff !== undefined) throw unknownOption(bareWord(switchedOff), options, called);
  for (const place of command.words.map(bare))
    if (words.some((word) => nameOf(word) === place)) throw unknownOption(`--${place}`, options, called);
  for (const [name, option] of Object.entries(options)) {
    const failure =
      option.type === 'switch'
        ? checkSwitch(
            name,
            words.filter((word) => nameOf(word) === name),
          )
        : checkValue(name, option, values[name]);
    if (failure !== null) throw failure;
  }
  return true;
}

/** What names the options that every command has and is none of them: `--no-help`, `-h=0`, `--color=x`. */
const NO_HELP = /^(?:--(?:no-)*(?:help|version|h)|-h)(?:=|$)|^--(?:no-)*color=/;

/** The checked values by the table's names; a missing option is undefined. `given`: all words of the command line. */
export const checkedArgs = ({ words, options }: Command, values: Values, given: readonly string[]): Args =>
  Object.fromEntries([
    ...[...Object.keys(options), 'color'].map((name) => [name, values[name] as ArgValue]),
    ...words.map(bare).map((name) => [name, positionalAsGiven(values[name] as ArgValue, given)]),
  ]);

/** The option that a word of the command line names: `out` for `--out`, `--out=x` and `--no-out`; else ''. */
const nameOf = (word: string): string => /^--(?:no-)*([^=]+)/.exec(word)?.[1] ?? '';

/** `given` names the switch. yargs keeps the last of several, and reads `--strict=maybe` as false. */
function checkSwitch(name: string, given: readonly string[]): Failure | null {
  const odd = given.find((word) => !new RegExp(`^--(no-)?${name}$|^--${name}=(true|false)$`).test(word));
  if (odd !== undefined)
    return optionFailure(
      name,
      `takes no value, but got "${odd.slice(odd.indexOf('=') + 1)}"`,
      `Say --${name} or --no-${name}.`,
    );
  return given.length > 1 ? optionFailure(name, 'is given more than once', 'Give it once.') : null;
}

function checkValue(name: string, option: Option, value: unknown): Failure | null {
  if (value === undefined || (value === false && option.canBeOff)) return null;
  switch (option.type) {
    case 'count':
    case 'seconds':
      if (typeof value === 'number') return null;
      return optionFailure(
        name,
        Array.isArray(value)
          ? 'is given more than once'
          : `needs a whole number of at least ${option.type === 'count' ? 1 : 0}, not ${shown(value)}`,
        `Example: --${name} 3.`,
      );
    case 'list':
      if (Array.isArray(value) && !value.includes('')) return null;
      return optionFailure(
        name,
        'needs a value, or several separated by commas',
        `Example: --${name} one,two.`,
      );
    default:
      if (Array.isArray(value)) return optionFailure(name, 'is given more than once', 'Give it once.');
      return value === '' || value === false ? noValue(name) : null;
  }
}

/** What was given, as a person would point at it. */
const shown = (value: unknown): string =>
  typeof value === 'string' && value !== '' ? `"${value}"` : 'nothing';
