import { expect, test } from '@jest/globals';
import { evidenceFindings } from '../../../../src/approval/merge/brought-evidence.ts';

const PLAN = '0123456789abcdef';

test('a merge may add a plan, its review and its approvals', () => {
  const brought = [`${PLAN}/plan.json`, `${PLAN}/review.md`, `${PLAN}/approvals/kim-0123456789ab.json`];
  expect(evidenceFindings({ brought })).toMatchObject([{ name: 'evidence', refusal: null }]);
});

test.each([
  [[`${PLAN}/report.json`], `${PLAN}/report.json, which`],
  [['archive/shop.jsonl', `${PLAN}/Runs/1/journal.jsonl`], 'shop.jsonl, '],
  [
    [1, 2, 3, 4, 5].map((run) => `${PLAN}/runs/${run}/journal.jsonl`),
    'runs/3/journal.jsonl and 2 more, which',
  ],
])('a merge that adds %j is refused', (brought, said) => {
  expect(evidenceFindings({ brought: [`${PLAN}/plan.json`, ...brought] })).toMatchObject([
    { refusal: { code: 'evidence_unproved', message: expect.stringContaining(said) } },
  ]);
});
