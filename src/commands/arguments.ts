import { Failure } from '../state/failure.ts';
import { didYouMean } from '../state/near.ts';
import type { Args, ArgValue } from './io.ts';
import type { Command, Option } from './table.ts';

/**
 * One check of what yargs made of the words: yargs lets through `--limit abc` (NaN), a repeated option (an array),
 * `--out --limit 3` ("") and `--no-out` (false). Throws a Failure (usage).
 */
export function checkArgs(command: Command, parsed: Readonly<Record<string, unknown>>): Args {
  for (const name of Object.keys(parsed)) {
    if (name === '_' || name === '$0' || name === 'help' || name === 'version' || name === 'color') continue;
    if (!Object.hasOwn(command.options, name)) {
      throw new Failure(
        'usage',
        `${command.name} has no option --${name}`,
        didYouMean(name, Object.keys(command.options)),
      );
    }
  }
  const options = Object.entries(command.options).map(
    ([name, option]) => [name, checkOption(name, option, parsed[name])] as const,
  );
  return Object.fromEntries([...options, ...wordsOf(command, (parsed['_'] as unknown[]).map(String))]);
}

function wordsOf(command: Command, given: readonly string[]): readonly (readonly [string, ArgValue])[] {
  const required = command.words.filter((word) => !word.startsWith('['));
  if (given.length < required.length)
    throw new Failure(
      'usage',
      `${command.name} needs ${required.slice(given.length).join(' and ')}`,
      `sailplan ${command.name} --help shows how.`,
    );
  if (given.length > command.words.length)
    throw new Failure(
      'usage',
      `${command.name} takes no word "${given[command.words.length]}"`,
      `sailplan ${command.name} --help shows how.`,
    );
  return given.map((word, index) => [(command.words[index] ?? '').replace(/[[\]]/g, ''), word] as const);
}

function checkOption(name: string, option: Option, value: unknown): ArgValue {
  if (value === undefined) return option.type === 'switch' && option.isOn ? true : undefined;
  switch (option.type) {
    case 'switch':
      if (typeof value !== 'boolean') throw wrong(name, 'is given more than once or has a value');
      return value;
    case 'count':
      if (typeof value !== 'string' || !/^[1-9][0-9]{0,8}$/.test(value))
        throw wrong(name, 'needs one whole number from 1 up');
      return Number(value);
    case 'list':
      return listOf(name, value);
    case 'string': {
      if (value === false && option.canBeOff) return false;
      if (typeof value !== 'string' || value === '') throw wrong(name, 'needs one value');
      if (option.choices !== undefined && !option.choices.includes(value))
        throw wrong(
          name,
          `is one of ${option.choices.join(', ')}, not "${value}"`,
          didYouMean(value, option.choices),
        );
      return value;
    }
  }
}

function listOf(name: string, value: unknown): readonly string[] {
  const items = [value].flat().flatMap((one) => (typeof one === 'string' ? one.split(',') : ['']));
  const trimmed = items.map((item) => item.trim());
  if (trimmed.some((item) => item === '')) throw wrong(name, 'needs a value, or several with commas');
  return [...new Set(trimmed)];
}

const wrong = (name: string, what: string, hint = ''): Failure =>
  new Failure('usage', `--${name} ${what}`, hint);
