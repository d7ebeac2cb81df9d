import { expect, test } from '@jest/globals';
import { optimizeLater } from '../../../src/platform/optimize-later.ts';

test('only a V8 that has the setting gets it: others print an error for each command', () => {
  const flags: string[] = [];
  for (const version of ['12.4.254.21-node.33', '13.6.233.17-node.28'])
    optimizeLater(version, (flag) => flags.push(flag));
  expect(flags).toEqual([]);
  optimizeLater('11.3.244.8-node.33', (flag) => flags.push(flag));
  expect(flags).toEqual(['--interrupt-budget=300000']);
});
