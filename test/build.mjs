// Builds dist/: ESM with split chunks, so that each command loads only what it needs (conventions: Toolchain).
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const require = "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);";

const { metafile } = await build({
  metafile: true,
  entryPoints: { cli: 'src/bin.ts', sync: 'src/sync.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  banner: { js: `#!/usr/bin/env node\n${require}` },
  logLevel: 'warning',
});

// Chunks are named by their content: what an earlier build left is taken away only once the new one is there.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync('dist')) if (!made.has(name)) rmSync(join('dist', name), { recursive: true });
