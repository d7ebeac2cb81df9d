import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { cycles, imports, namesDeclaredTwice, sources, wrongArrows } from '../../scripts/source-graph.mjs';
import debt from './architecture-debt.json' with { type: 'json' };

const PURE = ['core', 'contract', 'diff', 'plan', 'review'];
const files = sources();
/** Files whose code, comments apart, matches. */
const pathsWith = (pattern: RegExp): readonly string[] =>
  files
    .filter(({ text }) => pattern.test(text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')))
    .map(({ path }) => path)
    .sort();
const folderOf = (path: string) => path.split('/')[1] ?? '';

// What is listed as debt may only shrink: a line that is no longer true fails as well.
test('imports go one way: no folder imports a neighbour or one above it', () => {
  expect(wrongArrows(files)).toEqual(debt.arrows);
});

test('no files import each other in a circle', () => {
  expect(cycles(files)).toEqual(debt.cycles);
});

test('no two files export the same name', () => {
  expect([...namesDeclaredTwice(files).keys()].sort()).toEqual(debt.names);
});

test('the pure folders import no node: module but node:crypto', () => {
  const wrong = imports(files).filter(
    ({ from, target }) =>
      PURE.includes(folderOf(from)) && target.startsWith('node:') && target !== 'node:crypto',
  );
  expect(wrong).toEqual([]);
});

test('apply knows no HTTP, no files and no console', () => {
  const wrong = files
    .filter(({ path }) => path.startsWith('src/apply/'))
    .filter(({ path }) => /from 'node:|console\.|process\.|fetch\(/.test(readFileSync(path, 'utf8')));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

/** docs/decisions/snapshot-modes.md */
const FEATURES = [
  {
    name: 'partial snapshots',
    rooms: ['src/plan/snapshots/'],
    mention:
      /partial.?snapshot|allow_partial|omitted.?snapshot|excerptOf|rest_not_rebuilt|--snapshots|\bsnapshots: \{|\b(?:plan|base|inputs|whole)\.rest\b/i,
    most: 3,
  },
  {
    name: 'incremental reads',
    rooms: ['src/saleor/read/incremental/', 'src/app/incremental/'],
    mention: /refresh|incremental/i,
    most: 3,
  },
];

test.each(FEATURES)('$name are named in few files outside their room', ({ rooms, mention, most }) => {
  const [inside, outside] = [true, false].map((isInside) =>
    files
      .filter(({ path }) => rooms.some((room) => path.startsWith(room)) === isInside)
      .filter(({ path, text }) => !path.startsWith('src/sandbox/') && mention.test(text))
      .map(({ path }) => path),
  );
  expect(inside).not.toEqual([]);
  expect({ outside, isTooMany: (outside ?? []).length > most }).toEqual({ outside, isTooMany: false });
});

test('streams, arguments, signals and the exit code of the process are used by the executables alone', () => {
  const used = pathsWith(/\bprocess\.(argv|exit|exitCode|on|stdin|stdout|stderr)\b/);
  expect(used.filter((path) => !path.startsWith('src/bin/'))).toEqual([]);
});

test('the environment is read by the executables, the library, and what passes it on to other programs', () => {
  expect(pathsWith(/\bprocess\.env\b/)).toEqual([
    'src/api/options.ts',
    'src/bin/current-process.ts',
    'src/cli/commands/demo.ts',
    // yargs completes for the shell that SHELL names.
    'src/cli/completion/shell-scripts.ts',
    'src/platform/child-environment.ts',
    // HTTPS_PROXY and its like belong to the process, as NODE_EXTRA_CA_CERTS does.
    'src/platform/http/proxy-settings.ts',
  ]);
});
