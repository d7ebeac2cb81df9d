// `make bench-check`: no times, which a machine's neighbours decide, but what the program decides: the bytes of plans of
// seeded catalogues, the requests of the network part, and how calls of functions and memory grow with the catalogue. Compares
// with figures.json; UPDATE_FIGURES=1 writes it anew.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idleMib, workOf } from './growth.mjs';
import { network } from './network.mjs';
import { ofCatalogue } from './offline.mjs';

const FIGURES = new URL('./figures.json', import.meta.url);
const SIZES = [200, 2_000, 20_000];
const CHANGED = 20;
/** Catalogues whose growth is watched: in work (calls of functions) and in memory. */
const GROWN = [3_000, 30_000, 100_000];
/** Work and memory may grow so much faster than the catalogue. */
const FASTER = 1.1;
/** Peak of plan, show and verify of the largest. */
const MOST_MIB = 600;

const key = (row) => `${row.name}, ${row.offerings} offerings`;

/**
 * Calls: what an offering more takes between two sizes, over what one takes in the smaller; the worse of both. (Files of the
 * smallest are read at once, which takes more calls.) Peaks differ by some MiB from run to run, so they are compared as a
 * whole: per offering of the largest, over per offering of the one before it.
 */
function growths(folder) {
  const [small, middle, large] = GROWN.map((size) => workOf(folder, size, size / 100));
  const more = (from, to, [size, larger]) => (to.calls - from.calls) / (larger - size) / (from.calls / size);
  const idle = idleMib(folder);
  return Object.keys(large).flatMap((command) => {
    const [a, b, c] = [small, middle, large].map((one) => one[command]);
    return [
      {
        what: `growth of ${command}: calls, by size`,
        now: Math.max(more(a, b, GROWN.slice(0, 2)), more(b, c, GROWN.slice(1))),
        most: FASTER,
      },
      {
        what: `growth of ${command}: peak_mib, by size`,
        now: (c.peak_mib - idle) / (b.peak_mib - idle) / (GROWN[2] / GROWN[1]),
        most: FASTER,
      },
      { what: `peak of ${command}, ${GROWN[2]} offerings, MiB`, now: c.peak_mib, most: MOST_MIB },
    ];
  });
}

async function requestsOf(folder) {
  // On a sandbox, whatever shop the environment names: other products, other requests.
  delete process.env.SALEOR_API_URL;
  const rows = await network({ folder, rounds: 1, applies: [[60, 300]] });
  return Object.fromEntries(
    rows.flatMap((row) => (row.requests === undefined ? [] : [[key(row), row.requests]])),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'sailplan-bench-'));
try {
  const rows = SIZES.flatMap((size) => ofCatalogue(folder, size, CHANGED, { rounds: 1 }));
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
  for (const { what, now, most } of growths(folder))
    compare(what, Number(now.toFixed(2)), `at most ${most}`, now > most);
  if (faults.length > 0) {
    console.log(
      `${faults.length} figures are worse; where that is meant: UPDATE_FIGURES=1 make bench-check, and say why.`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
