import { CI_FORMATS } from '../../review/ci/ci-report.ts';
import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, POLICY, SETTINGS, SHOP, SOURCE, STEPS, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const initCommand: Command = {
  name: 'init',
  describe: 'Inspect site and shop and write a config that works',
  words: [],
  options: {
    desired: SOURCE.desired,
    'wagtail-url': { ...SOURCE['wagtail-url'], group: 'Sources' },
    'page-type': { ...SOURCE['page-type'], group: 'Sources' },
    locale: { ...SOURCE.locale, group: 'Sources' },
    site: SOURCE.site,
    'media-base-url': SOURCE['media-base-url'],
    'capability-registry': SOURCE['capability-registry'],
    'control-plane': SOURCE['control-plane'],
    target: text('name of this shop in the config, where there will be several'),
    policy: text('policy file'),
    ...OUT,
    ci: {
      type: 'string',
      describe:
        'also write the CI files of this forge: plan on a schedule, check pull requests, apply what was merged; with --target NAME for a config with several shops',
      choices: ['github', 'gitlab'],
      value: 'FORGE',
    },
    owner: {
      type: 'list',
      describe: '--ci: who reviews plans, for CODEOWNERS, for example @acme/shop',
      value: 'OWNER',
    },
    force: flag('write a new config over the old one'),
    contract: {
      ...text(
        'contract file (default: sailplan.contract.json if it is there, gtm-v1 if it fits, else a new one)',
      ),
      group: 'Settings',
    },
    'header-env': SHOP['header-env'],
    'allow-http': SHOP['allow-http'],
  },
  examples: [
    ['sailplan init --wagtail-url https://cms.example.com/api/v2/', 'finds page type, fields and taxonomies'],
    [
      'sailplan init --desired https://cms.example.com/catalog-export/ --ci github',
      'an export, and CI files',
    ],
    ['sailplan init --ci github --owner @acme/shop', 'CI files for a config that is there'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/init.ts')).run,
};

export const doctorCommand: Command = {
  name: 'doctor',
  describe: 'Check both ends and this machine, with a fix for each problem; list what an empty shop lacks',
  words: [],
  options: {
    ...SOURCE,
    'create-missing': STEPS['create-missing'],
    'sync-attributes': STEPS['sync-attributes'],
    'create-attributes': flag('also create attributes that Saleor lacks'),
    adopt: flag('take over values with another spelling, for example data-analyst'),
    'prune-values': STEPS['prune-values'],
    ci: flag('check the CI set-up instead: workflow, policy, code owners'),
    format: {
      type: 'string',
      describe: '--ci: for a CI system, each problem with file and line',
      choices: ['github', 'junit'],
      group: 'Advanced',
    },
    configurator: flag('print what the shop lacks as a file for Saleor Configurator (YAML)'),
    policy: POLICY,
    ...JSON_OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan doctor', 'check whether this token can plan'],
    ['sailplan doctor --desired catalog.json --create-missing', 'also check whether values can be created'],
    ['sailplan doctor --ci', 'check the workflow and what it needs'],
  ],
  exits: EXITS.doctor,
  load: async () => (await import('../commands/doctor.ts')).run,
};

export const contractCommand: Command = {
  name: 'contract',
  describe: 'Print, propose or check the contract: which page field becomes which attribute or metadata key',
  words: ['action'],
  options: {
    ...SOURCE,
    contract: {
      type: 'string',
      describe:
        'contract file that init writes and check reads (default: that of the config, else sailplan.contract.json)',
      value: 'FILE',
      group: 'Settings',
    },
    force: flag('init: write a new contract over the old one'),
    format: {
      type: 'string',
      describe: 'check: for a CI system, each finding with file and line',
      choices: CI_FORMATS,
    },
    ...JSON_OUT,
    config: SETTINGS.config,
    target: SETTINGS.target,
    ...SHOP,
  },
  examples: [
    ['sailplan contract init --desired catalog.json', 'look at both ends and write sailplan.contract.json'],
    ['sailplan contract check', 'compare it with site and shop; each finding has its line'],
    ['sailplan contract print', 'print the contract in use, or the built-in gtm-v1'],
  ],
  exits: EXITS.contract,
  load: async () => (await import('../commands/contract.ts')).run,
};

export const completionCommand: Command = {
  name: 'completion',
  describe: 'Print a completion script for a shell',
  words: ['shell'],
  options: {},
  examples: [
    ['source <(sailplan completion bash)', 'in ~/.bashrc; with zsh instead of bash in ~/.zshrc'],
    ['sailplan completion fish > ~/.config/fish/completions/sailplan.fish', 'for fish, run once'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/completion.ts')).run,
};
