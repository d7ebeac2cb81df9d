import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { GTM_V1 } from '../src/contract/contract.ts';
import { readExport } from '../src/desired/export.ts';
import { DEFAULT_OPTIONS } from '../src/diff/inputs.ts';
import { parsePlan } from '../src/plan/parse.ts';
import { build, digestOf } from '../src/plan/plan.ts';
import { printPlan } from '../src/plan/print.ts';
import { prove } from '../src/plan/prove.ts';
import { recordedActual } from './support/recorded.ts';

test('the plan of the recordings proves itself', () => {
  const desired = readExport(readFileSync('test/recordings/wagtail-export.json', 'utf8'), GTM_V1);
  const actual = recordedActual();
  const plan = build({
    contract: GTM_V1,
    options: { ...DEFAULT_OPTIONS, create_missing: true },
    registry: null,
    desired,
    actual,
    completeness: ['attributes'],
  });
  console.log(
    JSON.stringify(plan.summary),
    JSON.stringify(plan.left_out.slice(0, 5)),
    plan.hazards.length,
    plan.diagnostics
      .map((d) => d.code)
      .reduce((a: any, c) => {
        a[c] = (a[c] ?? 0) + 1;
        return a;
      }, {}),
    printPlan(plan).length,
  );
  console.log(JSON.stringify(plan.changes.filter((c) => c.ref.startsWith('product')).slice(0, 1), null, 1));
  const text = printPlan(plan);
  expect(digestOf(parsePlan(text))).toBe(digestOf(plan));
  expect(prove(parsePlan(text))).toEqual([]);
});
