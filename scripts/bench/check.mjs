// `make bench-check`: no times, which a machine's neighbours decide, but what the program decides: the bytes of plans of
// seeded catalogues, how CPU and memory grow with the catalogue, and the requests of the network part. Compares with
// figures.json; UPDATE_FIGURES=1 writes it anew.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { network } from './network.mjs';
import { bySize } from './offline.mjs';

const FIGURES = new URL('./figures.json', import.meta.url);
const SIZES = [200, 2_000, 20_000];
const CHANGED = 20;
/** Time and memory may grow so much faster than the catalogue. */
const FASTER = 1.2;

const key = (row) => `${row.name}, ${row.offerings} offerings`;

/** What the largest catalogue takes beyond the smallest, over what the middle one takes beyond it, by size. */
function growths(rows) {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.flatMap((name) => {
    const [small, middle, large] = SIZES.map((size) =>
      rows.find((row) => row.name === name && row.offerings === size),
    );
    const byPlan = name.endsWith('snapshots changed') && !name.startsWith('plan');
    // A small plan is shown as fast from a large catalogue as from a small one: there is nothing to divide by.
    if (byPlan) return [];
    const bySize = (SIZES[2] - SIZES[0]) / (SIZES[1] - SIZES[0]);
    return ['cpu_ms', 'peak_mib'].map((figure) => {
      const step = Math.max(1, middle[figure] - small[figure]);
      return { what: `${name}: ${figure}`, growth: (large[figure] - small[figure]) / step / bySize };
    });
  });
}

async function requestsOf(folder) {
  // On a sandbox, whatever shop the environment names: other products, other requests.
  delete process.env.SALEOR_API_URL;
  const rows = await network({ folder, rounds: 1 });
  return Object.fromEntries(
    rows.flatMap((row) => (row.requests === undefined ? [] : [[key(row), row.requests]])),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));
try {
  const rows = SIZES.flatMap((size) => bySize(folder, size, [CHANGED], 1));
  const plans = rows.filter(({ name }) => name.startsWith('plan'));
  const found = {
    bytes_plan: Object.fromEntries(plans.map((row) => [key(row), row.bytes_plan])),
    requests: await requestsOf(folder),
  };
  if (process.env.UPDATE_FIGURES === '1') writeFileSync(FIGURES, `${JSON.stringify(found, null, 2)}\n`);
  const committed = JSON.parse(readFileSync(FIGURES, 'utf8'));
  const faults = [];
  const compare = (what, now, before, isWorse) => {
    const isBad = before === undefined || isWorse;
    console.log(`${isBad ? 'WORSE' : 'ok   '} ${what}: ${now}, committed ${before ?? 'none'}`);
    if (isBad) faults.push(what);
  };
  // The same catalogue gives the same bytes: fewer are another plan just as more are.
  for (const [name, now] of Object.entries(found.bytes_plan))
    compare(`bytes of ${name}`, now, committed.bytes_plan[name], now !== committed.bytes_plan[name]);
  for (const [name, now] of Object.entries(found.requests))
    compare(`requests of ${name}`, now, committed.requests[name], now > committed.requests[name]);
  for (const { what, growth } of growths(rows))
    compare(`growth of ${what}, by size`, growth.toFixed(2), `at most ${FASTER}`, growth > FASTER);
  if (faults.length > 0) {
    console.log(
      `${faults.length} figures are worse; where that is meant: UPDATE_FIGURES=1 make bench-check, and say why.`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
