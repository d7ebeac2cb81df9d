import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, OUT, POLICY, SETTINGS, SHOP, SOURCE, STEPS, text } from './shared-options.ts';
import type { Command } from './types.ts';

const { 'create-missing': _, ...COMPARED } = STEPS;

export const ciCommand: Command = {
  name: 'ci',
  describe: 'Steps of a CI job on GitHub or GitLab: plans as pull requests, apply after the merge',
  words: ['step'],
  options: {
    forge: {
      type: 'string',
      describe: 'whose API to use (default: that of the job)',
      choices: ['github', 'gitlab'],
      value: 'NAME',
    },
    base: { ...text('protected branch (default: origin/main)'), value: 'REMOTE/BRANCH' },
    commit: {
      ...text('check, replan: newest commit of the pull request (default: that of the job)'),
      value: 'COMMIT',
    },
    status: { ...text('check, replan: also report the result as a commit status'), value: 'NAME' },
    ...SOURCE,
    ...COMPARED,
    'create-attributes': flag('create attributes that Saleor lacks'),
    adopt: flag('take over values with another spelling, for example data-analyst'),
    exclude: { type: 'list', describe: 'exclude a change: REF, or REF:FIELD for one field' },
    sign: text('plan: path of an SSH key to sign as author with'),
    as: text('plan: name of the author, with --sign'),
    wait: { type: 'seconds', describe: 'apply: how long to wait for a shop that stops answering' },
    policy: POLICY,
    ...JSON_OUT,
    ...OUT,
    ...SETTINGS,
    ...SHOP,
  },
  examples: [
    ['sailplan ci plan', 'plan; propose what differs as a pull request; close what it supersedes'],
    ['sailplan ci check', 'in a pull request, without secrets: is each plan whole? exit 0 or 3'],
    ['sailplan ci replan', 'in a pull request: do both sides still say what its plans say?'],
    ['sailplan ci apply', 'apply every merged plan that is not applied yet, in order'],
    ['sailplan ci drift', 'keep one issue that says what differs'],
  ],
  exits: EXITS.ci,
  load: async () => (await import('../commands/ci.ts')).run,
};
