import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
// @ts-expect-error a script without types
import { pageOf, pages, withOtherShops } from '../../scripts/bench/scale-page.mjs';

test('the tables of docs/scale.md are those of what was measured', () => {
  const { path, text } = pages() as { path: string; text: string };
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(text).toContain('| plan, 3,000 offerings, none changed |');
});

test('a table says when it was measured, and at which load', () => {
  const figures = {
    start: {
      date: '2026-11-27',
      node: 'v20.20.2',
      cores: 2,
      rounds: 7,
      load: [0.5, 1.2],
      rows: [{ name: 'node itself', median_ms: 26, cpu_ms: 20, peak_mib: 39 }],
    },
  };
  expect(pageOf('a\n<!-- bench:start -->\nold\n<!-- /bench -->\nb\n', figures)).toBe(`a
<!-- bench:start -->
Measured on 2026-11-27: Node 20.20.2, 2 cores, load 0.5 to 1.2, medians of up to 7 rounds.

| start | time | CPU | peak |
|---|---:|---:|---:|
| node itself | 0.03 s | 0.02 s | 39 MiB |
<!-- /bench -->
b
`);
});

test('a table of what nobody measured says so', () => {
  expect(pageOf('<!-- bench:saleor -->\n<!-- /bench -->\n', {})).toBe(
    '<!-- bench:saleor -->\nNot measured yet.\n<!-- /bench -->\n',
  );
});

test('shops of other sizes that were measured on the same day stay, and the same size is replaced', () => {
  const run = (date: string, load: readonly number[], rows: readonly object[], rounds = 5) => ({
    date,
    rounds,
    load,
    rows,
  });
  const small = { name: 'plan', shop: 302, median_ms: 1 };
  const large = { name: 'plan', shop: 3000, median_ms: 2 };
  const before = run('2026-11-30', [0.5, 1], [small, large], 7);
  const now = run('2026-11-30', [0.7, 2], [{ ...small, median_ms: 3 }]);
  expect(withOtherShops(now, before)).toEqual(
    run('2026-11-30', [0.5, 2], [{ ...small, median_ms: 3 }, large], 7),
  );
  const later = run('2026-12-01', [0.7, 2], [small]);
  expect(withOtherShops(later, before)).toBe(later);
  const sandbox = run('2026-11-30', [0.7, 2], [{ name: 'plan', median_ms: 1 }]);
  expect(withOtherShops(sandbox, before)).toBe(sandbox);
});
