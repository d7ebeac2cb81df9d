import { describe, expect, test } from '@jest/globals';
import { planFactsOf, refusePending } from '../../../src/approval/verification.ts';
import { verifyApproval } from '../../../src/approval/verify-approvals.ts';
import { approvalFile, inputWith, NOW, PLAN, samplePlan } from '../../support/approvals.ts';

describe('a plan that converged', () => {
  test('may only confirm next month, even with an approval that is still good', async () => {
    const verdict = await verifyApproval(
      inputWith({
        approvals: [approvalFile('Kim Doe')],
        earlierApply: { by: '2026-10-23, by Kim', atMs: NOW + 1, approvals: [] },
      }),
    );
    expect(verdict).toMatchObject({ ok: true, isApplied: true });
    expect(refusePending(PLAN.id, '2026-10-23, by Kim', 2)).toMatchObject({
      code: 'plan_already_applied',
      exitCode: 3,
    });
  });
});

test('hazards come from the changes, not from what a hand-written plan says of itself', async () => {
  const plan = samplePlan();
  const facts = planFactsOf(plan);
  expect(facts.hazards.map(({ code }) => code)).toContain('renames_value');
  expect(planFactsOf({ ...plan, hazards: [] }).hazards).toEqual(facts.hazards);
});
