import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../src/core/failure.ts';
import { faultsOf } from '../../../src/core/json/schema-errors.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import validateReport from '../../../src/review/generated/report.js';
import validateReview from '../../../src/review/generated/review.js';
import { buildReview } from '../../../src/review/model/build-review.ts';
import { parseReport } from '../../../src/review/parse-report.ts';
import { type Medium, renderPlan, renderReport } from '../../../src/review/render.ts';
import { expectGolden } from '../../support/golden-files.ts';
import { hostileMade, hostilePlan } from '../../support/hostile-text.ts';
import { largePlan } from '../../support/large-plan.ts';
import { CAUSES, CONVERGED, DRY_RUN, MADE, PLAN, REPORT } from '../../support/sample-plan.ts';

const MEDIA: readonly (readonly [Medium, string])[] = [
  ['text', 'txt'],
  ['markdown', 'md'],
  ['html', 'html'],
  ['json', 'json'],
];
const SAMPLE = buildReview(PLAN, MADE, { causes: CAUSES });
const shown = (plan: Plan, medium: Medium = 'text', options = {}) =>
  renderPlan(buildReview(plan, MADE), medium, options).text;
/** A page without its style and script, which are the same on every page. */
const bare = (text: string) =>
  text.replace(/<style>.*<\/style>|<script>.*<\/script>|sha256-[A-Za-z0-9+/=]+/gs, (found) =>
    found.startsWith('<') ? '' : 'sha256-…',
  );
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('a plan', () => {
  for (const [medium, ending] of MEDIA) {
    test(`is shown in ${medium} as it was reviewed`, () => {
      expectGolden(`plan.${ending}`, bare(renderPlan(SAMPLE, medium).text));
    });
  }

  test('is shown on a wide terminal, a narrow one, in colour and on one screen', () => {
    expectGolden('plan-120.txt', renderPlan(SAMPLE, 'text', { width: 120 }).text);
    expectGolden('plan-20.txt', renderPlan(SAMPLE, 'text', { width: 20 }).text);
    expectGolden('plan-color.txt', renderPlan(SAMPLE, 'text', { color: true }).text);
    expectGolden('plan-summary.txt', renderPlan(SAMPLE, 'text', { summary: true }).text);
  });

  test('ends in one line that sums it up, whatever it is', () => {
    expect(lastLine(shown(PLAN))).toBe(
      'Plan: 5 to create, 3 to update, 1 to delete. 1 offering not compared.',
    );
    expect(lastLine(shown({ ...PLAN, errored: true }))).toMatch(/^Errored plan: 5 to create/);
    const nothing = {
      ...PLAN,
      changes: [],
      hazards: [],
      summary: { ...PLAN.summary, create: 0, update: 0, delete: 0 },
    };
    expect(lastLine(shown(nothing))).toBe('No changes. 1 offering not compared. 1 held back.');
    const whole = { ...nothing, left_out: [], summary: { ...nothing.summary, left_out: 0 } };
    expect(shown(whole)).toContain('Saleor says what Wagtail says, but for what is held back.');
    expect(lastLine(shown({ ...whole, diagnostics: [] }))).toBe('No changes.');
  });

  test('without colour holds the glyphs, and with colour nothing else but colours', () => {
    const plain = renderPlan(SAMPLE, 'text').text;
    // biome-ignore lint/complexity/useRegexLiterals: an escape character is easier to read so
    const colours = new RegExp('\\u001b\\[[0-9;]*m', 'g');
    expect(renderPlan(SAMPLE, 'text', { color: true }).text.replace(colours, '')).toBe(plain);
    for (const glyph of ['+ create', '~ update', '- delete', '! hazard']) expect(plain).toContain(glyph);
  });

  test('points out a letter that only looks like an o, and an image that is no http(s) address', () => {
    expect(SAMPLE.remarks.map(({ code, where, value }) => [code, where, value])).toEqual([
      ['address_not_http', 'metadata.card_image_url', '/media/lead-scout.webp'],
      ['non_ascii', 'ref', 'value.gsv_roles.\\u{43e}ps'],
    ]);
  });

  test('says of a deleted value how many products of the shop hold it', () => {
    expect(shown(PLAN)).toContain('14 products of the whole shop');
  });

  test('has no drift section where causes were not asked for', () => {
    expect(buildReview(PLAN, MADE).drift).toBeNull();
    expect(shown(PLAN)).not.toContain('Drift');
    expect(SAMPLE.drift?.map(({ ref, fields }) => [ref, fields.length])).toEqual([['product.lead-scout', 2]]);
  });

  test('what was not held back on request is a note, not listed under held back', () => {
    const note = { severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} } as const;
    const { held_back, diagnostics } = buildReview(
      { ...PLAN, diagnostics: [...PLAN.diagnostics, note] },
      MADE,
    );
    expect(held_back.map(({ code }) => code)).toEqual(['held_back']);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'note', code: 'digest_unchecked' }),
    );
    const text = shown({ ...PLAN, diagnostics: [note] });
    expect(text).toContain('Note: digest_unchecked (1)');
    expect(text).not.toContain('Held back');
  });
});

