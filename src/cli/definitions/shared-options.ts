import type { Option } from './types.ts';

export const text = (describe: string): Option => ({ type: 'string', describe });
export const flag = (describe: string): Option => ({ type: 'switch', describe });

export const SETTINGS = {
  config: text('config file (default: sailplan.config.json)'),
  target: text('one of the config’s targets'),
  contract: text('contract file (default: the built-in gtm-v1)'),
};

export const SHOP = {
  'header-env': {
    type: 'list',
    describe:
      'send a further header, with the value of a variable; saleor:NAME=VAR or wagtail:NAME=VAR where a command asks both',
  },
  'allow-http': flag('allow a token to travel over plain http, to another machine'),
  parallel: { type: 'count', describe: 'requests to the shop at one time (default: 4)' },
} as const;

export const SOURCE = {
  desired: text('a path, -, an http(s) URL of an export, or api-v2'),
  'wagtail-url': text('address of Wagtail’s API v2 (or in WAGTAIL_URL)'),
  'page-type': text('type of the offering pages, e.g. catalog.OfferingPage'),
  locale: text('locale to read'),
  site: text('Wagtail site, host[:port]'),
  'media-base-url': text('where relative addresses of images begin'),
  'capability-registry': text('Capability Registry, a path or URL: a JSON array of ids, or one id a line'),
};

export const STEPS = {
  'create-missing': flag('create attribute values that Saleor lacks'),
  strict: flag('if anything is wrong or missing, the plan may only be read, and exit 1'),
  'sync-attributes': flag('also assign attributes to their product types (step B)'),
  'sync-products': flag('compare products (step D); done anyway unless only --sync-attributes is said'),
  'prune-values': flag('delete values that Wagtail lacks and no product has'),
  'prune-used': flag('with --prune-values: those that products have, too'),
  limit: { type: 'count', describe: 'only the first N offerings, by page id' },
  'only-slugs': { type: 'list', describe: 'only these products, by Saleor slug' },
} as const;

export const POLICY: Option = {
  type: 'string',
  describe:
    'policy file (default: sailplan.policy.json); --no-policy: there is none, and one unsigned approval is enough',
  canBeOff: true,
};

export const OUT = { out: text('folder of the plans (default: plans)') };
export const JSON_OUT = { json: flag('print one JSON document instead of text') };

/** Options of every command that works on something. */
export const FEEDBACK = {
  quiet: flag('no progress and no notes: results and errors only'),
  log: {
    type: 'string',
    describe: 'how notes and progress are written to stderr (text)',
    choices: ['text', 'json'],
  },
} as const;

/** Options of every command that sends requests. */
export const REQUESTS = {
  verbose: flag('tell each request'),
  debug: text('write each request and its answer to this file, without secrets'),
} as const;

/** Groups of the help by title; options without a group come first. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'What is read': [...Object.keys(SOURCE), 'actual'],
  'What is compared': [...Object.keys(STEPS), 'adopt', 'create-attributes', 'exclude'],
  'Files and output': ['out', 'keep', 'report-path', 'snapshots', 'detailed-exitcode', 'json'],
  Settings: Object.keys(SETTINGS),
  'The shop': Object.keys(SHOP),
  'What is told meanwhile': [...Object.keys(FEEDBACK), ...Object.keys(REQUESTS)],
};
