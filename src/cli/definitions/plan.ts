import type { RunCommand } from '../io.ts';
import { EXITS } from './exit-codes.ts';
import { EXTENT, flag, JSON_OUT, OUT, SETTINGS, SHOP, SOURCE, STEPS, text } from './shared-options.ts';
import type { Command } from './types.ts';

/** `plan diff A B` compares two plans; `plan` writes one. */
async function planOrDiff(): Promise<RunCommand> {
  return async (args, io) => {
    return args['diff'] === undefined
      ? (await import('../commands/plan.ts')).run(args, io)
      : (await import('../commands/plan-diff.ts')).run(args, io);
  };
}

export const planCommand: Command = {
  name: 'plan',
  describe: 'Compare Wagtail with Saleor and write a plan; `plan diff A B` compares two plans',
  words: ['[diff]', '[a]', '[b]'],
  options: {
    ...SOURCE,
    actual: text('plan from a snapshot file instead of the shop'),
    refresh: {
      type: 'string',
      describe: 'products to read: full (all, default), or changed (those written since an earlier read)',
      choices: ['full', 'changed'],
      group: 'Advanced',
    },
    since: {
      type: 'string',
      describe:
        'with --refresh changed: the earlier read, as a shop snapshot or a plan (default: the newest plan)',
      group: 'Advanced',
    },
    ...STEPS,
    adopt: flag('take over values with another spelling, for example data-analyst'),
    'create-attributes': flag('also create attributes that Saleor lacks'),
    snapshots: {
      type: 'string',
      describe:
        'data stored in the plan: full (default), or changed (changed resources and one digest for the rest)',
      choices: ['full', 'changed'],
    },
    exclude: { type: 'list', describe: 'exclude a change: REF, or REF:FIELD for one field' },
    ...OUT,
    keep: flag('keep the open plan that this one supersedes'),
    sign: text('path of an SSH key: sign the plan as its author'),
    as: { ...text('with --sign: the author, for example ada@example.com'), group: 'Advanced' },
    'detailed-exitcode': flag('exit 2 when there are changes'),
    'fail-on': {
      type: 'list',
      describe: 'exit 6 when the plan has one of these hazards: codes, or the severities warning and danger',
    },
    'fail-on-skipped': {
      type: 'string',
      bare: '0%',
      describe: 'exit 6 when more than N % of the pages are skipped (without N: any page)',
    },
    ...EXTENT,
    ...JSON_OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan plan --desired catalog.json --create-missing', 'plan from an export file'],
    ['sailplan plan --desired catalog.json --actual shop.json', 'plan from two files, without network'],
    [
      'sailplan plan --desired catalog.json --refresh changed',
      'read only products written since the last plan',
    ],
  ],
  exits: EXITS.plan,
  load: planOrDiff,
};

export const revertCommand: Command = {
  name: 'revert',
  describe: 'Plan to undo an applied plan; fields changed since then are kept',
  words: ['report'],
  options: {
    sign: text('path of an SSH key: sign the plan as its author'),
    as: text('with --sign: the author, for example ada@example.com'),
    ...EXTENT,
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan revert 0c2f4b7a91d3e855', 'then review and approve the new plan'],
    ['sailplan revert plans/0c2f4b7a91d3e855/report.json --json', 'for a script'],
  ],
  exits: EXITS.revert,
  load: async () => (await import('../commands/revert.ts')).run,
};
