/** An argument after the command. */
export interface Positional {
  /** A noun phrase, for help and for the error about a missing argument. */
  readonly describe: string;
  /**
   * plan: a plan's id, folder or plan.json · report: the same, or a report.json · ref: a resource · otherwise the allowed
   * words
   */
  readonly takes: 'plan' | 'report' | 'ref' | readonly string[];
}

const PLAN = 'a plan: its id or its first 4 digits, latest, its folder, or the path of its plan.json';
const ONLY_PLAN = `${PLAN} (default: the only plan that is not applied yet)`;

/** Keys are the names in `Command.words`. */
export const WORDS: Readonly<Record<string, Positional>> = {
  path: { describe: ONLY_PLAN, takes: 'plan' },
  report: {
    describe: 'an applied plan: its id or its first 4 digits, its folder, or the path of its report.json',
    takes: 'report',
  },
  action: {
    describe: 'print, init or check',
    takes: ['print', 'init', 'check'],
  },
  ref: {
    describe:
      'a product, value or page: product.SLUG, value.ATTRIBUTE.KEY, page.ID, or a slug, key or page id',
    takes: 'ref',
  },
  side: { describe: 'the side to save: saleor or wagtail', takes: ['saleor', 'wagtail'] },
  what: { describe: 'verify: check the archive instead of listing it', takes: ['verify'] },
  diff: { describe: 'diff: compare the plans A and B', takes: ['diff'] },
  a: { describe: PLAN, takes: 'plan' },
  b: { describe: PLAN, takes: 'plan' },
  step: {
    describe: 'plan, check, replan, apply or drift',
    takes: ['plan', 'check', 'replan', 'apply', 'drift'],
  },
  shell: { describe: 'a shell: bash, zsh or fish', takes: ['bash', 'zsh', 'fish'] },
};

/** The name without the brackets that mark it as optional. */
export const bare = (word: string): string => word.replace(/[[\]]/g, '');
