/** A word after the command. */
export interface Positional {
  /** A noun phrase: help lists it, and the error for a missing word quotes it. */
  readonly describe: string;
  /** plan: a plan's id, folder or plan.json · report: that, or a report.json · else the words that are allowed */
  readonly takes: 'plan' | 'report' | readonly string[];
}

const PLAN = 'a plan: the path of its plan.json or its folder, or its id';

/** By the names in `Command.words`. */
export const WORDS: Readonly<Record<string, Positional>> = {
  path: { describe: PLAN, takes: 'plan' },
  report: { describe: 'an applied plan: its id or folder, or the path of its report.json', takes: 'report' },
  action: {
    describe: 'print, init or check',
    takes: ['print', 'init', 'check'],
  },
  side: { describe: 'a side: saleor or wagtail', takes: ['saleor', 'wagtail'] },
  what: { describe: 'verify, which proves the archive instead of telling it', takes: ['verify'] },
  diff: { describe: 'diff, which compares the plans A and B', takes: ['diff'] },
  a: { describe: PLAN, takes: 'plan' },
  b: { describe: PLAN, takes: 'plan' },
  shell: { describe: 'a shell: bash, zsh or fish', takes: ['bash', 'zsh', 'fish'] },
};

/** The name without the brackets that mark it as optional. */
export const bare = (word: string): string => word.replace(/[[\]]/g, '');
