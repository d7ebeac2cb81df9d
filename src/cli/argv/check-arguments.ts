import { Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import type { Command, Option } from '../definitions/index.ts';
import { bare, WORDS } from '../definitions/positionals.ts';
import type { Args, ArgValue } from '../io.ts';

/**
 * What is lost once yargs has read the words: an option with one dash (taken as letters), a switch with a value
 * (`--strict=maybe` is false to it) and a switch that is said twice. Throws a Failure (usage).
 */
export function assertWords({ options }: Command, words: readonly string[], called: string): void {
  const end = words.indexOf('--');
  const said = new Set<string>();
  for (const [index, word] of (end < 0 ? words : words.slice(0, end)).entries()) {
    const [, dashes = '', whole = '', equals] = /^(--?)([A-Za-z][^=]*)(=.*)?$/s.exec(word) ?? [];
    if (dashes === '' || COLOR.test(word) || isValue(options, words[index - 1])) continue;
    const name = whole.replace(/^no-/, '');
    if (dashes === '-' || !isKnown(options, whole))
      throw new Failure('usage', `there is no option ${dashes}${whole}`, likeOption(options, whole, called));
    if (options[name]?.type !== 'switch') {
      if (equals === undefined && whole === name && /^--|^$/.test(words[index + 1] ?? ''))
        throw noValue(name);
      continue;
    }
    if (equals !== undefined && !/^=(true|false)$/.test(equals))
      throw wrong(
        name,
        `takes no value, and was given "${equals.slice(1)}"`,
        `Say --${name} or --no-${name}.`,
      );
    if (said.has(name)) throw wrong(name, 'is said more than once', 'Say it once.');
    said.add(name);
  }
}

const COLOR = /^--(no-)?color$/;

const isKnown = (options: Command['options'], name: string): boolean =>
  Object.hasOwn(options, name) || Object.hasOwn(options, name.replace(/^no-/, ''));

/** Whether a word stands after an option that takes a value: `--limit -1`. */
const isValue = (options: Command['options'], before: string | undefined): boolean =>
  before?.startsWith('--') === true && (options[before.slice(2)]?.type ?? 'switch') !== 'switch';

function likeOption(options: Command['options'], name: string, called: string): string {
  const names = Object.keys(options).map((one) => `--${one}`);
  const longer = names.filter((one) => one.startsWith(`--${name}`));
  const near =
    didYouMean(`--${name}`, names) || (longer.length === 0 ? '' : `Did you mean ${longer.join(' or ')}?`);
  return `${near}${near === '' ? '' : ' '}${called} --help lists them.`;
}

/**
 * One check of what yargs made of the words: yargs lets through `--limit abc`, a repeated option (an array),
 * `--out --limit 3` ("") and `--no-out` (false). Throws a Failure (usage).
 */
export function checkArgs(command: Command, parsed: Readonly<Record<string, unknown>>, called: string): Args {
  const options = Object.entries(command.options).map(
    ([name, option]) => [name, checkOption(name, option, parsed[name])] as const,
  );
  const color = parsed['color'] === undefined ? [] : [['color', parsed['color'] as boolean] as const];
  const words = wordsOf(command, (parsed['_'] as unknown[]).map(String), called);
  return Object.fromEntries<ArgValue>([...options, ...color, ...words]);
}

function wordsOf(
  command: Command,
  given: readonly string[],
  called: string,
): readonly (readonly [string, ArgValue])[] {
  const missing = command.words.filter((word) => !word.startsWith('[')).slice(given.length);
  if (missing.length > 0)
    throw new Failure(
      'usage',
      `what is missing: ${missing.map((word) => WORDS[word]?.describe ?? word).join('; ')}`,
      `${called} --help shows how.`,
    );
  if (given.length > command.words.length)
    throw new Failure(
      'usage',
      `"${given[command.words.length]}" is one word too many`,
      `${called} --help shows how.`,
    );
  return given.map(
    (word, index) => [checkWord(bare(command.words[index] ?? ''), word, called), word] as const,
  );
}

/** Gives the name of the word's place. */
function checkWord(place: string, word: string, called: string): string {
  const takes = WORDS[place]?.takes;
  if (typeof takes !== 'object' || takes.includes(word)) return place;
  const near = didYouMean(word, takes);
  throw new Failure(
    'usage',
    `"${word}" cannot stand there, only ${WORDS[place]?.describe}`,
    `${near}${near === '' ? '' : ' '}${called} --help shows how.`,
  );
}

function checkOption(name: string, option: Option, value: unknown): ArgValue {
  if (value === undefined) return option.type === 'switch' && option.isOn ? true : undefined;
  switch (option.type) {
    case 'switch':
      return value === true;
    case 'count':
      if (typeof value !== 'string' || !/^[1-9][0-9]{0,8}$/.test(value))
        throw wrong(
          name,
          Array.isArray(value)
            ? 'is said more than once'
            : `needs a whole number from 1 up, not ${shown(value)}`,
          `E.g. --${name} 3.`,
        );
      return Number(value);
    case 'list':
      return listOf(name, value);
    case 'string': {
      if (value === false && option.canBeOff) return false;
      if (Array.isArray(value)) throw wrong(name, 'is said more than once', 'Say it once.');
      if (typeof value !== 'string' || value === '') throw noValue(name);
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
  if (trimmed.some((item) => item === ''))
    throw wrong(name, 'needs a value, or several with commas', `E.g. --${name} one,two.`);
  return [...new Set(trimmed)];
}

const noValue = (name: string): Failure =>
  wrong(
    name,
    'needs a value',
    `It is written --${name} VALUE; a value that begins with -- as --${name}=VALUE.`,
  );

const wrong = (name: string, what: string, hint = ''): Failure =>
  new Failure('usage', `--${name} ${what}`, hint);

/** What was given, as a person would point at it. */
const shown = (value: unknown): string =>
  typeof value === 'string' && value !== '' ? `"${value}"` : 'nothing';
