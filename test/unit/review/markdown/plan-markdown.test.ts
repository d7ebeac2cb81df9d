import { expect, test } from '@jest/globals';
import type { Plan } from '../../../../src/plan/plan.ts';
import { renderPlanMarkdown } from '../../../../src/review/markdown/plan-markdown.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { renderPlan } from '../../../../src/review/render.ts';
import { largePlan } from '../../../support/large-plan.ts';
import { recordedPlan } from '../../../support/recorded-plan.ts';
import { MADE, PLAN } from '../../../support/sample-plan.ts';

/** Has more hazards than the least budget holds. */
const HAZARDOUS = largePlan(10_000);

test('keeps 60,000 bytes, cuts the middle and names what is missing', () => {
  const { text, isTooLarge } = renderPlanMarkdown(buildReview(largePlan(2_000)));
  expect(isTooLarge).toBe(false);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
  expect(text).toContain('product.offering-00000');
  expect(text).toContain('product.offering-01999');
  const [, count, from, to] =
    /Products: ([\d,]+), from `product\.offering-(\d+)` to `product\.offering-(\d+)`/.exec(text) ?? [];
  expect(Number(count?.replace(',', ''))).toBe(Number(to) - Number(from) + 1);
  expect(text.match(/^\| ~ \|/gm)?.length).toBe(2_000 - Number(count?.replace(',', '')));
});

test('never cuts hazards: where they do not fit, the verdict is that it is too large', () => {
  const review = buildReview(HAZARDOUS);
  const short = renderPlanMarkdown(review, { maxBytes: 4_000 });
  expect(short.isTooLarge).toBe(true);
  expect(short.text).toContain('**Too large to review here.**');
  const cut = renderPlanMarkdown(review, { maxBytes: 4_000, allowCut: true });
  expect(cut.isTooLarge).toBe(true);
  expect(cut.text.length).toBeGreaterThanOrEqual(short.text.length);
  expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(4_000);
});

test('names as long as they like leave it within the least budget', () => {
  const long = '字'.repeat(500);
  const odd = {
    ...HAZARDOUS,
    target: { ...HAZARDOUS.target, api_url: `https://shop.example.com/${long}`, name: long },
    source: { ...HAZARDOUS.source, page_type: long, locale: long },
    contract: { ...HAZARDOUS.contract, name: long },
  } as Plan;
  const metadata = {
    ...MADE,
    made_by: long,
    tool: long,
    shop: { name: long, domain: long, version: long },
  };
  const review = buildReview(odd, metadata);
  const { text, isTooLarge } = renderPlanMarkdown(review, { maxBytes: 4_000, allowCut: true });
  expect(isTooLarge).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
});

test('what decides comes before what is folded, and the aim of 15,000 bytes holds for a real site', () => {
  const plan = recordedPlan();
  const { text, isTooLarge } = renderPlanMarkdown(buildReview(plan), { aimBytes: 15_000 });
  expect(isTooLarge).toBe(false);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(15_000);
  const above = text.slice(0, text.indexOf('<details'));
  for (const { code, refs } of buildReview(plan).hazards.filter(({ severity }) => severity !== 'note'))
    for (const word of [code, ...refs]) expect(above).toContain(`\`${word}\``);
  expect(above).toContain('37 of 47 pages skipped');
  for (const { page_id } of plan.skipped) expect(above).toMatch(new RegExp(`\\b${page_id}\\b`));
  expect(above).toMatch(/To approve:\*\* `sailplan approve [0-9a-f]{16}`/);
});

test('what must be read may take more than the aim, never more than the limit', () => {
  const { text, isTooLarge } = renderPlanMarkdown(buildReview(HAZARDOUS), { aimBytes: 4_000 });
  expect(isTooLarge).toBe(false);
  expect(Buffer.byteLength(text)).toBeGreaterThan(4_000);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
});

test('an error of a page is named once, with its hint once', () => {
  const review = buildReview(PLAN, MADE);
  const reasons = review.skipped.flatMap(({ because }) => because);
  expect(reasons.length).toBeGreaterThan(1);
  const count = (text: string, part: string) => text.split(part).length - 1;
  const plain = renderPlanMarkdown(review).text.replaceAll('`', '');
  const page = renderPlan(review, 'html').text;
  for (const { message, hint } of reasons) {
    expect([message, count(plain, message.replaceAll('`', ''))]).toEqual([message, 1]);
    expect([hint, count(plain, hint)]).toEqual([hint, 1]);
    expect([message, count(page, message.replaceAll('"', '&quot;'))]).toEqual([message, 1]);
  }
});
