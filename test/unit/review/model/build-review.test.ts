import { expect, test } from '@jest/globals';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { remarksOn } from '../../../../src/review/model/suspicious-text.ts';
import { CAUSES, MADE, PLAN } from '../../../support/sample-plan.ts';

test('has drift only where causes were asked for', () => {
  expect(buildReview(PLAN, MADE).drift).toBeNull();
  const { drift } = buildReview(PLAN, MADE, { causes: CAUSES });
  expect(drift?.map(({ ref, fields }) => [ref, fields.length])).toEqual([['product.lead-scout', 2]]);
});

test('holds the remarks on the plan', () => {
  const { remarks } = buildReview(PLAN, MADE);
  expect(remarks).toHaveLength(2);
  expect(remarks).toEqual(remarksOn(PLAN, MADE));
});

test('what was not excluded on request is a note, not listed under excluded', () => {
  const note = { severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} } as const;
  const { excluded, diagnostics } = buildReview({ ...PLAN, diagnostics: [...PLAN.diagnostics, note] }, MADE);
  expect(excluded.map(({ code }) => code)).toEqual(['excluded']);
  expect(diagnostics).toContainEqual(expect.objectContaining({ severity: 'note', code: 'digest_unchecked' }));
});
