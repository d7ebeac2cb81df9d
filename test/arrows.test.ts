import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

/** ARCHITECTURE.md: arrows go one way. Lower layers come first. */
const LAYERS: readonly (readonly string[])[] = [
  ['state'],
  ['contract'],
  ['diff'],
  ['plan'],
  ['desired', 'actual', 'system', 'sandbox', 'approval', 'apply', 'report'],
  ['commands'],
  ['library'],
];
const PURE = ['state', 'contract', 'diff', 'plan', 'report'];

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name))
      : /\.ts$/.test(entry.name)
        ? [join(folder, entry.name)]
        : [],
  );

const layer = (folder: string) => LAYERS.findIndex((names) => names.includes(folder));

function imports(file: string): { target: string; isType: boolean }[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...found].map(([, type, from, lazy]) => ({
    target: from ?? lazy ?? '',
    isType: type !== undefined,
  }));
}

const all = files('src').flatMap((file) => imports(file).map((one) => ({ file, ...one })));

test('arrows go one way: no folder imports a neighbour or one above it', () => {
  const wrong = all.flatMap(({ file, target, isType }) => {
    const from = file.split('/')[1] ?? '';
    if (!target.startsWith('.') || layer(from) === -1) return [];
    const path = normalize(join(file, '..', target));
    const to = path.split('/')[1] ?? '';
    if (to === from || path === 'package.json') return [];
    const isPort = isType && path === 'src/apply/ports.ts' && layer(from) === layer('apply');
    return isPort || (layer(to) !== -1 && layer(to) < layer(from)) ? [] : [`${file} imports ${path}`];
  });
  expect(wrong).toEqual([]);
});

test('the pure folders import no node: module but node:crypto', () => {
  const wrong = all.filter(
    ({ file, target }) =>
      PURE.includes(file.split('/')[1] ?? '') && target.startsWith('node:') && target !== 'node:crypto',
  );
  expect(wrong).toEqual([]);
});

test('apply knows no HTTP, no files and no console', () => {
  const wrong = files('src/apply').filter((file) =>
    /from 'node:|console\.|process\.|fetch\(/.test(readFileSync(file, 'utf8')),
  );
  expect(wrong).toEqual([]);
});
