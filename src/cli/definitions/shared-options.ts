import type { Option } from './types.ts';

export const text = (describe: string): Option => ({ type: 'string', describe });
export const flag = (describe: string): Option => ({ type: 'switch', describe });

export const SETTINGS = {
  config: text('config file (default: sailplan.config.json)'),
  target: text('name of a target in the config'),
  contract: text('contract file (default: the built-in gtm-v1)'),
};

export const SHOP = {
  'header-env': {
    type: 'list',
    describe:
      'send an additional header with the value of this variable; if the command contacts both sides: saleor:NAME=VAR or wagtail:NAME=VAR',
  },
  'allow-http': flag('allow sending a token to another machine over plain http'),
  parallel: { type: 'count', describe: 'parallel requests to the shop (default: 4)' },
} as const;

export const SOURCE = {
  desired: text('source: path of an export, - (standard input), http(s) URL of an export, or api-v2'),
  'wagtail-url': text('address of Wagtail’s API v2 (or set WAGTAIL_URL)'),
  'page-type': text('page type of the offerings, for example catalog.OfferingPage'),
  locale: text('locale to read'),
  site: text('Wagtail site, host[:port]'),
  'media-base-url': text('base URL for relative image addresses'),
  'capability-registry': text('path or URL of the Capability Registry: JSON, or one id per line'),
  'control-plane': text('path or URL of the Control Plane’s list of offerings, for cp_offering_id'),
};

export const STEPS = {
  'create-missing': flag('create attribute values that Saleor lacks'),
  strict: flag('with any error exit 1 and write a plan that cannot be applied'),
  'sync-attributes': flag('also assign attributes to their product types (step B)'),
  'sync-products': flag('compare products (step D); the default unless --sync-attributes is given alone'),
  'prune-values': flag('delete values that Wagtail lacks and no product uses'),
  'prune-used': flag('with --prune-values: also delete values that products use'),
  limit: { type: 'count', describe: 'only the first N offerings, by page id' },
  'only-slugs': { type: 'list', describe: 'only these products, by Saleor slug' },
} as const;

export const POLICY: Option = {
  type: 'string',
  describe:
    'policy file (default: sailplan.policy.json); --no-policy: use no policy, one unsigned approval is enough',
  canBeOff: true,
};

export const OUT = { out: text('plans folder (default: plans)') };
export const JSON_OUT = { json: flag('print one JSON document instead of text') };

/** How much of a plan is printed. */
export const EXTENT = {
  full: flag('print everything, on a terminal through a pager'),
  summary: flag('print at most one screen'),
};

/** Options shared by all working commands. */
export const FEEDBACK = {
  quiet: flag('print results and errors only'),
  log: {
    type: 'string',
    describe: 'format of notes and progress on stderr (default: text)',
    choices: ['text', 'json'],
  },
} as const;

/** Options of every command that sends requests. */
export const REQUESTS = {
  verbose: flag('log each request'),
  debug: text('write each request and response to this file, without secrets'),
} as const;

/** Options that few calls need: the help lists them last. */
const ADVANCED = [
  ...[
    'wagtail-url',
    'page-type',
    'locale',
    'media-base-url',
    'site',
    'capability-registry',
    'control-plane',
    'actual',
  ],
  ...['adopt', 'prune-values', 'prune-used', 'limit', 'only-slugs', 'exclude', 'snapshots', 'keep'],
  ...[
    'detailed-exitcode',
    'mark',
    'force-unlock',
    'wait',
    'base',
    'expires',
    'contract',
    'sign',
    'max-bytes',
    'fail-on',
    'fail-on-skipped',
  ],
  ...Object.keys(SHOP),
  ...Object.keys(FEEDBACK),
  ...Object.keys(REQUESTS),
];

const everyday = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !ADVANCED.includes(name));

/** Groups of the help by title; options without a group come first. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Sources: everyday([...Object.keys(SOURCE), 'actual']),
  Comparison: everyday([...Object.keys(STEPS), 'create-attributes', 'exclude']),
  'Files and output': ['out', 'report-path', 'full', 'summary', 'json'],
  Settings: everyday(Object.keys(SETTINGS)),
  Advanced: ADVANCED,
};
