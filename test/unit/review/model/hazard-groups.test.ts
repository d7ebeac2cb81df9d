import { expect, test } from '@jest/globals';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { countAlarms, hazardGroups } from '../../../../src/review/model/hazard-groups.ts';
import { offering, planOf } from '../../../support/catalogue.ts';
import { rich } from '../../../support/rich-plan.ts';
import { PLAN } from '../../../support/sample-plan.ts';

test('the severest hazards come first, facts last', () => {
  expect(hazardGroups(PLAN).map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'danger cannot_be_undone',
    'danger deletes_used_value',
    'warning adopts_value',
    'warning clears_attribute',
    'warning deletes_metadata',
    'warning renames_value',
    'warning slug_changes',
  ]);
  expect(hazardGroups(rich).map(({ severity }) => severity)).toEqual([
    'warning',
    'warning',
    'warning',
    'warning',
    'note',
    'note',
  ]);
});

test('facts do not count as hazards, neither in the verdict nor at a change', () => {
  const facts = { ...rich, hazards: rich.hazards.filter(({ code }) => code.startsWith('creates_')) };
  expect(facts.hazards.length).toBe(3);
  expect(countAlarms(hazardGroups(facts))).toBe(0);
  const { verdict, groups } = buildReview(facts);
  expect(verdict.code).toBe('ready');
  expect(groups.flatMap(({ changes }) => changes.flatMap(({ hazards }) => hazards))).toEqual([]);
});

test('removes_last_member names the products that take the value away', () => {
  const plan = planOf({
    desired: { offerings: [offering(1, { roles: [], primary_role: null, category: null })] },
  });
  const group = hazardGroups(plan).find(({ code }) => code === 'removes_last_member');
  expect(group?.causes).toEqual({
    'value.gsv_category.sales': ['product.offering-1'],
    'value.gsv_roles.founder': ['product.offering-1'],
  });
});
