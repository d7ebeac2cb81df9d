import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

test('a site whose listing never ends, of a million empty lists in each megabyte, is refused below 1 GB', async () => {
  const extra = Array(4_000).fill([[]]);
  const site = createServer(({ url }, response) => {
    const query = new URL(url ?? '', 'http://site').searchParams;
    const [limit, offset] = ['limit', 'offset'].map((name) => Number(query.get(name))) as [number, number];
    response.setHeader('content-type', 'application/json');
    if (limit > 20) {
      response.statusCode = 400;
      response.end('{"message":"limit cannot be higher than 20"}');
      return;
    }
    const items = Array.from({ length: limit }, (_, index) => ({
      id: offset + index + 1,
      key: `k${offset + index}`,
      label: 'Label',
      extra,
    }));
    response.end(JSON.stringify({ meta: { total_count: 999_999 }, items }));
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const usage = join(folder, 'usage.json');
  const base = `http://127.0.0.1:${(site.address() as AddressInfo).port}/api/v2/`;
  const program = spawn(
    process.execPath,
    [
      ...['--require', resolve('scripts/bench/usage.cjs'), resolve('dist/cli.mjs')],
      ...['lint', '--desired', 'api-v2', '--wagtail-url', base, '--page-type', 'a.B', '--locale', 'en'],
    ],
    { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', BENCH_USAGE: usage } },
  );
  let stderr = '';
  program.stderr.on('data', (part) => {
    stderr += part;
  });
  const [code] = await once(program, 'close');
  site.closeAllConnections();
  site.close();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('its answers need more memory than sailplan takes (1 GB)'),
  });
  expect(JSON.parse(readFileSync(usage, 'utf8')).peak_kib / 1024).toBeLessThan(1_000);
}, 240_000);
