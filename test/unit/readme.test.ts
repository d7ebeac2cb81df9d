import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CI_RESULTS, EXIT_CODES } from '../../src/cli/definitions/exit-codes.ts';
import { requireVerified } from '../../src/plan/file/integrity.ts';
import { parsePlan } from '../../src/plan/file/parse.ts';
import type { PlanProvenance } from '../../src/plan/plan-provenance.ts';
import { buildReview } from '../../src/review/model/build-review.ts';
import { renderPlan } from '../../src/review/render.ts';

const readme = () => readFileSync('README.md', 'utf8');
const id = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';

/** The plan in plans/ as a terminal shows it: two of its products, the hazards, and the last line. */
function picture(): string {
  const plan = requireVerified(parsePlan(readFileSync(`plans/${id}/plan.json`, 'utf8')));
  const made = JSON.parse(readFileSync(`plans/${id}/provenance.json`, 'utf8')) as PlanProvenance;
  const { text } = renderPlan(buildReview(plan, made), 'text', { width: 100 });
  const part = (from: string, to: string) => text.slice(text.indexOf(from), text.indexOf(to)).trimEnd();
  return [
    part('Values: ', 'Products: '),
    part('  ~ product.churn-watch', '  ~ product.claims-intake'),
    part('  ~ product.support-triage', '  ~ product.voice-concierge'),
    part('Hazards', 'Review with care'),
    text.slice(text.indexOf('Review with care')).trimEnd(),
  ].join('\n\n');
}

test('docs/review.md shows the plan in plans/ as sailplan prints it', () => {
  const page = () => readFileSync('docs/review.md', 'utf8');
  const between = /(<!-- review: .*-->\n```\n)[\s\S]*?(```\n<!-- \/review -->)/;
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      'docs/review.md',
      page().replace(between, (_, start, end) => `${start}${picture()}\n${end}`),
    );
  expect(page()).toContain(`\`\`\`\n${picture()}\n\`\`\`\n<!-- /review -->`);
});

test('the picture in the README is a PNG of less than 150 kB, and its text has the counts of the plan in plans/', () => {
  const png = readFileSync('docs/review-page.png');
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(png.length).toBeLessThan(150_000);
  const { summary, skipped } = parsePlan(readFileSync(`plans/${id}/plan.json`, 'utf8')).plan;
  const alt = /!\[(.*)\]\(docs\/review-page\.png\)/.exec(readme())?.[1];
  expect(alt).toContain(`${summary.create} values to create, ${summary.update} products to update`);
  expect(alt).toContain(`${skipped.length} page skipped`);
  expect(readme()).toContain(`plans/${id}/review.md`);
});

test('the README is at most 130 lines and says that the package is not on the registry', () => {
  expect(readme().trimEnd().split('\n').length).toBeLessThanOrEqual(130);
  expect(readme()).toContain('not on the npm registry yet');
});

test('the README has every exit code', () => {
  for (const code of Object.keys(EXIT_CODES)) expect(readme()).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});

test('docs/ci.md has every exit code with what a CI job does with it, as the program knows it', () => {
  const rows = Object.entries(EXIT_CODES).map(([code, meaning]) => {
    const { result = '', next = '' } = CI_RESULTS[Number(code)] ?? {};
    return `| ${code} | ${meaning} | ${result} | ${next} |`;
  });
  expect(readFileSync('docs/ci.md', 'utf8')).toContain(`|---|---|---|---|\n${rows.join('\n')}\n\n`);
  expect(Object.keys(CI_RESULTS)).toEqual(Object.keys(EXIT_CODES));
});
