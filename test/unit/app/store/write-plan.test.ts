import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFolder } from '../../../../src/app/store/plan-folder.ts';
import { Failure } from '../../../../src/core/failure.ts';

const ID = '0123456789abcdef';
let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'sailplan-write-plan-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const written = (plan = '{}\n', beside: Readonly<Record<string, string>> = { 'review.md': 'seen\n' }) =>
  writeFolder(out, { plan: [plan.slice(0, 1), plan.slice(1)], id: () => ID, beside: () => beside });

test('the files of a plan appear in its folder, and nothing else beside it', () => {
  expect(written()).toEqual({ folder: { path: join(out, ID), id: ID, plans: out }, isOld: false });
  expect(readdirSync(out)).toEqual([ID]);
  expect(readdirSync(join(out, ID)).sort()).toEqual(['plan.json', 'review.md']);
  expect(readFileSync(join(out, ID, 'plan.json'), 'utf8')).toBe('{}\n');
});

test('what a killed process of the same number left does not get into the plan', () => {
  const left = join(out, `.new-${process.pid}.tmp`);
  mkdirSync(left);
  writeFileSync(join(left, 'author.json'), 'of another plan');
  written();
  expect(readdirSync(join(out, ID)).sort()).toEqual(['plan.json', 'review.md']);
});

test('what killed processes left is removed once it is old', () => {
  const [old, fresh] = ['.new-1.tmp', '.new-2.tmp'].map((name) => join(out, name)) as [string, string];
  for (const path of [old, fresh]) mkdirSync(path);
  const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(old, hoursAgo, hoursAgo);
  written();
  expect(readdirSync(out).sort()).toEqual(['.new-2.tmp', ID]);
});

test('an identical plan keeps its folder with all that is in it', () => {
  written();
  mkdirSync(join(out, ID, 'approvals'));
  expect(written('{}\n', { 'review.md': 'seen again\n' }).isOld).toBe(true);
  expect(readFileSync(join(out, ID, 'review.md'), 'utf8')).toBe('seen\n');
  expect(readdirSync(out)).toEqual([ID]);
});

test('an altered plan.json is replaced', () => {
  written();
  writeFileSync(join(out, ID, 'plan.json'), '{"x":1}\n');
  expect(written('{}\n', { 'review.md': 'seen again\n' }).isOld).toBe(false);
  expect(readFileSync(join(out, ID, 'plan.json'), 'utf8')).toBe('{}\n');
  expect(readFileSync(join(out, ID, 'review.md'), 'utf8')).toBe('seen again\n');
});

test('a plan that is refused half-way leaves nothing', () => {
  const refusing = {
    *[Symbol.iterator]() {
      yield '{';
      throw new Failure('secret_found', 'a secret', 'Remove it.');
    },
  };
  expect(() => writeFolder(out, { plan: refusing, id: () => ID, beside: () => ({}) })).toThrow('a secret');
  expect(readdirSync(out)).toEqual([]);
});
