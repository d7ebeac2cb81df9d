// `make bench`: one table, and bench.json beside it. SIZES=300,3000,30000,100000 ROUNDS=11 PARTS=start,offline,network,flight,shops
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { flight, network } from './network.mjs';
import { bySize, startUp } from './offline.mjs';
import { shops } from './shops.mjs';
import { print } from './table.mjs';

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

const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));
try {
  const rows = [];
  if (PARTS.includes('start')) rows.push(...startUp(folder, ROUNDS));
  if (PARTS.includes('offline'))
    for (const size of SIZES) {
      const counts = [...new Set(SHARES.map((share) => changedOf(share, size)))].sort((a, b) => a - b);
      rows.push(...bySize(folder, size, counts, roundsFor(size)));
    }
  if (PARTS.includes('network')) rows.push(...(await network({ folder, rounds: ROUNDS })));
  if (PARTS.includes('flight')) rows.push(...(await flight({ folder, rounds: ROUNDS })));
  if (PARTS.includes('shops')) rows.push(...(await shops(folder)));
  const machine = { node: process.version, cores: cpus().length, load: loadavg()[0], rounds: ROUNDS };
  console.log(
    `Node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, medians of up to ${ROUNDS} interleaved rounds\n`,
  );
  print(rows);
  writeFileSync('bench.json', `${JSON.stringify({ ...machine, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
