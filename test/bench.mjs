// `make bench`: what a person waits for, as medians of real processes; prints one table and writes bench.json.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const ROUNDS = Number(process.env.ROUNDS ?? 11);
const CLI = resolve('dist/cli.mjs');
const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));

function once(words) {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begin;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Interleaved, so that a slow moment of the machine touches every row. */
function measure(rows) {
  const times = new Map(rows.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, words] of rows) times.get(name).push(once(words));
  return rows.map(([name]) => ({
    name,
    median_ms: Math.round(median(times.get(name))),
    worst_ms: Math.round(Math.max(...times.get(name))),
  }));
}

const recording = resolve('test/recordings/wagtail-export.json');
const shop = resolve('test/recordings/shop-snapshot.json');
const plan = ['plan', '--desired', recording, '--actual', shop, '--create-missing'];
try {
  once([CLI, ...plan]);
  const [id] = readdirSync(join(folder, 'plans')).filter((name) => /^[0-9a-f]{16}$/.test(name));
  writeFileSync(join(folder, 'empty.mjs'), '');
  const rows = measure([
    ['node itself (an empty script)', [join(folder, 'empty.mjs')]],
    ['sailplan --help', [CLI, '--help']],
    ['sailplan show (plan of the recordings)', [CLI, 'show', id]],
    ['sailplan plan (47 pages, 302 products, from snapshots)', [CLI, ...plan]],
  ]);
  const floor = rows[0].median_ms;
  console.log(
    `| ${ROUNDS} rounds, Node ${process.version}, ${cpus().length} cores | median ms | above Node's start | worst ms |\n|---|---:|---:|---:|`,
  );
  for (const { name, median_ms, worst_ms } of rows)
    console.log(`| ${name} | ${median_ms} | ${median_ms - floor} | ${worst_ms} |`);
  writeFileSync(
    'bench.json',
    `${JSON.stringify({ node: process.version, cores: cpus().length, rounds: ROUNDS, rows }, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
