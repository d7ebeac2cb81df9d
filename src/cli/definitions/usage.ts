import { GROUPS } from './shared-options.ts';
import type { Command } from './types.ts';

/** The line of usage: `called` is the name that the command was called by. */
export function usageLine({ words, options }: Pick<Command, 'words' | 'options'>, called: string): string {
  const hasOptions = Object.keys(options).length > 0;
  return [called, ...placesOf(words), ...(hasOptions ? ['[options]'] : [])].join(' ');
}

/** `<path>` for a word that is required, `[path]` for one that is not: yargs' notation. */
export const placesOf = (words: Command['words']): readonly string[] =>
  words.map((word) => (word.startsWith('[') ? word : `<${word}>`));

/** The group that `--help` names without describing it; `--help --advanced` does. */
export const ADVANCED_GROUP = 'Advanced';

/** Group titles with the options that this command has of each. Options without a group come first. */
export function optionGroups(options: Command['options']): readonly (readonly [string, readonly string[]])[] {
  const groups = Object.entries(GROUPS).map(([title, names]) => {
    const listed = names.filter((name) => options[name] !== undefined && options[name].group === undefined);
    const further = Object.keys(options).filter((name) => options[name]?.group === title);
    return [title, [...listed, ...further]] as const;
  });
  const grouped = new Set(groups.flatMap(([, names]) => names));
  const own = Object.keys(options).filter((name) => !grouped.has(name));
  return [['Options', own] as const, ...groups].filter(([, names]) => names.length > 0);
}
