import type { RunCommand } from '../io.ts';
import type { Exits } from './exit-codes.ts';

/** string: a text · path, list: comma-separated or repeated · count: a whole number from 1 · switch: true or false */
export interface Option {
  readonly type: 'string' | 'list' | 'count' | 'switch';
  readonly describe: string;
  /** A switch that is on unless `--no-…` is said. */
  readonly isOn?: boolean;
  /** A text that `--no-…` switches off. */
  readonly canBeOff?: boolean;
  readonly choices?: readonly string[];
  /** What stands after it, in capitals, where its name does not say (values.ts). */
  readonly value?: string;
}

export interface Command {
  readonly name: string;
  readonly describe: string;
  /** Names of the words after the command (words.ts); `[word]` may be left out. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [string, string])[];
  readonly exits: Exits;
  readonly load: () => Promise<RunCommand>;
}
