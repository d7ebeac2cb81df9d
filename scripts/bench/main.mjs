// `make bench`: one table, and bench.json beside it. SIZES=300,3000,30000,100000 ROUNDS=11
// PARTS=start,offline,many,network,flight,shops, and PEER=1. RECORD=1 also puts the rows of these parts into measured.json, from which the
// tables of docs/scale.md are made.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { flight, network } from './network.mjs';
import { ofCatalogue, startUp } from './offline.mjs';
import { peer } from './peer.mjs';
import { keep, writePage } from './scale-page.mjs';
import { shops } from './shops.mjs';
import { print } from './table.mjs';

const list = (name, otherwise) => (process.env[name] ?? otherwise).split(',').filter((word) => word !== '');
const SIZES = list('SIZES', '300,3000').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 11);
const PARTS = [...list('PARTS', 'start,offline,network'), ...(process.env.PEER === '1' ? ['peer'] : [])];

/** 10 products (a day's edits), 1 %, 20 % and all. */
const SHARES = list('CHANGED', '0,10,1%,20%,100%');
const changedOf = (share, size) =>
  share.endsWith('%') ? Math.round((size * Number.parseFloat(share)) / 100) : Number(share);
/** A big catalogue takes its time, and its medians need fewer rounds. */
const roundsFor = (size) =>
  size <= 3000 ? ROUNDS : Math.min(ROUNDS, Number(process.env.BIG_ROUNDS ?? (size <= 30_000 ? 3 : 1)));

/** A plan of ten thousand changes, and nothing else. */
const MANY = 10_000;

/** One catalogue a step. */
const offlineSteps = (size) => {
  const counts = [...new Set(SHARES.map((share) => changedOf(share, size)))].sort((a, b) => a - b);
  const options = { rounds: roundsFor(size), hasFloor: true };
  return counts.map((changed) => (folder) => ofCatalogue(folder, size, changed, options));
};

/** Part → its steps; what each of them measures is recorded before the next begins, for a large catalogue takes minutes. */
const PART = {
  start: [(folder) => startUp(folder, ROUNDS)],
  offline: SIZES.flatMap(offlineSteps),
  many: [(folder) => ofCatalogue(folder, MANY, MANY, { rounds: ROUNDS, hasFloor: true })],
  network: [(folder) => network({ folder, rounds: ROUNDS })],
  flight: [(folder) => flight({ folder, rounds: ROUNDS })],
  shops: [(folder) => shops(folder)],
  peer: [(folder) => peer({ folder, rounds: ROUNDS })],
};

const nowOf = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  cores: cpus().length,
  rounds: ROUNDS,
});

const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));
try {
  const rows = [];
  for (const part of PARTS) {
    const before = loadavg()[0];
    const name = part === 'network' && process.env.SALEOR_API_URL ? 'saleor' : part;
    const found = [];
    for (const step of PART[part]) {
      found.push(...(await step(folder)));
      const load = [before, loadavg()[0]].map((figure) => Number(figure.toFixed(1)));
      if (process.env.RECORD !== '1') continue;
      keep(name, { ...nowOf(), load, rows: found });
      writePage();
    }
    rows.push(...found);
  }
  const machine = { ...nowOf(), load: loadavg()[0] };
  console.log(
    `Node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, medians of up to ${ROUNDS} interleaved rounds\n`,
  );
  print(rows);
  writeFileSync('bench.json', `${JSON.stringify({ ...machine, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
