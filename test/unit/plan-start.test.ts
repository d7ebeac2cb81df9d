import { expect, test } from '@jest/globals';
import { imports, sources } from '../../scripts/source-graph.mjs';

/** docs/decisions/what-plan-waits-for.md */
const LATER =
  /^src\/(?:review\/(?!ci\/)|approval\/|apply\/)|^src\/(?:diff\/diff|plan\/plan|plan\/file\/parse|app\/store\/\S+)\.ts$/;

test('what compares, writes and prints a plan is not loaded before the shop was asked', () => {
  const lines = imports(sources());
  const loaded = new Set(['src/bin/sailplan.ts', 'src/cli/commands/plan.ts']);
  for (const path of loaded)
    for (const { target } of lines.filter(({ from, isType, isLazy }) => from === path && !isType && !isLazy))
      if (target.startsWith('src/')) loaded.add(target);
  expect(loaded).toContain('src/saleor/read/read-actual.ts');
  expect([...loaded].filter((path) => LATER.test(path))).toEqual([]);
});
