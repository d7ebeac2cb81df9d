import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, POLICY, SETTINGS, SHOP, SOURCE, STEPS, text } from './shared-options.ts';
import type { Command } from './types.ts';

const WAIT = {
  type: 'seconds',
  describe: 'how long to look for a shop that stops answering, e.g. restarts (default: 120; 0: not at all)',
  group: 'The shop',
} as const;

export const applyCommand: Command = {
  name: 'apply',
  describe: 'Execute an approved plan and report',
  words: ['path'],
  options: {
    policy: POLICY,
    'on-conflict': {
      type: 'string',
      describe: 'where the shop changed since: stop (default), or skip those and write the rest',
      choices: ['stop', 'skip'],
    },
    'dry-run': flag('do everything but write'),
    'show-requests': flag('with --dry-run: print the requests that would be sent'),
    'report-path': text('write a copy of the report here'),
    mark: { type: 'switch', describe: 'tell other machines of it, in the app’s own metadata', isOn: true },
    'force-unlock': text('break the lock of an apply of this plan that died on another machine'),
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
    wait: WAIT,
  },
  examples: [
    ['sailplan apply 0c2f4b7a91d3e855', 'also resumes an apply that was interrupted'],
    ['sailplan apply 0c2f4b7a91d3e855 --dry-run --show-requests', 'what it would send'],
  ],
  exits: EXITS.apply,
  load: async () => (await import('../commands/apply.ts')).run,
};

export const syncCommand: Command = {
  name: 'sync',
  describe: 'sync_wagtail_to_saleor: plan, ask, apply in one go (dry run by default)',
  words: [],
  options: {
    'dry-run': {
      type: 'switch',
      describe: 'only say what differs: write the report and nothing else',
      isOn: true,
    },
    plan: text('an approved plan to write, instead of reading both sides again'),
    ...STEPS,
    'report-path': text('where the report is written (JSON)'),
    ...SOURCE,
    policy: POLICY,
    ...OUT,
    ...JSON_OUT,
    ...SETTINGS,
    ...SHOP,
    wait: WAIT,
  },
  examples: [
    ['sync_wagtail_to_saleor --desired catalog.json --report-path report.json', 'dry run: says what differs'],
    ['sync_wagtail_to_saleor --no-dry-run --plan 0c2f4b7a91d3e855', 'write an approved plan'],
  ],
  exits: EXITS.sync,
  load: async () => (await import('../commands/sync.ts')).run,
};
