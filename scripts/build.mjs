// Builds dist/: ESM with split chunks, so that each command loads only what it needs.
// `--package` adds what only the published package has: types of the library, licences of what is bundled. A last word
// names another folder than dist.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { pageAssets } from './page-assets.mjs';
import { yargsInBundle } from './yargs-in-bundle.mjs';

const out = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? 'dist';
// Made when something asks for it, which nearly nothing does: there is one in each of a command's chunks.
const require =
  "import { createRequire as __r } from 'node:module'; const require = (name) => __r(import.meta.url)(name);";

// graphql's index leads to all of it, and would put into every command what only the embedded shop needs (execution,
// validation): every other importer gets the parts that are used.
const PARTS = { parse: 'language/parser', print: 'language/printer', Kind: 'language/kinds' };
const lean = {
  name: 'lean',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^graphql$/ }, ({ importer }) =>
      importer.startsWith(resolve('src/sandbox')) ? undefined : { path: 'graphql', namespace: 'lean' },
    );
    // undici's index leads to mocks, caches and more; index-fetch is the part of it that Node itself bundles.
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'undici' }));
    onLoad({ filter: /./, namespace: 'undici' }, () => ({
      contents: `export { EnvHttpProxyAgent, fetch } from './index-fetch.js';
export { default as Dispatcher } from './lib/dispatcher/dispatcher.js';
export { default as Pool } from './lib/dispatcher/pool.js';`,
      resolveDir: resolve('node_modules/undici'),
    }));
    onLoad({ filter: /./, namespace: 'lean' }, () => ({
      contents: Object.entries(PARTS)
        .map(([name, part]) => `export { ${name} } from './node_modules/graphql/${part}.mjs';`)
        .join('\n'),
      resolveDir: resolve('.'),
    }));
  },
};

const { metafile } = await build({
  metafile: true,
  // `data`: the demo's recordings get a chunk of their own.
  entryPoints: {
    cli: 'src/bin/sailplan.ts',
    sync: 'src/bin/sync-wagtail-to-saleor.ts',
    index: 'src/index.ts',
    data: 'src/sandbox/data/index.ts',
  },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  banner: { js: `#!/usr/bin/env node\n${require}` },
  plugins: [lean, pageAssets, yargsInBundle],
  logLevel: 'warning',
});

// Chunks are named by their content: what an earlier build left is taken away only once the new one is there.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
if (process.argv.includes('--package')) {
  const { bundled, licences } = await import('./package/licences.mjs');
  const { types } = await import('./package/types.mjs');
  const packages = bundled(metafile);
  writeFileSync(join(out, 'THIRD-PARTY.txt'), licences(packages));
  // For the SBOM, which is made from it.
  const names = packages.map(({ name, version }) => ({ name, version }));
  writeFileSync(join(out, 'bundled.json'), `${JSON.stringify(names, null, 2)}\n`);
  types(join(out, 'types'));
  for (const name of ['THIRD-PARTY.txt', 'bundled.json', 'types']) made.add(name);
}
for (const name of readdirSync(out)) if (!made.has(name)) rmSync(join(out, name), { recursive: true });
