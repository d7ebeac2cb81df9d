// A team with many shops: one plan and one apply a target, as jobs of a CI matrix, against as many sandboxes that answer as
// slowly as a real Saleor with two workers was measured.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './process.mjs';

const CLI = resolve('dist/cli.mjs');
const EXPORT = resolve('test/recordings/wagtail-export.json');

function start(words, folder, env = {}) {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => {
      said[name] += part;
    });
  return { child, said };
}

async function call(words, folder, env) {
  const { child, said } = start(words, folder, env);
  const code = await new Promise((ended) => child.on('close', ended));
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${said.stderr}`);
  return said.stdout;
}

/** A sandbox of its own process: nothing is shared but the machine. */
async function open(folder) {
  const { child, said } = start(['sandbox', '--recorded', '--latency', '--json'], folder);
  while (!said.stdout.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`a sandbox ended: ${said.stderr}`);
    await new Promise((again) => setTimeout(again, 20));
  }
  const { saleor_api_url, token } = JSON.parse(said.stdout.split('\n')[0]);
  return { child, env: { SALEOR_API_URL: saleor_api_url, SALEOR_TOKEN: token } };
}

/** What one job of the matrix does: plan, approve, apply. */
async function job({ env }, folder) {
  const begin = performance.now();
  const { id } = JSON.parse(
    await call(
      ['plan', '--desired', EXPORT, '--create-missing', '--sync-attributes', '--sync-products', '--json'],
      folder,
      env,
    ),
  );
  const planned = performance.now();
  await call(['approve', id, '--as', 'bench', '--yes'], folder, env);
  await call(['apply', id, '--no-policy'], folder, env);
  const report = JSON.parse(readFileSync(join(folder, 'plans', id, 'report.json'), 'utf8'));
  if (!report.converged) throw new Error(`plan ${id} did not converge`);
  const { outcomes } = report;
  return { plan_ms: planned - begin, apply_ms: performance.now() - planned, changes: outcomes.length };
}

/** `count` shops, `atOnce` jobs at one time. */
async function matrix(folder, count, atOnce) {
  const name = `${count}-${atOnce}`;
  const folders = Array.from({ length: count }, (_, index) => join(folder, `${name}-${index}`));
  const opened = [];
  try {
    for (const one of folders) {
      mkdirSync(one);
      opened.push(await open(one));
    }
    const begin = performance.now();
    const jobs = [...folders.keys()];
    const done = [];
    const work = async () => {
      for (let index = jobs.shift(); index !== undefined; index = jobs.shift())
        done.push(await job(opened[index], folders[index]));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const all_ms = performance.now() - begin;
    return {
      name: `${count} shops, ${atOnce} at once: plan, approve, apply`,
      changed: done[0].changes,
      median_ms: Math.round(median(done.map((one) => one.plan_ms + one.apply_ms))),
      worst_ms: Math.round(Math.max(...done.map((one) => one.plan_ms + one.apply_ms))),
      all_ms: Math.round(all_ms),
      a_second: Number(((count * done[0].changes * 1000) / all_ms).toFixed(1)),
    };
  } finally {
    for (const { child } of opened) child.kill();
  }
}

/** One after the other, as many as there are cores, and all at once. */
export async function shops(folder, count = Number(process.env.SHOPS ?? 20)) {
  const rows = [];
  for (const [many, atOnce] of [
    [Math.min(3, count), 1],
    [count, 4],
    [count, count],
  ])
    rows.push(await matrix(folder, many, atOnce));
  return rows;
}
