import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeCatalogue } from '../../scripts/bench/catalogue.mjs';

/** 10,000 offerings, all of which change: the plan file alone is 52 MB. A process with too small a heap ends with signal or 134. */
const OFFERINGS = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'sailplan-memory-'));
const [desired, actual, out] = ['catalog.json', 'shop.json', 'plans'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

function statusOf(heapMib: number, ...words: readonly string[]): number | null {
  const { status } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${heapMib}`, resolve('dist/cli.mjs'), ...words],
    { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' }, maxBuffer: 1 << 30 },
  );
  return status;
}

beforeAll(() => writeCatalogue(OFFERINGS, OFFERINGS, { desired, actual }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a plan in which everything changes is made, written, proved and shown in a heap of some 7 kB an offering', () => {
  expect(statusOf(66, 'plan', '--desired', desired, '--actual', actual, '--out', out)).toBe(0);
  const [id = ''] = readdirSync(out).filter((name) => /^[0-9a-f]{16}$/.test(name));
  // Nobody approved it: all else is checked all the same.
  expect(statusOf(66, 'verify', join(out, id))).toBe(3);
  expect(statusOf(72, 'show', join(out, id))).toBe(0);
}, 240_000);
