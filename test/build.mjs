// Builds dist/: ESM with split chunks, so that each command loads only what it needs (conventions: Toolchain).
import { build } from 'esbuild';

const require = "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);";

await build({
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
