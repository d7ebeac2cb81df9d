import { EXITS } from './exit-codes.ts';
import { EXTENT, flag, JSON_OUT, OUT, SETTINGS, SHOP, SOURCE, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const lintCommand: Command = {
  name: 'lint',
  describe: 'List errors that editors have to fix in Wagtail; needs no shop',
  words: [],
  options: {
    ...SOURCE,
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'csv', 'json'],
    },
    ...SETTINGS,
    'header-env': SHOP['header-env'],
    'allow-http': SHOP['allow-http'],
  },
  examples: [
    ['sailplan lint --desired catalog.json', 'errors grouped by page'],
    ['sailplan lint --desired api-v2 --format csv', 'errors as a table'],
  ],
  exits: EXITS.lint,
  load: async () => (await import('../commands/lint.ts')).run,
};

export const driftCommand: Command = {
  name: 'drift',
  describe: 'List the differences between Wagtail and Saleor now',
  words: [],
  options: {
    ...SOURCE,
    actual: text('compare with a snapshot file instead of the shop'),
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'html', 'json'],
    },
    base: text(
      'plan to compare with, to name the cause of each difference: auto (the last converged plan), a path or an id',
    ),
    adopt: flag('take over values with another spelling, for example data-analyst'),
    exclude: { type: 'list', describe: 'exclude a change: REF, or REF:FIELD for one field' },
    ...EXTENT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan drift --desired catalog.json', 'exit 0: no differences, 2: differences, 1: skipped pages'],
    ['sailplan drift --desired api-v2 --format markdown', 'differences as Markdown'],
  ],
  exits: EXITS.drift,
  load: async () => (await import('../commands/drift.ts')).run,
};

export const snapshotCommand: Command = {
  name: 'snapshot',
  describe: 'Save one side, Wagtail or Saleor, to a file',
  words: ['side'],
  options: { out: text('output file'), ...SOURCE, ...JSON_OUT, ...SETTINGS, ...SHOP },
  examples: [
    ['sailplan snapshot saleor --out shop.json', 'the managed fields of the whole shop'],
    ['sailplan snapshot wagtail --desired catalog.json --out site.json', 'the desired state'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/snapshot.ts')).run,
};
