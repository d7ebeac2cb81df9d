import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import { COMMANDS, type Command } from '../definitions/index.ts';
import { WORDS } from '../definitions/positionals.ts';

export interface UsageContext {
  /** Undefined where the first word names none. */
  readonly command: Command | undefined;
  readonly words: readonly string[];
  /** The name that the command was called by. */
  readonly called: string;
}

/**
 * The Failure (usage) for an error of yargs. Its own kinds of errors become messages with the place, the given word, and the
 * nearest known word. An `error` that is already a Failure is returned; any other error is a bug and is thrown.
 */
export function usageFailure(message: string, error: unknown, context: UsageContext): Failure {
  if (error instanceof Failure) return error;
  if (message === null) throw error;
  for (const [pattern, failure] of MESSAGES) {
    const match = pattern.exec(message);
    if (match !== null) return failure(match[1] ?? '', context);
  }
  return new Failure('usage', message, showsHow(context.called));
}

/** The messages of yargs (en_US) that are replaced, each with the part that is used. */
const MESSAGES: readonly (readonly [RegExp, (part: string, context: UsageContext) => Failure])[] = [
  [/^Not enough arguments following: (.*)$/s, (name) => noValue(name)],
  [/^Not enough non-option arguments: got (\d+)/, (count, context) => missingWords(Number(count), context)],
  [/^Unknown arguments?: (.*)$/s, unknownWord],
  [/^Invalid values:\n {2}Argument: (.*?, Given: "(?:[^"\\]|\\.)*")/s, wrongChoice],
];

/** An unknown option comes first: yargs takes the word after it for its value, so that the word seems to be missing. */
function missingWords(count: number, { command, words, called }: UsageContext): Failure {
  const unknown = words.find((word) => command !== undefined && isUnknown(word, command));
  if (unknown !== undefined && command !== undefined)
    return unknownOption(bareWord(unknown), command.options, called);
  const required = command?.words.filter((word) => !word.startsWith('[')) ?? [];
  const missing = required.slice(count).map((word) => WORDS[word]?.describe ?? word);
  return new Failure('usage', `missing argument: ${missing.join('; ')}`, showsHow(called));
}

const isUnknown = (word: string, { options }: Command): boolean => {
  const name = /^--(?:no-)?([^=]+)/.exec(word)?.[1];
  return name !== undefined && name !== 'color' && !Object.hasOwn(options, name);
};

/** `list`: one or more unknown words, separated by commas, in their order; options without dashes. */
function unknownWord(list: string, { command, words, called }: UsageContext): Failure {
  // yargs writes an empty word as "".
  const first = list === '""' ? '' : (list.split(', ')[0] ?? '');
  if (command === undefined) return unknownCommand(first);
  const option =
    words.find((word) => [`--${first}`, `--no-${first}`].includes(bareWord(word))) ??
    // yargs reads -strict as six letters.
    words.find((word) => first.length === 1 && /^-[^-\d]/.test(word) && word.includes(first));
  return option === undefined
    ? new Failure('usage', `"${first}" is an extra argument`, showsHow(called))
    : unknownOption(bareWord(option), command.options, called);
}

function wrongChoice(part: string, { command, words, called }: UsageContext): Failure {
  const [name = '', quoted = ''] = part.split(/, Given: (.*)/s);
  const given = JSON.parse(quoted) as string;
  const option = command?.options[name];
  if (option !== undefined && given === '') return noValue(name);
  if (option !== undefined)
    return optionFailure(
      name,
      `is one of ${option.choices?.join(', ')}, not "${given}"`,
      didYouMean(given, option.choices ?? []),
    );
  if (command === undefined) return unknownCommand(given);
  const asOption = words.find((word) => bareWord(word) === `--${name}`);
  if (asOption !== undefined) return unknownOption(bareWord(asOption), command.options, called);
  const { describe, takes } = WORDS[name] ?? {};
  return new Failure(
    'usage',
    `"${positionalAsGiven(given, words)}" is not possible here; possible: ${describe}`,
    withHint(didYouMean(given, typeof takes === 'object' ? takes : []), showsHow(called)),
  );
}

/** Names the nearest commands. yargs' recommendCommands() would offer `demo` for `foo`: it allows three changes. */
function unknownCommand(name: string): Failure {
  const names = ['help', ...COMMANDS.map((one) => one.name)];
  return new Failure(
    'usage',
    `there is no command "${name}"`,
    withHint(didYouMean(name, names), 'List the commands: sailplan --help'),
  );
}

/** `word`: the option as it was given, with its dashes. */
export function unknownOption(word: string, options: Command['options'], called: string): Failure {
  const given = word.replace(/^-{1,2}/, '--');
  const names = Object.keys(options).map((one) => `--${one}`);
  const longer = names.filter((one) => one.startsWith(given));
  const near =
    didYouMean(given, names) || (longer.length === 0 ? '' : `Did you mean ${longer.join(' or ')}?`);
  return new Failure(
    'usage',
    `there is no option ${word}`,
    withHint(near, `${called} --help lists the options.`),
  );
}

export const noValue = (name: string): Failure =>
  optionFailure(
    name,
    'needs a value',
    `Write --${name} VALUE; if the value begins with --, write --${name}=VALUE.`,
  );

export const optionFailure = (name: string, what: string, hint: string): Failure =>
  new Failure('usage', `--${name} ${what}`, hint);

/** yargs turns a positional `-` into an empty text. `words`: the whole command line. */
export const positionalAsGiven = <T>(value: T, words: readonly string[]): T | '-' =>
  value === '' && !words.includes('') ? '-' : value;

/** Without its value: `--out` of `--out=x`. */
export const bareWord = (word: string): string => word.replace(/=.*$/s, '');

const withHint = (near: string, next: string): string => (near === '' ? next : `${near} ${next}`);

const showsHow = (called: string): string => `${called} --help shows the usage.`;
