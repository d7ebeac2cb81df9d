// How the work of plan, show and verify grows with the catalogue, counted in calls of functions: seconds belong to the machine
// and to its neighbours, and counters of instructions are closed to most CI jobs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeCatalogue } from './catalogue.mjs';

const CLI = resolve('dist/cli.mjs');
const CALLS = resolve('scripts/bench/calls.cjs');

/** {calls, peak_mib} of one process. Throws unless it ends as expected. */
function counted(words, folder, expected = 0) {
  const file = join(folder, 'calls.json');
  const { status, stderr } = spawnSync(process.execPath, ['--require', CALLS, CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', BENCH_CALLS: file },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== expected) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  const { calls, peak_kib } = JSON.parse(readFileSync(file, 'utf8'));
  return { calls, peak_mib: Math.round(peak_kib / 1024) };
}

/** Peak of a process that does nothing. */
export const idleMib = (folder) => counted(['--version'], folder).peak_mib;

/** Calls of plan, show and verify of a catalogue, by command. */
export function workOf(folder, size, changed) {
  const at = join(folder, `growth-${size}`);
  mkdirSync(at);
  const [desired, actual, out] = ['catalog.json', 'shop.json', 'plans'].map((name) => join(at, name));
  writeCatalogue(size, changed, { desired, actual });
  const plan = counted(['plan', '--desired', desired, '--actual', actual, '--out', out], at);
  const path = join(out, readdirSync(out).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '');
  // Verify ends in 3, since nobody approved; it looks at everything all the same.
  const found = { plan, show: counted(['show', path], at), verify: counted(['verify', path], at, 3) };
  rmSync(at, { recursive: true, force: true });
  return found;
}
