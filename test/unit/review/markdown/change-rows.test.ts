import { expect, test } from '@jest/globals';
import type { Plan } from '../../../../src/plan/plan.ts';
import { renderPlanMarkdown } from '../../../../src/review/markdown/plan-markdown.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { MADE, PLAN } from '../../../support/sample-plan.ts';

test('shows where two long texts begin to differ', () => {
  const common = 'a'.repeat(5_000);
  const renamed = PLAN.changes.find(({ ref }) => ref === 'value.gsv_badges.popular');
  const changes = [
    {
      ...renamed,
      before: { name: `${common}old`, slug: 'x' },
      after: { name: `${common}new`, slug: 'x' },
    } as Plan['changes'][number],
  ];
  const { text } = renderPlanMarkdown(buildReview({ ...PLAN, changes }, MADE));
  expect(text).toContain('old"');
  expect(text).toContain('new"');
});
