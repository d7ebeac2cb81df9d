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
    port: { type: 'count', describe: 'port on 127.0.0.1 (default: any free port)' },
    demo: flag('the demo’s shop of 24 products, and its site at /catalog-export/'),
    shop: { ...text('snapshot of a shop to start from, instead of the recorded one'), value: 'FILE' },
    site: { ...text('export document to serve at /catalog-export/'), value: 'FILE' },
    faults: text('e.g. 429:0.2,500:0.1,drop:0.05,late:0.05'),
    seed: { type: 'count', describe: 'seed of the faults (default: 1)' },
    latency: flag('answer as slowly as a real shop'),
    workers: { type: 'count', describe: 'with --latency: requests handled at once (default: 2)' },
    ...JSON_OUT,
  },
  examples: [
    ['sailplan sandbox --port 8000', 'the recorded shop of 302 products'],
    ['sailplan sandbox --shop shop.json', 'a copy of the shop that `snapshot saleor` read'],
    ['sailplan sandbox --demo --json', 'a small shop with its site; one line with the addresses when ready'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/sandbox.ts')).run,
};
