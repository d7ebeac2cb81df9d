import type { Argv, Options } from 'yargs';
import type { Command, Option } from '../definitions/index.ts';
import { meaning, placeholder } from '../definitions/placeholders.ts';
import { bare, WORDS } from '../definitions/positionals.ts';
import { ADVANCED_GROUP, optionGroups, usageLine } from '../definitions/usage.ts';

/** Closed sets of values by the name of an option or a positional, beyond those of the table. */
export type Choices = Readonly<Record<string, readonly string[]>>;

interface DeclareOptions {
  readonly command: Command;
  /** The name that the command was called by. */
  readonly called: string;
  readonly choices?: Choices | undefined;
  /** Otherwise the advanced options are only named. */
  readonly isAdvanced: boolean;
}

/** Declares one command of the table in yargs: usage, positionals, options in groups and examples. */
export function declareCommand(
  yargs: Argv,
  { command, called, choices = {}, isAdvanced }: DeclareOptions,
): Argv {
  const { words, options, describe, examples } = command;
  yargs.usage(`Usage: ${usageLine(command, called)}\n\n${describe}`);
  for (const word of words.map(bare)) {
    const { describe = '', takes } = WORDS[word] ?? {};
    const closed = choices[word] ?? (typeof takes === 'object' ? takes : undefined);
    yargs.positional(word, { type: 'string', describe, ...(closed && { choices: [...closed] }) });
  }
  for (const [title, names] of optionGroups(options))
    for (const name of names)
      declareOption(yargs, name, options[name] as Option, {
        title,
        closed: choices[name],
        isHidden: title === ADVANCED_GROUP && !isAdvanced,
      });
  for (const [line, meaning] of examples) yargs.example(`# ${meaning}`, '').example(line, '');
  return yargs;
}

interface Place {
  readonly title: string;
  readonly closed: readonly string[] | undefined;
  readonly isHidden: boolean;
}

function declareOption(
  yargs: Argv,
  name: string,
  option: Option,
  { title, closed, isHidden: hidden }: Place,
): void {
  const group = `${title}:`;
  if (option.type === 'switch') {
    const describe = meaning(name, option);
    if (!option.isOn) yargs.option(name, { type: 'boolean', group, describe, hidden });
    // yargs reads --no-x as x: false, so that x is the option; help and completion show --no-x.
    else
      yargs
        .option(name, { type: 'boolean', default: true, hidden: true })
        .option(`no-${name}`, { type: 'boolean', group, describe, hidden });
    return;
  }
  const values = option.choices ?? closed;
  yargs.option(name, {
    type: 'string',
    requiresArg: option.bare === undefined,
    group,
    hidden,
    describe: `${placeholder(name, option)}: ${meaning(name, option)}`,
    ...(values && { choices: [...values] }),
    ...(option.bare === undefined ? COERCED[option.type] : { coerce: valueOrBare(option.bare) }),
  });
}

const valueOrBare = (bare: string) => (given: unknown) => (given === '' ? bare : given);

/** A malformed value is left as it was given: checkArguments quotes it. */
const COERCED: Readonly<Record<Exclude<Option['type'], 'switch'>, Pick<Options, 'coerce'>>> = {
  string: {},
  list: { coerce: (given: unknown) => [...new Set([given].flat().flatMap(itemsOf))] },
  count: { coerce: (given: unknown) => (/^[1-9][0-9]{0,8}$/.test(String(given)) ? Number(given) : given) },
  seconds: { coerce: (given: unknown) => (/^[0-9]{1,6}$/.test(String(given)) ? Number(given) : given) },
};

/** `--no-…` results in false, which is not an item. */
const itemsOf = (given: unknown): readonly string[] =>
  typeof given === 'string' ? given.split(',').map((item) => item.trim()) : [''];

/** The names of the advanced options, where `--help` leaves them out; '' without any. */
export function advancedText(options: Command['options'], called: string, width: number): string {
  const [, names] = optionGroups(options).find(([title]) => title === ADVANCED_GROUP) ?? [];
  if (names === undefined) return '';
  const words = names.map((name) => `--${options[name]?.isOn ? 'no-' : ''}${name}`);
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 4 > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return `Advanced: ${called} --help --advanced\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