describe('Markdown', () => {
  const large = buildReview(largePlan(2_000));

  test('keeps 60,000 bytes, cuts the middle and names what is missing', () => {
    const { text, isTooLarge } = renderPlan(large, 'markdown');
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
    const hazardous = buildReview(largePlan(10_000));
    const short = renderPlan(hazardous, 'markdown', { maxBytes: 4_000 });
    expect(short.isTooLarge).toBe(true);
    expect(short.text).toContain('**Too large to review here.**');
    const cut = renderPlan(hazardous, 'markdown', { maxBytes: 4_000, allowCut: true });
    expect(cut.isTooLarge).toBe(true);
    expect(cut.text.length).toBeGreaterThanOrEqual(short.text.length);
    expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(4_000);
  });

  test('names as long as they like leave it within the least budget', () => {
    const plan = largePlan(10_000);
    const long = '字'.repeat(500);
    const odd = {
      ...plan,
      target: { ...plan.target, api_url: `https://shop.example.com/${long}`, name: long },
      source: { ...plan.source, page_type: long, locale: long },
      contract: { ...plan.contract, name: long },
    } as Plan;
    const made = {
      ...MADE,
      made_by: long,
      tool: long,
      shop: { name: long, domain: long, version: long },
    };
    const whole = buildReview(odd, made);
    const { text, isTooLarge } = renderPlan(whole, 'markdown', { maxBytes: 4_000, allowCut: true });
    expect(isTooLarge).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
  });

  test('shows where two long texts begin to differ', () => {
    const [common, plan] = [
      'a'.repeat(5_000),
      PLAN.changes.find(({ ref }) => ref === 'value.gsv_badges.popular'),
    ];
    const changes = [
      {
        ...plan,
        before: { name: `${common}old`, slug: 'x' },
        after: { name: `${common}new`, slug: 'x' },
      } as Plan['changes'][number],
    ];
    const text = shown({ ...PLAN, changes }, 'markdown');
    expect(text).toContain('old"');
    expect(text).toContain('new"');
  });
});

describe('a report', () => {
  for (const [medium, ending] of MEDIA) {
    test(`is shown in ${medium}`, () => {
      expectGolden(`report.${ending}`, bare(renderReport(REPORT, medium).text));
    });
  }

  test('in short says what asks for something, and ends with what to do next', () => {
    expectGolden('report-summary.txt', renderReport(REPORT, 'text', { summary: true }).text);
    expectGolden('report-converged.txt', renderReport(CONVERGED, 'text', { summary: true }).text);
    expectGolden('report-dry-run.txt', renderReport(DRY_RUN, 'text').text);
    expect(lastLine(renderReport(CONVERGED, 'text').text)).toBe(
      'Next: Nothing to do: planning again finds no changes.',
    );
  });

  test('says that an approval is unsigned and that there was no policy', () => {
    const text = renderReport(REPORT, 'text').text;
    expect(text).toContain('unsigned');
    expect(text).toContain('without a policy file');
  });

  test('is read back from its file, and a file that is none is refused with the place', () => {
    expect(parseReport(JSON.stringify(REPORT), 'report.json')).toEqual(REPORT);
    expect(
      parseReport(JSON.stringify({ ...REPORT, format_version: '1.7', later: 1 }), 'report.json').plan,
    ).toEqual(REPORT.plan);
    const refused = (document: unknown) => {
      try {
        parseReport(JSON.stringify(document), 'report.json');
      } catch (error) {
        return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
      }
      return '';
    };
    expect(refused({ ...REPORT, format_version: '2.0' })).toMatch(/^format_unknown: /);
    expect(refused({ ...REPORT, outcomes: [{ ...REPORT.outcomes[0], outcome: 'fine' }] })).toContain(
      'outcomes[0].outcome',
    );
    expect(refused({ ...REPORT, later: 1 })).toContain('later');
  });
});

describe('the documented JSON', () => {
  test('of a plan is what its schema says, whatever the plan holds', () => {
    expect(faultsOf(validateReview, JSON.parse(renderPlan(SAMPLE, 'json').text))).toEqual([]);
    fc.assert(
      fc.property(hostilePlan, hostileMade, (plan, made) => {
        const shown = renderPlan(buildReview(plan, made, { digest: 'd'.repeat(64) }), 'json').text;
        expect(faultsOf(validateReview, JSON.parse(shown))).toEqual([]);
      }),
      { numRuns: 200, seed: 20_261_123 },
    );
  });

  test('of a report is what its schema says', () => {
    for (const report of [REPORT, DRY_RUN, CONVERGED]) {
      expect(faultsOf(validateReport, JSON.parse(renderReport(report, 'json').text))).toEqual([]);
    }
  });
});
