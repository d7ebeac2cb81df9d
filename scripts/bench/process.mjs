import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const USAGE = resolve('scripts/bench/usage.cjs');

/** One process from start to end: wall and CPU in ms, peak memory in MiB. Throws unless it ends as expected. */
export function once(words, folder, expected = 0) {
  const usage = join(folder, 'usage.json');
  const begin = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--require', USAGE, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', BENCH_USAGE: usage },
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
  const wall_ms = performance.now() - begin;
  if (status !== expected)
    throw new Error(`${words.join(' ')} ended with ${status ?? signal}: ${stderr}${stdout.slice(0, 2000)}`);
  const { cpu_ms, peak_kib } = JSON.parse(readFileSync(usage, 'utf8'));
  return { wall_ms, cpu_ms, peak_mib: peak_kib / 1024, stdout };
}

/** The same while this process goes on: a shop that it talks to would close connections that nobody listens to. */
export async function timed(words, folder, env) {
  const usage = join(folder, 'usage.json');
  const begin = performance.now();
  const child = spawn(process.execPath, ['--require', USAGE, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', BENCH_USAGE: usage, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part) => {
    said += part;
  });
  const code = await new Promise((ended) => child.on('close', ended));
  const wall_ms = performance.now() - begin;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${said}`);
  const { cpu_ms, peak_kib } = JSON.parse(readFileSync(usage, 'utf8'));
  return { wall_ms, cpu_ms, peak_mib: peak_kib / 1024 };
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/**
 * Medians of processes, interleaved, so that a slow moment of the machine touches every row.
 * A row: {name, words, floor?, expected?, before?(), first?}; what is not measured of a row is carried over. `floor`: words of the
 * bare program beside it, in the same rounds. `first`: what `once` gave for it already, which is its first round.
 */
export function measure(rows, rounds, folder) {
  const taken = rows.map(() => ({ ours: [], floor: [] }));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { words, floor, expected, before, first }] of rows.entries()) {
      if (round > 0 || first === undefined) before?.();
      taken[index].ours.push(round === 0 && first !== undefined ? first : once(words, folder, expected));
      if (floor !== undefined) taken[index].floor.push(once(floor, folder));
    }
  return rows.map(({ words, floor, expected, before, first, ...row }, index) => ({
    ...row,
    ...summaryOf(taken[index].ours),
    ...(floor === undefined ? {} : besides(taken[index])),
  }));
}

const summaryOf = (runs) => {
  const of = (name) => runs.map((run) => run[name]);
  return {
    median_ms: Math.round(median(of('wall_ms'))),
    worst_ms: Math.round(Math.max(...of('wall_ms'))),
    cpu_ms: Math.round(median(of('cpu_ms'))),
    peak_mib: Math.round(median(of('peak_mib'))),
  };
};

/** The floor, and how many times as much is taken: medians of the ratios of each round, which share its load. */
function besides({ ours, floor }) {
  const bare = summaryOf(floor);
  const times = (name) => Number(median(ours.map((run, round) => run[name] / floor[round][name])).toFixed(2));
  return {
    floor_ms: bare.median_ms,
    floor_cpu_ms: bare.cpu_ms,
    floor_mib: bare.peak_mib,
    of_floor: times('wall_ms'),
    of_floor_cpu: times('cpu_ms'),
    of_floor_mib: times('peak_mib'),
  };
}
