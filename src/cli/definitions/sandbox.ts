import { EXITS } from './exit-codes.ts';
import { flag, JSON_OUT, text } from './shared-options.ts';
import type { Command } from './types.ts';

export const demoCommand: Command = {
  name: 'demo',
  describe: 'The whole story on an embedded shop',
  words: [],
  options: {},
  examples: [
    ['sailplan demo', 'plan, review, approve, apply, report, plan again'],
    ['sailplan demo --no-color', 'the same, in black and white'],
  ],
  exits: EXITS.plain,
  load: async () => (await import('../commands/demo.ts')).run,
};

export const sandboxCommand: Command = {
  name: 'sandbox',
  describe: 'Run the embedded shop (and a site) for trying things out',
  words: [],
  options: {
    port: { type: 'count', describe: 'port on 127.0.0.1 (any free one)' },
    demo: flag('the demo’s shop of 24 products, and its site at /catalog-export/'),
    shop: { ...text('snapshot of a shop to start from, instead of the recorded one'), value: 'FILE' },
    site: { ...text('export document to serve at /catalog-export/'), value: 'FILE' },
    faults: text('e.g. 429:0.2,500:0.1,drop:0.05,late:0.05'),
    seed: { type: 'count', describe: 'seed of the faults (1)' },
    latency: flag('answer as slowly as the real one was measured'),
    workers: { type: 'count', describe: 'requests it works on at once, with --latency (2)' },
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
