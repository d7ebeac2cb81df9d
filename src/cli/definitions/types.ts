import type { RunCommand } from '../io.ts';
import type { Exits } from './exit-codes.ts';

/**
 * list: separated by commas, or the option repeated · count: a whole number, at least 1 · seconds: at least 0 · switch: true
 * or false
 */
export interface Option {
  readonly type: 'string' | 'list' | 'count' | 'seconds' | 'switch';
  readonly describe: string;
  /** A switch that is on unless `--no-…` is given. */
  readonly isOn?: boolean;
  /** The value of a string that is given without one. */
  readonly bare?: string;
  /** A string that `--no-…` makes false. */
  readonly canBeOff?: boolean;
  readonly choices?: readonly string[];
  /** The placeholder of its value, where placeholders.ts has none for its name. */
  readonly value?: string;
  /** Title of its group in the help, for an option that shared-options.ts does not list. */
  readonly group?: string;
}

export interface Command {
  readonly name: string;
  readonly describe: string;
  /** Names of the positionals (positionals.ts); `[name]` is optional. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [string, string])[];
  readonly exits: Exits;
  readonly load: () => Promise<RunCommand>;
}
