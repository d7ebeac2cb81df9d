import type { RunCommand } from '../io.ts';
import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, SETTINGS, SHOP, SOURCE, STEPS, text } from './shared-options.ts';
import type { Command } from './types.ts';

/** `plan diff A B` compares two plans; `plan` makes one. */
async function planOrDiff(): Promise<RunCommand> {
  return async (args, io) => {
    return args['diff'] === undefined
      ? (await import('../commands/plan.ts')).run(args, io)
      : (await import('../commands/plan-diff.ts')).run(args, io);
  };
}

export const planCommand: Command = {
  name: 'plan',
  describe: 'Read both sides and write a plan; `plan diff A B` compares two',
  words: ['[diff]', '[a]', '[b]'],
  options: {
    ...SOURCE,
    actual: text('plan from a snapshot file instead of the shop'),
    refresh: {
      type: 'string',
      describe:
        'which products are read: full (default), or changed, with those that were written since an earlier read',
      choices: ['full', 'changed'],
      group: 'What is read',
    },
    since: {
      type: 'string',
      describe:
        'with --refresh changed: the earlier read, a snapshot of the shop or a plan (default: the newest plan)',
      group: 'What is read',
    },
    ...STEPS,
    adopt: flag('take over values that stand under another spelling, e.g. data-analyst'),
    'create-attributes': flag('also create attributes that Saleor lacks'),
    snapshots: {
      type: 'string',
      describe: 'what the plan keeps of both sides: full (default), or changed, with one digest for the rest',
      choices: ['full', 'changed'],
    },
    exclude: { type: 'list', describe: 'leave a change out: REF, or REF:FIELD for one field' },
    ...OUT,
    keep: flag('keep the plan that this one supersedes'),
    sign: text('path of an SSH key: who made the plan stands beside it, signed'),
    as: text('with --sign: who makes it, e.g. ada@example.com'),
    'detailed-exitcode': flag('exit 2 when there are changes'),
    ...JSON_OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan plan --desired catalog.json --create-missing', 'plan from an export file'],
    ['sailplan plan --desired catalog.json --actual shop.json', 'plan from two files, without any network'],
    ['sailplan plan --desired catalog.json --refresh changed', 'read what was written since the last plan'],
  ],
  exits: EXITS.plan,
  load: planOrDiff,
};

export const revertCommand: Command = {
  name: 'revert',
  describe: 'Plan the way back: what a report says was applied and nobody has changed since',
  words: ['report'],
  options: {
    sign: text('path of an SSH key: who made the plan stands beside it, signed'),
    as: text('with --sign: who makes it, e.g. ada@example.com'),
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan revert 0c2f4b7a91d3e855', 'an applied plan by its id; review and approve the new plan'],
    ['sailplan revert plans/0c2f4b7a91d3e855/report.json --json', 'for a script'],
  ],
  exits: EXITS.revert,
  load: async () => (await import('../commands/revert.ts')).run,
};
