import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf } from '../../../src/core/json/schema-errors.ts';
import validateReport from '../../../src/review/generated/report.js';
import validateReview from '../../../src/review/generated/review.js';
import { buildReview } from '../../../src/review/model/build-review.ts';
import { type Medium, renderPlan, renderReport } from '../../../src/review/render.ts';
import { draws } from '../../support/draws.ts';
import { expectGolden } from '../../support/golden-files.ts';
import { hostilePlan, hostileProvenance } from '../../support/hostile-text.ts';
import { CAUSES, CONVERGED, DRY_RUN, MADE, PLAN, REPORT } from '../../support/sample-plan.ts';

const MEDIA: readonly (readonly [Medium, string])[] = [
  ['text', 'txt'],
  ['markdown', 'md'],
  ['html', 'html'],
  ['json', 'json'],
];
const SAMPLE = buildReview(PLAN, MADE, { causes: CAUSES });
/** A page without its style and script, which are the same on every page (html/document.test.ts). */
const withoutAssets = (text: string) =>
  text.replace(/<style>.*<\/style>|<script>.*<\/script>|sha256-[A-Za-z0-9+/=]+/gs, (found) =>
    found.startsWith('<') ? '' : 'sha256-…',
  );

describe('a plan and a report', () => {
  for (const [medium, ending] of MEDIA) {
    test(`are shown in ${medium} as they were reviewed`, () => {
      expectGolden(`plan.${ending}`, withoutAssets(renderPlan(SAMPLE, medium).text));
      expectGolden(`report.${ending}`, withoutAssets(renderReport(REPORT, medium).text));
    });
  }
});

describe('the documented JSON', () => {
  test('of a plan is what its schema says, whatever the plan holds', () => {
    expect(faultsOf(validateReview, JSON.parse(renderPlan(SAMPLE, 'json').text))).toEqual([]);
    fc.assert(
      fc.property(hostilePlan, hostileProvenance, (plan, metadata) => {
        const review = buildReview(plan, metadata, { digest: 'd'.repeat(64) });
        expect(faultsOf(validateReview, JSON.parse(renderPlan(review, 'json').text))).toEqual([]);
      }),
      { numRuns: draws(60, 200), seed: 20_261_123 },
    );
  });

  test('of a report is what its schema says', () => {
    for (const report of [REPORT, DRY_RUN, CONVERGED]) {
      expect(faultsOf(validateReport, JSON.parse(renderReport(report, 'json').text))).toEqual([]);
    }
  });
});
