import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { type Found, type Part, type Searched, search } from './fault-search.ts';

const ENOUGH = 10;

/**
 * Searches all parts with one worker per core: plain Node runs the bundled simulation several times faster than jest.
 * Ends after 10 findings. Calls `onDone` after each part.
 */
export async function searchAll(
  parts: readonly Part[],
  onDone: (part: Part, searched: Searched) => void = () => undefined,
): Promise<Searched> {
  // Only what runs here is counted by `make coverage`.
  if (process.env['COVERAGE'] !== undefined) return searchHere(parts);
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-sim-'));
  const bundle = join(folder, 'worker.mjs');
  try {
    await build({
      entryPoints: ['test/support/simulation/worker.ts'],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
    });
    const found: Found[] = [];
    let simulated = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      const worker = new Worker(bundle);
      while (next < parts.length && found.length < ENOUGH) {
        const part = parts[next] as Part;
        next += 1;
        const searched = await ask(worker, part);
        simulated += searched.simulated;
        found.push(...searched.found);
        onDone(part, searched);
      }
      await worker.terminate();
    };
    await Promise.all(Array.from({ length: Math.min(parts.length, availableParallelism()) }, work));
    return { simulated, found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For coverage one eighth of the pairs of faults is enough. */
async function searchHere(parts: readonly Part[]): Promise<Searched> {
  const searched: Searched[] = [];
  for (const part of parts)
    if (part.kind === 'drawn' || part.depth === 1 || part.rest % 8 === 0) searched.push(await search(part));
  return {
    simulated: searched.reduce((sum, { simulated }) => sum + simulated, 0),
    found: searched.flatMap(({ found }) => found),
  };
}

function ask(worker: Worker, part: Part): Promise<Searched> {
  return new Promise((answered, failed) => {
    worker.once('message', (searched: Searched) => {
      worker.off('error', failed);
      answered(searched);
    });
    worker.once('error', failed);
    worker.postMessage(part);
  });
}
