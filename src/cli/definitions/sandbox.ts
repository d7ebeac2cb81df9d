import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const demoCommand: Command = {
  name: 'demo',
  describe: 'Run plan, approve and apply on an embedded shop',
  words: [],
  options: {},
  examples: [
    ['sailplan demo', 'plan, review, approve, apply, report, plan again'],
    ['sailplan demo --no-color', 'the same, without colours'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/demo.ts')).run,
};

export const sandboxCommand: Command = {
  name: 'sandbox',
  describe: 'Run an embedded shop and its site, to try things out',
  words: [],
  options: {
    port: { type: 'seconds', describe: 'port on 127.0.0.1 (default: 0, any free port)', value: 'N' },
    recorded: flag('start from the recorded shop of 302 products, without a site'),
    empty: flag('start from an empty shop, with the demo’s site'),
    shop: { ...text('start from a copy of this snapshot of a shop, without a site'), value: 'FILE' },
    site: {
      ...text('serve this export, and start from a shop with a product for each of its pages'),
      value: 'FILE',
      group: 'Sources',
    },
    demo: { ...flag('start from the demo’s shop (the default without --site)'), group: 'Advanced' },
    faults: { ...text('inject errors, for example 429:0.2,500:0.1,drop:0.05,late:0.05'), group: 'Advanced' },
    seed: { type: 'count', describe: 'seed of the errors (default: 1)', group: 'Advanced' },
    latency: { ...flag('answer as slowly as a real shop'), group: 'Advanced' },
    workers: {
      type: 'count',
      describe: 'with --latency: requests handled at once (default: 2)',
      group: 'Advanced',
    },
    ...JSON_OUT,
  },
  examples: [
    ['sailplan sandbox --port 8000', 'the demo’s shop of 24 products, and its site'],
    ['sailplan sandbox --site catalog.json', 'your own export, and a shop with its products'],
    ['sailplan sandbox --shop shop.json', 'a copy of the shop that `snapshot saleor` read'],
    ['sailplan sandbox --json', 'one line with the addresses when ready'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/sandbox.ts')).run,
};
