import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { Failure } from '../../../src/core/failure.ts';
import { parsePlanPieces, provePlanPieces } from '../../../src/plan/file/parse-pieces.ts';
import { printPlan } from '../../../src/plan/file/print.ts';
import { chunksOf } from '../../../src/platform/files.ts';
import { fullHeapOf, ownProcess } from '../../../src/platform/heap-growth.ts';
import { parseSnapshotPieces } from '../../../src/saleor/snapshot-file.ts';
import { readExportPieces } from '../../../src/wagtail/export/read-export-stream.ts';
import { recordedPlan } from '../../support/recorded-plan.ts';

/** What is read in pieces stops before the memory is full, with an error that says so. */
const folder = mkdtempSync(join(tmpdir(), 'sailplan-heap-'));
const plan = join(folder, 'plan.json');
beforeAll(() => writeFileSync(plan, printPlan(recordedPlan())));
beforeEach(() => ownProcess(1));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READERS: readonly (readonly [string, string, (path: string) => unknown])[] = [
  ['an export', 'test/recordings/wagtail-export.json', (path) => readExportPieces(chunksOf(path), GTM_V1)],
  [
    'a snapshot',
    'test/recordings/shop-snapshot.json',
    (path) => parseSnapshotPieces(chunksOf(path), 'shop.json'),
  ],
  [
    'a plan',
    plan,
    (path) => parsePlanPieces({ chunks: () => chunksOf(path), isCompact: false, text: () => '' }),
  ],
  ['a plan that is proved', plan, (path) => provePlanPieces(() => chunksOf(path))],
];

test.each(READERS)('%s', (_, path, read) => {
  expect(() => read(path)).toThrow(`${path} needs more memory than sailplan takes (1 GB)`);
  expect(() => read(path)).toThrow(Failure);
  ownProcess(2 ** 40);
  expect(read(path)).not.toBeNull();
});

test('more is read where a person allows Node more memory, and never less', () => {
  const MIB = 1024 * 1024;
  expect(fullHeapOf([])).toBe(640 * MIB);
  expect(fullHeapOf(['--max-old-space-size=76'])).toBe(640 * MIB);
  expect(fullHeapOf(['--no-warnings', '--max_old_space_size=4000'])).toBe(2560 * MIB);
});
