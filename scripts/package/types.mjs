import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes the declarations that src/index.ts needs, and no others, into a folder. */
export function types(target) {
  const all = mkdtempSync(join(tmpdir(), 'sailplan-types-'));
  try {
    execFileSync(process.execPath, [
      'node_modules/typescript/bin/tsc',
      '-p',
      '.',
      '--noEmit',
      'false',
      '--declaration',
      '--emitDeclarationOnly',
      '--outDir',
      all,
    ]);
    rmSync(target, { recursive: true, force: true });
    copy('index', join(all, 'src'), target, new Set());
  } finally {
    rmSync(all, { recursive: true, force: true });
  }
}

function copy(module, from, target, seen) {
  if (seen.has(module)) return;
  seen.add(module);
  // What is generated is not emitted: its declarations stand beside it.
  const made = join(from, `${module}.d.ts`);
  const text = readFileSync(existsSync(made) ? made : join('src', `${module}.d.ts`), 'utf8');
  const path = join(target, `${module}.d.ts`);
  mkdirSync(dirname(path), { recursive: true });
  // Consumers resolve .js to .d.ts; .ts they may not import.
  writeFileSync(path, text.replace(/((?:from|import\() ?'\.[^']*)\.ts'/g, "$1.js'"));
  for (const [, found] of text.matchAll(/(?:from|import\() ?'(\.[^']*)\.(?:ts|js)'/g))
    copy(join(dirname(module), found), from, target, seen);
}
