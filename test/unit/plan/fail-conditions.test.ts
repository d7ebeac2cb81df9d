import { expect, test } from '@jest/globals';
import { FAIL_ON, metConditions } from '../../../src/plan/fail-conditions.ts';
import { HAZARDS } from '../../../src/plan/hazards.ts';
import { offering, planOf, product, SHOP } from '../../support/catalogue.ts';

const SKIPPED = offering(2, { cp_offering_id: null });
const plan = planOf({
  options: { sync_products: true },
  desired: { offerings: [offering(1, { card_tagline: null }), SKIPPED] },
  actual: { products: { ...SHOP.products, 'offering-2': product(2) } },
});

test('a hazard is named by its code or by a severity; warning includes danger', () => {
  const met = (...hazards: readonly string[]) => metConditions(plan, { hazards, skippedPercent: null });
  expect(plan.hazards.map(({ code }) => code)).toEqual(['deletes_metadata']);
  expect(met('deletes_metadata')).toEqual(['1 hazard deletes_metadata']);
  expect(met('warning', 'deletes_metadata')).toEqual(['1 hazard deletes_metadata']);
  expect([met(), met('danger'), met('slug_changes')]).toEqual([[], [], []]);
  const dangerous = { ...plan, hazards: [{ code: 'cannot_be_undone', ref: 'value.gsv_roles.founder' }] };
  expect(metConditions(dangerous as typeof plan, { hazards: ['warning'], skippedPercent: null })).toEqual([
    '1 hazard cannot_be_undone',
  ]);
  expect(FAIL_ON).toEqual(['danger', 'warning', ...Object.keys(HAZARDS)]);
});

test('a share of skipped pages is met above it, not at it', () => {
  expect(plan.skipped.map(({ page_id }) => page_id)).toEqual([2]);
  const met = (skippedPercent: number) => metConditions(plan, { hazards: [], skippedPercent });
  expect([met(0), met(49.9)]).toEqual([['1 of 2 pages skipped'], ['1 of 2 pages skipped']]);
  expect([met(50), met(100)]).toEqual([[], []]);
});
