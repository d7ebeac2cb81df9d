import type { FallbackCompletionFunction } from 'yargs';
import { createParser, type Program } from '../argv/create-parser.ts';
import type { Choices } from '../argv/declare-command.ts';
import { COMMANDS, type Command } from '../definitions/index.ts';
import { placeholder } from '../definitions/placeholders.ts';
import { bare, WORDS } from '../definitions/positionals.ts';
import { COMPLETION_FLAG } from './shell-scripts.ts';

/** The words that may follow, one per line, with descriptions if SHELL is zsh or fish. `typed`: the last word is incomplete. */
export async function complete(typed: readonly string[], program: Program): Promise<string> {
  const { words, prefix } = split(program.command === null ? typed : [program.command, ...typed]);
  const choices = await choicesFor(words);
  const parser = createParser({ program, words, width: 80, choices, isAdvanced: true });
  const command = COMMANDS.find(({ name }) => name === words[0]);
  // The name is reserved by yargs for a command that prints a script; ours is `completion SHELL`.
  const offer: FallbackCompletionFunction = (current, _values, defaults, done) =>
    defaults((_error, offers) => done(selected(offers ?? [], current, command).map((one) => prefix + one)));
  parser.completion('yargs-completion', false, offer);
  let offered = '';
  parser.parse(
    [COMPLETION_FLAG, program.name, ...words],
    (_error: unknown, _values: unknown, text: string) => {
      offered = text;
    },
  );
  return offered;
}

/** Options where a dash was typed, else values; where there are none, the shell offers files. */
function selected(
  offers: readonly string[],
  current: string,
  command: Command | undefined,
): readonly string[] {
  const off = Object.entries(command?.options ?? {}).flatMap(([name, { canBeOff }]) =>
    canBeOff ? [`--no-${name}`] : [],
  );
  return [...offers, ...off].filter((offer) => offer.startsWith('-') === current.startsWith('-'));
}

/**
 * `--format=h` is handled as `--format h`. bash passes it as three words. Other shells pass it as one word and expect
 * completions of the whole word, hence `prefix`.
 */
function split(typed: readonly string[]): { readonly words: readonly string[]; readonly prefix: string } {
  const current = typed.at(-1) ?? '';
  const [, option, value] = /^(--[^=]+=)(.*)$/s.exec(current) ?? [];
  if (option !== undefined && value !== undefined)
    return { words: [...typed.slice(0, -1), option.slice(0, -1), value], prefix: option };
  const words = typed.filter((word, index) => word !== '=' || !typed[index - 1]?.startsWith('--'));
  return { words: current === '=' ? [...words, ''] : words, prefix: '' };
}

/** The ids of the plans in plans/, or in the folder of --out, and the codes of hazards. */
async function choicesFor(words: readonly string[]): Promise<Choices> {
  const { HAZARDS } = await import('../../plan/hazards.ts');
  const out = words.indexOf('--out');
  const ids = await planIds(out < 0 ? 'plans' : (words[out + 1] ?? ''));
  const command = COMMANDS.find(({ name }) => name === words[0]);
  const places = (command?.words ?? [])
    .map(bare)
    .filter((word) => WORDS[word]?.takes === 'plan' || WORDS[word]?.takes === 'report');
  const options = Object.entries(command?.options ?? {}).flatMap(([name, option]) =>
    ['ID', 'PLAN'].includes(placeholder(name, option)) ? [name] : [],
  );
  return {
    ...Object.fromEntries([...places, ...options].map((name) => [name, ids])),
    accept: Object.keys(HAZARDS),
  };
}

/** Empty if the folder cannot be read: an error message would appear inside the line that is being typed. */
async function planIds(out: string): Promise<readonly string[]> {
  const { folders } = await import('../../app/store/plan-folder.ts');
  try {
    return folders(out).flatMap(({ id }) => id ?? []);
  } catch {
    return [];
  }
}
