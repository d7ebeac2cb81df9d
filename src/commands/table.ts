import { Failure } from '../state/failure.ts';
import type { Run } from './io.ts';

/** string: a text · path, list: comma-separated or repeated · count: a whole number from 1 · switch: true or false */
export interface Option {
  readonly type: 'string' | 'list' | 'count' | 'switch';
  readonly describe: string;
  /** A switch that is on unless `--no-…` is said. */
  readonly isOn?: boolean;
  /** A text that `--no-…` switches off. */
  readonly canBeOff?: boolean;
  readonly choices?: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly describe: string;
  /** Names of the words after the command; `[word]` may be left out. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly (readonly [string, string])[];
  readonly load: () => Promise<Run>;
}

const text = (describe: string): Option => ({ type: 'string', describe });
const on = (describe: string): Option => ({ type: 'switch', describe });

const SETTINGS = {
  config: text('config file (default: sailplan.config.json)'),
  target: text('one of the config’s targets'),
  contract: text('contract file (default: the built-in gtm-v1)'),
};

const SHOP = {
  'header-env': { type: 'list', describe: 'send a further header; its value is that of the variable' },
  'allow-http': on('allow a token to travel over plain http, to another machine'),
  parallel: { type: 'count', describe: 'requests to the shop at one time (default: 4)' },
} as const;

const SOURCE = {
  desired: text('a path, -, an http(s) URL of an export, or api-v2'),
  'wagtail-url': text('address of Wagtail’s API v2 (or in WAGTAIL_URL)'),
  'page-type': text('type of the offering pages, e.g. catalog.OfferingPage'),
  locale: text('locale to read'),
  site: text('Wagtail site, host[:port]'),
  'media-base-url': text('where relative addresses of images begin'),
  'capability-registry': text('Capability Registry, a path or URL: a JSON array of ids, or one id a line'),
};

const STEPS = {
  'create-missing': on('create attribute values that Saleor lacks'),
  strict: on('if anything is wrong or missing, the plan may only be read, and exit 1'),
  'sync-attributes': on('also assign attributes to their product types (step B)'),
  'sync-products': on('compare products (step D); done anyway unless only --sync-attributes is said'),
  'prune-values': on('delete values that Wagtail lacks and no product has'),
  'prune-used': on('with --prune-values: those that products have, too'),
  limit: { type: 'count', describe: 'only the first N offerings, by page id' },
  'only-slugs': { type: 'list', describe: 'only these products, by Saleor slug' },
} as const;

/** `plan` alone plans; `plan diff A B` compares two plans. */
async function planOrDiff(): Promise<Run> {
  return async (args, io) => {
    if (args['diff'] === undefined) return (await import('./plan.ts')).run(args, io);
    if (args['diff'] === 'diff') return (await import('./compare.ts')).run(args, io);
    throw new Failure(
      'usage',
      `plan takes diff or nothing, not "${String(args['diff'])}"`,
      'sailplan plan --help shows how.',
    );
  };
}

const POLICY: Option = {
  type: 'string',
  describe:
    'policy file (default: sailplan.policy.json); --no-policy: there is none, and one unsigned approval is enough',
  canBeOff: true,
};

const OUT = { out: text('folder of the plans (default: plans)') };
const JSON_OUT = { json: on('print one JSON document instead of text') };

/** Titles of the help, with the options that stand under each; all others come first. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'What is read': [...Object.keys(SOURCE), 'actual'],
  'What is compared': [...Object.keys(STEPS), 'adopt', 'create-attributes', 'exclude'],
  'Files and output': ['out', 'keep', 'report-path', 'detailed-exitcode', 'json'],
  Settings: Object.keys(SETTINGS),
  'The shop': Object.keys(SHOP),
};

/** Every command; each is loaded only when it is called. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'init',
    describe: 'Ask both ends what they have and write a set-up that works',
    words: [],
    options: {
      desired: SOURCE.desired,
      'wagtail-url': SOURCE['wagtail-url'],
      'page-type': SOURCE['page-type'],
      locale: SOURCE.locale,
      force: on('write a new config over the old one'),
      contract: SETTINGS.contract,
      'header-env': SHOP['header-env'],
      'allow-http': SHOP['allow-http'],
    },
    examples: [
      [
        'sailplan init --wagtail-url https://cms.example.com/api/v2/',
        'finds page type, fields and taxonomies',
      ],
      ['sailplan init --desired https://cms.example.com/catalog-export/', 'an export instead of the API'],
    ],
    load: async () => (await import('./init.ts')).run,
  },
  {
    name: 'plan',
    describe: 'Read both sides and write a plan; `plan diff A B` compares two',
    words: ['[diff]', '[a]', '[b]'],
    options: {
      ...SOURCE,
      actual: text('plan from a snapshot file instead of the shop'),
      ...STEPS,
      adopt: on('take over values that stand under another spelling, e.g. data-analyst'),
      'create-attributes': on('also create attributes that Saleor lacks'),
      exclude: { type: 'list', describe: 'leave a change out: REF, or REF:FIELD for one field' },
      ...OUT,
      keep: on('keep the plan that this one supersedes'),
      sign: text('path of an SSH key: who made the plan stands beside it, signed'),
      as: text('with --sign: who makes it, e.g. ada@example.com'),
      'detailed-exitcode': on('exit 2 when there are changes'),
      ...JSON_OUT,
      ...SETTINGS,
      ...SHOP,
    },
    examples: [
      ['sailplan plan --desired catalog.json --create-missing', 'plan from an export file'],
      ['sailplan plan --desired catalog.json --actual shop.json', 'plan from two files, without any network'],
    ],
    load: planOrDiff,
  },
  {
    name: 'doctor',
    describe: 'Check address, token, permissions, attributes and labels, each with its fix',
    words: [],
    options: {
      ...SOURCE,
      'create-missing': STEPS['create-missing'],
      'sync-attributes': STEPS['sync-attributes'],
      'create-attributes': on('also create attributes that Saleor lacks'),
      adopt: on('take over values that stand under another spelling, e.g. data-analyst'),
      'prune-values': STEPS['prune-values'],
      ...JSON_OUT,
      ...SETTINGS,
      ...SHOP,
    },
    examples: [
      ['sailplan doctor', 'can this token plan here?'],
      ['sailplan doctor --desired catalog.json --create-missing', 'and create values; labels are counted'],
    ],
    load: async () => (await import('./doctor.ts')).run,
  },
  {
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
    load: async () => (await import('./lint.ts')).run,
  },
  {
    name: 'show',
    describe: 'Show a plan or a report',
    words: ['path'],
    options: {
      format: {
        type: 'string',
        describe: 'how to show it (text)',
        choices: ['text', 'markdown', 'html', 'json'],
      },
      summary: on('one screen only'),
      'max-bytes': { type: 'count', describe: 'greatest length of the Markdown, in bytes (default: 60000)' },
      'allow-cut': on('exit 0 even if hazards and deletes do not fit the budget'),
      base: text('plan to tell causes by: auto (the last converged one), a path or an id'),
      ...OUT,
    },
    examples: [
      ['sailplan show 0c2f4b7a91d3e855', 'a plan by its id'],
      ['sailplan show plans/0c2f4b7a91d3e855/report.json --format markdown', 'a report, for a pull request'],
    ],
    load: async () => (await import('./show.ts')).run,
  },
  {
    name: 'approve',
    describe: 'Record that a person approves a plan',
    words: ['path'],
    options: {
      as: text('who approves, e.g. an e-mail address'),
      yes: on('do not ask'),
      'plan-id': text('the id of the plan that is meant'),
      comment: text('why'),
      reject: on('say no: the plan may not be applied'),
      accept: { type: 'list', describe: 'hazard codes that are accepted by name' },
      expires: text('how long it lasts, e.g. 72h or 7d'),
      sign: text('path of an SSH key to sign with'),
      ...OUT,
      ...SETTINGS,
    },
    examples: [
      ['sailplan approve 0c2f4b7a91d3e855 --as ada@example.com', 'asks for the plan id'],
      ['sailplan approve 0c2f4b7a91d3e855 --as ada@example.com --yes', 'without asking'],
    ],
    load: async () => (await import('./approve.ts')).run,
  },
  {
    name: 'verify',
    describe: 'Check a plan and its approvals, offline',
    words: ['path'],
    options: { policy: POLICY, ...JSON_OUT, ...OUT, ...SETTINGS },
    examples: [
      ['sailplan verify 0c2f4b7a91d3e855', 'one line a check; exit 0 or 3'],
      ['sailplan verify plans/0c2f4b7a91d3e855 --json', 'the same for a script'],
    ],
    load: async () => (await import('./verify.ts')).run,
  },
  {
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
      'dry-run': on('do everything but write'),
      'report-path': text('write a copy of the report here'),
      mark: { type: 'switch', describe: 'tell other machines of it, in the app’s own metadata', isOn: true },
      'force-unlock': text('take away the lock that a dead apply of this plan left'),
      ...JSON_OUT,
      ...OUT,
      ...SETTINGS,
      ...SHOP,
    },
    examples: [
      ['sailplan apply 0c2f4b7a91d3e855', 'also resumes an apply that was interrupted'],
      ['sailplan apply 0c2f4b7a91d3e855 --dry-run', 'shows what it would write'],
    ],
    load: async () => (await import('./apply.ts')).run,
  },
  {
    name: 'status',
    describe: 'Which plans are open, approved, spent or superseded',
    words: [],
    options: { policy: POLICY, ...JSON_OUT, ...OUT, ...SETTINGS },
    examples: [
      ['sailplan status', 'the newest plan first'],
      ['sailplan status --json', 'the same for a script'],
    ],
    load: async () => (await import('./status.ts')).run,
  },
  {
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
      adopt: on('take over values that stand under another spelling, e.g. data-analyst'),
      exclude: { type: 'list', describe: 'leave a change out: REF, or REF:FIELD for one field' },
      ...OUT,
      ...SETTINGS,
      ...SHOP,
    },
    examples: [
      ['sailplan drift --desired catalog.json', 'exit 0 equal, 2 differs, 1 something was left out'],
      ['sailplan drift --desired api-v2 --format markdown', 'a report for an issue'],
    ],
    load: async () => (await import('./drift.ts')).run,
  },
  {
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
    load: async () => (await import('./revert.ts')).run,
  },
  {
    name: 'audit',
    describe: 'Who approved and applied what; `audit verify` proves it',
    words: ['[what]'],
    options: {
      head: text('hash of a line that was noted elsewhere: shows a tail that was cut off'),
      signers: text('allowed_signers file: signed lines must be by one of its keys'),
      format: { type: 'string', describe: 'how to show it (text)', choices: ['text', 'markdown', 'json'] },
      ...JSON_OUT,
      ...OUT,
      ...SETTINGS,
    },
    examples: [
      ['sailplan audit', 'every apply of every target'],
      ['sailplan audit verify', 'the chain and every digest; exit 0 or 3'],
    ],
    load: async () => (await import('./audit.ts')).run,
  },
  {
    name: 'snapshot',
    describe: 'Write one side to a file, complete',
    words: ['side'],
    options: { out: text('where to write it'), ...SOURCE, ...JSON_OUT, ...SETTINGS, ...SHOP },
    examples: [
      ['sailplan snapshot saleor --out shop.json', 'what the contract manages of the whole shop'],
      ['sailplan snapshot wagtail --desired catalog.json --out site.json', 'the desired state'],
    ],
    load: async () => (await import('./snapshot.ts')).run,
  },
  {
    name: 'sync',
    describe: 'sync_wagtail_to_saleor: plan, ask, apply in one go (dry run by default)',
    words: [],
    options: {
      'dry-run': {
        type: 'switch',
        describe: 'only say what differs: write the report and nothing else',
        isOn: true,
      },
      ...STEPS,
      'report-path': text('where the report is written (JSON)'),
      ...SOURCE,
      policy: text('policy file (default: sailplan.policy.json)'),
      ...OUT,
      ...JSON_OUT,
      ...SETTINGS,
      ...SHOP,
    },
    examples: [
      [
        'sync_wagtail_to_saleor --desired catalog.json --report-path report.json',
        'dry run: says what differs',
      ],
      [
        'sync_wagtail_to_saleor --desired catalog.json --strict',
        'drift check for CI: exit 2 if anything differs',
      ],
    ],
    load: async () => (await import('./sync.ts')).run,
  },
  {
    name: 'demo',
    describe: 'The whole story on an embedded shop',
    words: [],
    options: {},
    examples: [['sailplan demo', 'plan, review, approve, apply, report, plan again']],
    load: async () => (await import('./demo.ts')).run,
  },
  {
    name: 'sandbox',
    describe: 'Run the embedded shop (and a site) for trying things out',
    words: [],
    options: {
      port: { type: 'count', describe: 'port on 127.0.0.1 (any free one)' },
      site: text('export document to serve at /catalog-export/'),
      faults: text('e.g. 429:0.2,500:0.1,drop:0.05,late:0.05'),
      seed: { type: 'count', describe: 'seed of the faults (1)' },
      latency: on('answer as slowly as the real one was measured'),
      ...JSON_OUT,
    },
    examples: [
      ['sailplan sandbox --port 8000', 'the recorded shop of 302 products'],
      ['sailplan sandbox --json', 'one line with address and token when ready'],
    ],
    load: async () => (await import('./sandbox.ts')).run,
  },
];
