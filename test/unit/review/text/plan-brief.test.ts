import { describe, expect, test } from '@jest/globals';
import { MESSAGES } from '../../../../src/plan/diagnostic-messages.ts';
import { HAZARDS, type HazardCode } from '../../../../src/plan/hazards.ts';
import { buildReview } from '../../../../src/review/model/build-review.ts';
import { renderPlan } from '../../../../src/review/render.ts';
import { offering, planOf, product } from '../../../support/catalogue.ts';
import { recordedPlan } from '../../../support/recorded-plan.ts';
import { PLAN } from '../../../support/sample-plan.ts';

const brief = (plan: Parameters<typeof buildReview>[0], width = 80) =>
  renderPlan(buildReview(plan), 'text', { width, brief: true }).text;
const lines = (text: string) => text.split('\n').length - 1;

describe('the first plan of the recorded site', () => {
  const plan = recordedPlan();
  const text = brief(plan);

  test('fits two screens at 80 columns', () => {
    expect(lines(renderPlan(buildReview(plan), 'text', { width: 80 }).text)).toBeGreaterThan(500);
    expect(lines(text)).toBeLessThanOrEqual(54);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('names every kind of hazard, every reason and every code', () => {
    const { hazards, diagnostics } = buildReview(plan);
    for (const { code } of [...hazards, ...diagnostics]) expect(text).toContain(code);
    expect(text).toContain('37 of 47 pages');
    expect(text).toContain('(by product.offering-007');
  });

  test('says how to see all of it', () => {
    expect(text).toMatch(/Changes: \d+ of \d+ \(in full: sailplan show [0-9a-f]{16}\)/);
  });
});

test('a plan that fits two screens is shown in full', () => {
  const plan = planOf({ desired: { offerings: [offering(1, { card_tagline: 'New' })] } });
  expect(brief(plan)).toBe(renderPlan(buildReview(plan), 'text', {}).text);
});

test('dangers come first, and deletes before other changes of their kind', () => {
  const offerings = Array.from({ length: 60 }, (_, index) => offering(index + 1, { card_tagline: 'New' }));
  const products = Object.fromEntries(
    offerings.map((_, index) => [`offering-${index + 1}`, product(index + 1)]),
  );
  const many = planOf({ desired: { offerings }, actual: { products } });
  const text = brief({ ...many, hazards: PLAN.hazards });
  const danger = text.indexOf('!! cannot_be_undone');
  expect(danger).toBeGreaterThan(0);
  expect(danger).toBeLessThan(text.indexOf('adopts_value'));
});

test('a narrow terminal cuts nothing', () => {
  expect(brief(recordedPlan(), 40)).not.toContain('…');
});

test('a plan with every hazard and problems of many codes fits as well, and names each code', () => {
  const plan = recordedPlan();
  const codes = Object.keys(HAZARDS) as HazardCode[];
  const hazards = codes.flatMap((code) =>
    Array.from({ length: 5 }, (_, index) => ({ code, ref: `value.gsv_capabilities.key_${index}` })),
  );
  const problems = Object.keys(MESSAGES).filter((code) => !code.startsWith('excluded'));
  const diagnostics = problems.map((code, index) => ({
    severity: index % 2 === 0 ? ('error' as const) : ('warning' as const),
    code,
    ref: 'shop',
    data: {},
  }));
  const text = brief({ ...plan, hazards, diagnostics: [...plan.diagnostics, ...diagnostics] });
  for (const code of [...codes, ...problems]) expect(text).toContain(code);
  expect(lines(text)).toBeLessThanOrEqual(75);
});
