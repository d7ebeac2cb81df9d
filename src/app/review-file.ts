import { join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import { exists, SMALL_FILE } from '../platform/files.ts';
import { buildReview } from '../review/model/build-review.ts';
import { renderPlan } from '../review/render.ts';
import { type Folder, storedText } from './store/plan-folder.ts';
import { readPlanProvenance } from './store/provenance-file.ts';
import type { Test } from './verify-plan.ts';

export const REVIEW_FILE = 'review.md';

/** Aim of review.md: read from the top in a few minutes. What must be read may take more. */
const AIM_BYTES = 15_000;

/** review.md of a plan, which people read in a pull request. */
export const reviewText = (plan: Plan, provenance: PlanProvenance | null): string =>
  renderPlan(buildReview(plan, provenance), 'markdown', { aimBytes: AIM_BYTES }).text;

/** The same, made again from what lies beside it. */
export const storedReview = (folder: Folder, plan: Plan, digest: string): string =>
  reviewText(plan, readPlanProvenance(folder, digest).provenance);

/** Whether review.md says what the plan says. A checkout may have changed its line ends. */
export function reviewTest(folder: Folder, plan: Plan, digest: string): Test {
  const path = join(folder.path, REVIEW_FILE);
  const isThere = exists(path);
  const ok =
    !isThere ||
    storedText(folder.path, path, SMALL_FILE).replaceAll('\r\n', '\n') === storedReview(folder, plan, digest);
  return {
    name: 'review',
    ok,
    detail: !isThere
      ? `there is no ${REVIEW_FILE}`
      : ok
        ? `${REVIEW_FILE}, made again, comes out the same`
        : `${REVIEW_FILE} does not say what the plan says: made again, it comes out different`,
    code: 'plan_altered',
    hint: `Read the plan with sailplan show PLAN. ${REVIEW_FILE} of another version is rewritten when you plan again; remove it otherwise.`,
  };
}
