import { CI_FORMATS } from '../../review/ci/ci-report.ts';
import { EXITS } from './exit-codes.ts';
import { EXTENT, flag, JSON_OUT, OUT, SETTINGS, SHOP, SOURCE, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const lintCommand: Command = {
  name: 'lint',
  describe: 'List errors that editors have to fix in Wagtail, or terms that only the shop has',
  words: [],
  options: {
    ...SOURCE,
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'csv', 'json', ...CI_FORMATS],
    },
    'from-shop': flag('list the values in the shop that have no term in Wagtail, with their products'),
    fixture: {
      ...text('with --from-shop: write their terms as a file for manage.py loaddata'),
      value: 'FILE',
    },
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan lint --desired catalog.json', 'errors grouped by page'],
    ['sailplan lint --from-shop --fixture terms.json', 'begin from a shop that has values already'],
    ['sailplan lint --desired api-v2 --format csv', 'errors as a table'],
    ['sailplan lint --format github', 'in a workflow: annotations, and a table in the job summary'],
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
      choices: ['text', 'markdown', 'html', 'json', ...CI_FORMATS],
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

export const storefrontCommand: Command = {
  name: 'storefront',
  describe: 'Prove what shoppers see: filters, labels and cards, read anonymously from the public API',
  words: [],
  options: {
    ...SOURCE,
    channel: { type: 'string', describe: 'slug of the channel (or in SALEOR_CHANNEL_SLUG)', value: 'SLUG' },
    format: {
      type: 'string',
      describe: 'how to show it (text)',
      choices: ['text', 'markdown', 'html', 'json'],
    },
    full: flag('list every finding and every filter value'),
    search: flag('also look each product up by its name, as a search box does'),
    'published-only': flag('report products that are not published or not listed as notes, not errors'),
    exclude: { type: 'list', describe: 'exclude a finding: REF, or REF:FIELD for one field' },
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan storefront --desired catalog.json --channel default-channel', 'exit 0 as planned, 2 if not'],
    ['sailplan storefront --desired api-v2 --channel us --format html', 'a page to pass on'],
  ],
  exits: EXITS.storefront,
  load: async () => (await import('../commands/storefront.ts')).run,
};
