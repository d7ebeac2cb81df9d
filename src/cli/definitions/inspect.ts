import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, SETTINGS, SHOP, SOURCE, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const lintCommand: Command = {
  name: 'lint',
  describe: 'Say what editors have to mend, without asking a shop',
  words: [],
  options: {
    ...SOURCE,
    format: {
      type: 'string',
      describe: 'how to say it (text)',
      choices: ['text', 'markdown', 'csv', 'json'],
    },
    ...SETTINGS,
    'header-env': SHOP['header-env'],
    'allow-http': SHOP['allow-http'],
  },
  examples: [
    ['sailplan lint --desired catalog.json', 'grouped by page, for the editors'],
    ['sailplan lint --desired api-v2 --format csv', 'as a table'],
  ],
  exits: EXITS.lint,
  load: async () => (await import('../commands/lint.ts')).run,
};

export const driftCommand: Command = {
  name: 'drift',
  describe: 'Say what differs now, read-only',
  words: [],
  options: {
    ...SOURCE,
    actual: text('compare with a snapshot file instead of the shop'),
    format: {
      type: 'string',
      describe: 'how to show it (text)',
      choices: ['text', 'markdown', 'html', 'json'],
    },
    base: text('plan to tell causes by: auto (the last converged one), a path or an id'),
    adopt: flag('take over values that stand under another spelling, e.g. data-analyst'),
    exclude: { type: 'list', describe: 'leave a change out: REF, or REF:FIELD for one field' },
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan drift --desired catalog.json', 'exit 0 equal, 2 differs, 1 something was skipped'],
    ['sailplan drift --desired api-v2 --format markdown', 'a report for an issue'],
  ],
  exits: EXITS.drift,
  load: async () => (await import('../commands/drift.ts')).run,
};

export const snapshotCommand: Command = {
  name: 'snapshot',
  describe: 'Write one side to a file, complete',
  words: ['side'],
  options: { out: text('where to write it'), ...SOURCE, ...JSON_OUT, ...SETTINGS, ...SHOP },
  examples: [
    ['sailplan snapshot saleor --out shop.json', 'what the contract manages of the whole shop'],
    ['sailplan snapshot wagtail --desired catalog.json --out site.json', 'the desired state'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/snapshot.ts')).run,
};
