import type { Run } from '../io.ts';

/** string: a text · path, list: comma-separated or repeated · count: a whole number from 1 · switch: true or false */
export interface Option {
  readonly type: 'string' | 'list' | 'count' | 'switch';
  readonly describe: string;
  /** A switch that is on unless `--no-…` is said. */
  readonly isOn?: boolean;
  /** A text that `--no-…` switches off. */
  readonly canBeOff?: boolean;
  readonly choices?: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly describe: string;
  /** Names of the words after the command; `[word]` may be left out. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [string, string])[];
  readonly load: () => Promise<Run>;
}
