import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, POLICY, SETTINGS, SHOP, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const showCommand: Command = {
  name: 'show',
  describe: 'Show a plan or a report',
  words: ['[path]'],
  options: {
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'html', 'json'],
    },
    summary: flag('one screen only'),
    report: flag('show the report of the last apply of the plan'),
    'max-bytes': { type: 'count', describe: 'maximum length of the Markdown, in bytes (default: 60000)' },
    'allow-cut': flag('exit 0 even if hazards and deletes do not fit into --max-bytes'),
    base: text(
      'plan to compare with, to name the cause of each change: auto (the last converged plan), a path or an id',
    ),
    ...OUT,
    config: SETTINGS.config,
  },
  examples: [
    ['sailplan show 0c2f4b7a91d3e855', 'show a plan'],
    [
      'sailplan show plans/0c2f4b7a91d3e855/report.json --format markdown',
      'a report as Markdown, for a pull request',
    ],
  ],
  exits: EXITS.show,
  load: async () => (await import('../commands/show.ts')).run,
};

export const approveCommand: Command = {
  name: 'approve',
  describe: 'Record the approval of a plan by a person',
  words: ['[path]'],
  options: {
    as: text('who approves, e.g. an e-mail address'),
    yes: flag('do not ask for confirmation'),
    'plan-id': text('id of the plan, as confirmation'),
    comment: text('comment, stored in the approval'),
    reject: flag('reject the plan: it may not be applied'),
    accept: { type: 'list', describe: 'hazard codes to accept by name' },
    expires: text('how long the approval is valid, for example 72h or 7d'),
    sign: text('path of an SSH key to sign with'),
    ...OUT,
    ...SETTINGS,
  },
  examples: [
    ['sailplan approve 0c2f4b7a91d3e855 --as ada@example.com', 'asks for the plan id'],
    ['sailplan approve 0c2f4b7a91d3e855 --as ada@example.com --yes', 'without asking'],
  ],
  exits: EXITS.approve,
  load: async () => (await import('../commands/approve.ts')).run,
};

export const verifyCommand: Command = {
  name: 'verify',
  describe: 'Check a plan and its approvals, offline',
  words: ['[path]'],
  options: {
    policy: POLICY,
    format: {
      type: 'string',
      describe: 'for a CI system: each reason as an annotation, or as a test report',
      choices: ['github', 'junit'],
    },
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
  },
  examples: [
    ['sailplan verify 0c2f4b7a91d3e855', 'one line per check; exit 0 or 3'],
    ['sailplan verify plans/0c2f4b7a91d3e855 --json', 'as JSON, for a script'],
  ],
  exits: EXITS.verify,
  load: async () => (await import('../commands/verify.ts')).run,
};

export const statusCommand: Command = {
  name: 'status',
  describe: 'List plans: open, approved, stale, applied or superseded',
  words: ['[path]'],
  options: {
    policy: POLICY,
    check: flag('ask the shop whether waiting plans are stale'),
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan status', 'newest plan first'],
    ['sailplan status plans/0c2f4b7a91d3e855', 'only that plan; for a folder of plans, its plans'],
    ['sailplan status --check', 'also check whether the shop changed since the plans'],
  ],
  exits: EXITS.status,
  load: async () => (await import('../commands/status.ts')).run,
};

export const auditCommand: Command = {
  name: 'audit',
  describe: 'List who approved and applied what; `audit verify` checks that nothing was altered',
  words: ['[what]'],
  options: {
    head: text('head hash recorded elsewhere: detects removed last entries'),
    signers: text('allowed_signers file: every line must be signed by one of its keys'),
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'html', 'json'],
    },
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
  },
  examples: [
    ['sailplan audit', 'all applies of all targets'],
    ['sailplan audit --format html', 'one page to browse, search and print'],
    ['sailplan audit verify', 'check the hash chain and all digests; exit 0 or 3'],
  ],
  exits: EXITS.audit,
  load: async () => (await import('../commands/audit.ts')).run,
};

export const historyCommand: Command = {
  name: 'history',
  describe: 'What happened to one product, value or page over all applies, and who approved it',
  words: ['ref'],
  options: {
    format: {
      type: 'string',
      describe: 'output format (default: text)',
      choices: ['text', 'markdown', 'json'],
    },
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
  },
  examples: [
    ['sailplan history product.churn-watch', 'each apply that changed this product'],
    [
      'sailplan history value.gsv_roles.data_analyst',
      'the value, its translations, and products that got or lost it',
    ],
    ['sailplan history page.107', 'by the id of a page in Wagtail'],
  ],
  exits: EXITS.history,
  load: async () => (await import('../commands/history.ts')).run,
};
