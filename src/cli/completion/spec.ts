import { meaning, placeholder } from '../definitions/placeholders.ts';
import { bare, WORDS } from '../definitions/positionals.ts';
import type { Command, Option } from '../definitions/types.ts';

/** What a shell can offer in a place. plan: ids of the plans, or a path */
export type Takes = 'text' | 'path' | 'plan' | readonly string[];

export interface Flag {
  /** With its dashes. */
  readonly name: string;
  readonly describe: string;
  /** null: a switch */
  readonly takes: Takes | null;
}

/** A command as the shells' scripts need it. */
export interface Spec {
  readonly name: string;
  readonly describe: string;
  readonly flags: readonly Flag[];
  readonly words: readonly Takes[];
}

/** `closed`: values of options that take only some, where the table does not list them. */
export const specsOf = (
  commands: readonly Command[],
  closed: Readonly<Record<string, readonly string[]>>,
): readonly Spec[] =>
  commands.map(({ name, describe, options, words }) => ({
    name,
    describe,
    flags: [
      ...Object.entries(options).flatMap(([flag, option]) => flagsOf(flag, option, closed[flag])),
      { name: '--help', describe: 'show the options, with examples', takes: null },
      { name: '--no-color', describe: 'print without colours', takes: null },
    ],
    words: words.map((word) => wordTakes(bare(word))),
  }));

function wordTakes(word: string): Takes {
  const takes = WORDS[word]?.takes ?? 'text';
  return takes === 'report' ? 'plan' : takes;
}

function flagsOf(name: string, option: Option, closed: readonly string[] | undefined): readonly Flag[] {
  const describe = meaning(name, option);
  const off: Flag = { name: `--no-${name}`, describe, takes: null };
  if (option.type === 'switch') return [option.isOn ? off : { name: `--${name}`, describe, takes: null }];
  const on: Flag = {
    name: `--${name}`,
    describe,
    takes: option.choices ?? closed ?? optionTakes(name, option),
  };
  return option.canBeOff ? [on, off] : [on];
}

function optionTakes(name: string, option: Option): Takes {
  switch (placeholder(name, option)) {
    case 'FILE':
    case 'PATH':
    case 'SRC':
    case 'KEY':
      return 'path';
    case 'ID':
    case 'PLAN':
      return 'plan';
    default:
      return 'text';
  }
}
