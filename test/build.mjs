// Builds dist/: ESM with split chunks, so that each command loads only what it needs (conventions: Toolchain).
// `--package` adds what only the published package has: types of the library, licences of what is bundled.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const require = "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);";

const { metafile } = await build({
  metafile: true,
  // `data`: the demo's recordings get a chunk of their own.
  entryPoints: {
    cli: 'src/bin.ts',
    sync: 'src/sync.ts',
    index: 'src/index.ts',
    data: 'src/sandbox/recorded.ts',
  },
  outdir: 'dist',
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
  logLevel: 'warning',
});

// Chunks are named by their content: what an earlier build left is taken away only once the new one is there.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
if (process.argv.includes('--package')) {
  const { bundled, licences } = await import('./package/licences.mjs');
  const { types } = await import('./package/types.mjs');
  writeFileSync('dist/THIRD-PARTY.txt', licences(bundled(metafile)));
  types('dist/types');
  for (const name of ['THIRD-PARTY.txt', 'types']) made.add(name);
}
for (const name of readdirSync('dist')) if (!made.has(name)) rmSync(join('dist', name), { recursive: true });
