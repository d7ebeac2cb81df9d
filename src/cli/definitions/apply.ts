import { EXITS } from './exit-codes.ts';
import {
  EXTENT,
  flag,
  JSON_OUT,
  OUT,
  POLICY,
  SETTINGS,
  SHOP,
  SOURCE,
  STEPS,
  text,
} from './shared-options.ts';
import type { Command } from './types.ts';

const WAIT = {
  type: 'seconds',
  describe:
    'seconds to wait for a shop that stops answering, for example during a restart (default: 120; 0: do not wait)',
} as const;

export const applyCommand: Command = {
  name: 'apply',
  describe: 'Apply an approved plan and write a report',
  words: ['[path]'],
  options: {
    policy: POLICY,
    'on-conflict': {
      type: 'string',
      describe:
        'when the shop changed since the plan: stop (default), or skip those changes and write the rest',
      choices: ['stop', 'skip'],
    },
    'dry-run': flag('check everything, write nothing'),
    'verify-storefront': flag('after the apply, check what shoppers see'),
    channel: {
      type: 'string',
      describe: 'channel of that check',
      value: 'SLUG',
    },
    'show-requests': flag('with --dry-run: print the requests that would be sent'),
    'report-path': text('write a copy of the report to this file'),
    mark: {
      type: 'switch',
      describe: 'mark the apply in the app’s own metadata, for other machines',
      isOn: true,
    },
    'force-unlock': text('remove the lock of an apply of this plan that died on another machine'),
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
    wait: WAIT,
  },
  examples: [
    ['sailplan apply 0c2f4b7a91d3e855', 'apply a plan, or resume an interrupted apply'],
    ['sailplan apply 0c2f4b7a91d3e855 --dry-run --show-requests', 'print the requests without sending them'],
  ],
  exits: EXITS.apply,
  load: async () => (await import('../commands/apply.ts')).run,
};

export const syncCommand: Command = {
  name: 'sync',
  describe: 'Plan, ask and apply in one command; dry run by default',
  words: [],
  options: {
    'dry-run': {
      type: 'switch',
      describe: 'stop after the comparison and its report',
      isOn: true,
    },
    plan: text('apply this approved plan instead of reading both sides again'),
    ...STEPS,
    'create-attributes': flag('also create attributes that Saleor lacks'),
    'report-path': text('file for the report (JSON)'),
    ...SOURCE,
    policy: POLICY,
    ...EXTENT,
    ...OUT,
    ...JSON_OUT,
    ...SETTINGS,
    ...SHOP,
    wait: WAIT,
  },
  examples: [
    [
      'sync_wagtail_to_saleor --desired catalog.json --report-path report.json',
      'dry run: list the differences',
    ],
    ['sync_wagtail_to_saleor --no-dry-run --plan 0c2f4b7a91d3e855', 'apply an approved plan'],
  ],
  exits: EXITS.sync,
  load: async () => (await import('../commands/sync.ts')).run,
};
