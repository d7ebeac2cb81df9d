// A build of the program that counts what it runs, so that what tests spawn is measured as well as what they call.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import { build } from 'esbuild';
import coverage from 'istanbul-lib-coverage';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { createSourceMapStore } from 'istanbul-lib-source-maps';
import { pageAssets } from '../page-assets.mjs';

/** As jest instruments what it transforms, so that both count the same statements and branches. */
const instrumenter = createInstrumenter({ esModules: true, compact: false, produceSourceMap: true });
const SWC = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023', experimental: { keepImportAttributes: true } },
  module: { type: 'es6' },
  sourceMaps: true,
};

/**
 * Builds cli.mjs and sync.mjs into `folder`; each process that ends leaves its hits in `folder`/hits.
 * Gives the coverage of nothing run yet, by file.
 */
export async function buildInstrumented(folder, folders) {
  const files = {};
  const wanted = new RegExp(`/src/(${folders.join('|')})/(?:[^/]+/)*[^/]+\\.ts$`);
  const hits = JSON.stringify(join(folder, 'hits'));
  await build({
    entryPoints: { cli: 'src/bin/sailplan.ts', sync: 'src/bin/sync-wagtail-to-saleor.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: {
      js: `import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);
if (!globalThis.__hits) { globalThis.__hits = true; process.on('exit', () => {
  const hits = Object.entries(globalThis.__coverage__ ?? {}).map(([path, { s, f, b }]) => [path, { s, f, b }]);
  try { require('node:fs').writeFileSync(${hits} + '/' + process.pid + '-' + Date.now() + '.json', JSON.stringify(hits)); } catch {}
}); }`,
    },
    plugins: [
      pageAssets,
      {
        name: 'instrument',
        setup: ({ onLoad }) =>
          onLoad({ filter: wanted }, ({ path }) => {
            const { code, map } = transformSync(readFileSync(path, 'utf8'), { ...SWC, filename: path });
            const contents = instrumenter.instrumentSync(code, path, JSON.parse(map));
            files[path] = instrumenter.lastFileCoverage();
            return { contents, loader: 'js', resolveDir: resolve(path, '..') };
          }),
      },
    ],
  });
  return files;
}

/** Adds the hits of spawned processes to what jest measured; both told in the lines of the sources. */
export async function merged(measured, files, allHits) {
  const raw = coverage.createCoverageMap({});
  for (const hits of allHits)
    for (const [path, counts] of hits) raw.addFileCoverage({ ...structuredClone(files[path]), ...counts });
  const map = coverage.createCoverageMap(measured);
  // A line's end is Infinity here and null in jest's file: made equal, or a branch would count as two.
  map.merge(JSON.parse(JSON.stringify(await createSourceMapStore().transformCoverage(raw))));
  return map.toJSON();
}
