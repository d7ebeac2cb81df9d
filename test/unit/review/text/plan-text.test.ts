import { expect, test } from '@jest/globals';
import type { Plan } from '../../../../src/plan/plan.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { renderPlanText } from '../../../../src/review/text/plan-text.ts';
import { expectGolden } from '../../../support/golden-files.ts';
import { CAUSES, MADE, PLAN } from '../../../support/sample-plan.ts';

const SAMPLE = buildReview(PLAN, MADE, { causes: CAUSES });
const textOf = (plan: Plan) => renderPlanText(buildReview(plan, MADE));
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

test('is shown on a wide terminal, a narrow one, in colour and on one screen', () => {
  expectGolden('plan-120.txt', renderPlanText(SAMPLE, { width: 120 }));
  expectGolden('plan-20.txt', renderPlanText(SAMPLE, { width: 20 }));
  expectGolden('plan-color.txt', renderPlanText(SAMPLE, { color: true }));
  expectGolden('plan-summary.txt', renderPlanText(SAMPLE, { summary: true }));
});

test('ends in one line that sums it up, whatever it is', () => {
  expect(lastLine(textOf(PLAN))).toBe('Plan: 5 to create, 3 to update, 1 to delete. 1 page skipped.');
  expect(lastLine(textOf({ ...PLAN, errored: true }))).toMatch(/^Errored plan: 5 to create/);
  const nothing = {
    ...PLAN,
    changes: [],
    hazards: [],
    summary: { ...PLAN.summary, create: 0, update: 0, delete: 0 },
  };
  expect(lastLine(textOf(nothing))).toBe(
    'No changes: Saleor matches Wagtail (1 page skipped, 1 change excluded).',
  );
  const whole = { ...nothing, skipped: [], summary: { ...nothing.summary, skipped: 0 } };
  expect(textOf(whole)).toMatch(/No changes: Saleor matches Wagtail \(\d errors?, 1 change\s+excluded\)\./);
  const right = { ...whole, diagnostics: whole.diagnostics.filter(({ severity }) => severity !== 'error') };
  expect(textOf(right)).toContain('No changes: Saleor matches Wagtail (1 change excluded).');
  expect(lastLine(textOf({ ...whole, diagnostics: [] }))).toBe('No changes: Saleor matches Wagtail.');
  expect(textOf({ ...whole, diagnostics: [] }).match(/No changes/g)).toHaveLength(1);
});

test('without colour holds the glyphs, and with colour nothing else but colours', () => {
  const plain = renderPlanText(SAMPLE);
  // biome-ignore lint/complexity/useRegexLiterals: an escape character is easier to read so
  const colours = new RegExp('\\u001b\\[[0-9;]*m', 'g');
  expect(renderPlanText(SAMPLE, { color: true }).replace(colours, '')).toBe(plain);
  for (const glyph of ['+ create', '~ update', '- delete', '! hazard']) expect(plain).toContain(glyph);
});

test('says of a deleted value how many products of the shop hold it', () => {
  expect(textOf(PLAN)).toContain('14 products in the whole shop');
});

test('has no drift section where causes were not asked for', () => {
  expect(textOf(PLAN)).not.toContain('Drift');
  expect(renderPlanText(SAMPLE)).toContain('Drift: 1 resource edited in Saleor');
});

test('shows a note under its own title and not as excluded', () => {
  const note = { severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} } as const;
  const text = textOf({ ...PLAN, diagnostics: [note] });
  expect(text).toContain('Note: digest_unchecked (1)');
  expect(text).not.toContain('Excluded');
});
