// `make bench`: one table, and bench.json beside it. SIZES=300,3000,30000,100000 ROUNDS=11 PARTS=start,offline,network
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bySize, startUp } from './offline.mjs';

const list = (name, otherwise) => (process.env[name] ?? otherwise).split(',').filter((word) => word !== '');
const SIZES = list('SIZES', '300,3000').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 11);
const PARTS = list('PARTS', 'start,offline,network');

/** 10 products (a day's edits), 1 %, 20 % and all. */
const SHARES = list('CHANGED', '0,10,1%,20%,100%');
const changedOf = (share, size) =>
  share.endsWith('%') ? Math.round((size * Number.parseFloat(share)) / 100) : Number(share);
/** A big catalogue takes its time, and its medians need fewer rounds. */
const roundsFor = (size) => (size <= 3000 ? ROUNDS : Math.min(ROUNDS, 3));

const COLUMNS = {
  name: 'what',
  offerings: 'offerings',
  changed: 'changed',
  median_ms: 'median ms',
  above_ms: "above Node's start",
  worst_ms: 'worst ms',
  cpu_ms: 'CPU ms',
  peak_mib: 'peak MiB',
  ratio: '× bare',
  requests: 'requests',
  bytes_in: 'bytes read',
  bytes: 'bytes',
  bytes_plan: 'bytes of the plan',
};

function print(rows) {
  const used = Object.keys(COLUMNS).filter((name) => rows.some((row) => row[name] !== undefined));
  console.log(`| ${used.map((name) => COLUMNS[name]).join(' | ')} |`);
  console.log(`|${used.map((name) => (name === 'name' ? '---' : '---:')).join('|')}|`);
  const cell = (value) =>
    value === undefined
      ? ''
      : typeof value === 'number' && !Number.isInteger(value)
        ? value.toFixed(2)
        : String(value);
  for (const row of rows) console.log(`| ${used.map((name) => cell(row[name])).join(' | ')} |`);
}

async function network(folder) {
  const part = new URL('./network.mjs', import.meta.url);
  return existsSync(part) ? (await import(part)).network({ folder, rounds: ROUNDS }) : [];
}

const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));
try {
  const rows = [];
  if (PARTS.includes('start')) rows.push(...startUp(folder, ROUNDS));
  if (PARTS.includes('offline'))
    for (const size of SIZES) {
      const counts = [...new Set(SHARES.map((share) => changedOf(share, size)))].sort((a, b) => a - b);
      rows.push(...bySize(folder, size, counts, roundsFor(size)));
    }
  if (PARTS.includes('network')) rows.push(...(await network(folder)));
  const machine = { node: process.version, cores: cpus().length, load: loadavg()[0], rounds: ROUNDS };
  console.log(
    `Node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, medians of up to ${ROUNDS} interleaved rounds\n`,
  );
  print(rows);
  writeFileSync('bench.json', `${JSON.stringify({ ...machine, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
