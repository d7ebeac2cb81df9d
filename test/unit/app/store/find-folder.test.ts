import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFolder, onlyFolder } from '../../../../src/app/store/find-folder.ts';
import { Failure } from '../../../../src/core/failure.ts';

const [A, B, C] = ['314d000000000001', '314d000000000002', 'abcd000000000003'] as const;
let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'sailplan-find-'));
});
afterEach(() => rmSync(out, { recursive: true }));

function addPlan(id: string, report: object | null = null): void {
  mkdirSync(join(out, id));
  writeFileSync(join(out, id, 'plan.json'), '{}');
  if (report !== null) writeFileSync(join(out, id, 'report.json'), JSON.stringify(report));
}

test('a plan is found by its id and by its first digits, at least 4', () => {
  for (const id of [A, B, C]) addPlan(id);
  expect(findFolder('abcd', out).id).toBe(C);
  expect(findFolder('abcd0000', out).id).toBe(C);
  expect(findFolder(C, out).id).toBe(C);
  expect(findFolder('314d000000000002', out).id).toBe(B);
  expect(() => findFolder('abc', out)).toThrow('there is no plan abc');
  expect(() => findFolder('0123', out)).toThrow(`there is no plan 0123 in ${out}`);
});

test('digits that two plans begin with name both', () => {
  for (const id of [A, B, C]) addPlan(id);
  expect(() => findFolder('314d', out)).toThrow(`2 plans begin with 314d: ${A}, ${B}`);
});

test('a file or folder of that name goes before an id', () => {
  addPlan(C);
  expect(() => findFolder(out, out)).toThrow('is not a plan: it has no plan.json');
  expect(findFolder(join(out, C), 'elsewhere').id).toBe(C);
});

test('without a name, the only plan that no run has finished is meant', () => {
  expect(() => onlyFolder(out, 'sailplan show')).toThrow(`the folder ${out} contains no plan`);
  addPlan(A, { mode: 'apply', converged: true });
  expect(onlyFolder(out, 'sailplan show').id).toBe(A);
  addPlan(B);
  expect(onlyFolder(out, 'sailplan show').id).toBe(B);
  addPlan(C, { mode: 'apply', converged: false });
  expect(() => onlyFolder(out, 'sailplan show')).toThrow('2 plans are possible');
});

test('a report that is no JSON finishes nothing', () => {
  addPlan(A);
  writeFileSync(join(out, A, 'report.json'), '{');
  addPlan(B, { mode: 'apply', converged: true });
  expect(onlyFolder(out, 'sailplan show').id).toBe(A);
});

test('of several plans, the one whose last apply met a change in the shop is named as stale, and is not the example', () => {
  addPlan(A, { mode: 'apply', converged: false, errors: [{ code: 'conflict' }] });
  addPlan(C);
  expect(() => onlyFolder(out, 'sailplan approve')).toThrow(
    `${A} (time unknown, stale: its last apply found that the shop had changed)`,
  );
  const hint = () => {
    try {
      return onlyFolder(out, 'sailplan approve').id;
    } catch (error) {
      return error instanceof Failure ? error.hint : error;
    }
  };
  expect(hint()).toBe('Name one by its first digits, e.g. sailplan approve abcd; `latest` is the newest.');
  addPlan(B, { mode: 'apply', converged: false, errors: [{ code: 'shop_error' }] });
  expect(() => onlyFolder(out, 'sailplan approve')).toThrow(`${B} (time unknown)`);
});
