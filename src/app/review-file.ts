import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import { exists, SMALL_FILE } from '../platform/files.ts';
import { buildReview } from '../review/model/build-review.ts';
import { renderPlan } from '../review/render.ts';
import type { Test } from './plan-tests.ts';
import { type Folder, storedText } from './store/plan-folder.ts';
import { readPlanProvenance } from './store/provenance-file.ts';

export const REVIEW_FILE = 'review.md';

/** Target size of review.md, which a reviewer reads in a few minutes. Parts that must be read may exceed it. */
const AIM_BYTES = 15_000;

/** review.md of a plan, which people read in a pull request. */
export const reviewText = (plan: Plan, provenance: PlanProvenance | null): string =>
  renderPlan(buildReview(plan, provenance), 'markdown', { aimBytes: AIM_BYTES }).text;

/** The same, generated again from the files beside it. */
export const storedReview = (folder: Folder, plan: Plan, digest: string): string =>
  reviewText(plan, readPlanProvenance(folder, digest).provenance);

/** Whether review.md equals the one generated from the plan. A checkout may have changed its line ends. */
export function reviewTest(folder: Folder, plan: Plan, digest: string): Test {
  const stored = storedReviewFile(folder);
  const ok =
    stored.kind === 'missing' ||
    (stored.kind === 'text' && stored.text.replaceAll('\r\n', '\n') === storedReview(folder, plan, digest));
  const details = {
    missing: `there is no ${REVIEW_FILE}`,
    unreadable: stored.kind === 'unreadable' ? stored.reason : '',
    text: ok
      ? `${REVIEW_FILE} matches the plan`
      : `${REVIEW_FILE} does not match the plan: generated again, it differs`,
  };
  return {
    name: 'review',
    ok,
    detail: details[stored.kind],
    code: 'plan_altered',
    hint: `Read the plan with sailplan show PLAN. To write ${REVIEW_FILE} again, plan again or delete the file.`,
  };
}

type StoredReview =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file that is not UTF-8 text or not a regular file may show reviewers anything, so it is data here and not an error. */
function storedReviewFile(folder: Folder): StoredReview {
  const path = join(folder.path, REVIEW_FILE);
  if (!exists(path)) return { kind: 'missing' };
  try {
    return { kind: 'text', text: storedText(folder.path, path, SMALL_FILE) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'file_unreadable') throw error;
    return { kind: 'unreadable', reason: error.message };
  }
}
