import { describe, expect, test } from '@jest/globals';
import { renderReport } from '../../../../src/review/render.ts';
import { expectGolden } from '../../../support/golden-files.ts';
import { CONVERGED, DRY_RUN, REPORT } from '../../../support/sample-plan.ts';

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

test('in short says what asks for something, and ends with what to do next', () => {
  expectGolden('report-summary.txt', renderReport(REPORT, 'text', { summary: true }).text);
  expectGolden('report-converged.txt', renderReport(CONVERGED, 'text', { summary: true }).text);
  expectGolden('report-dry-run.txt', renderReport(DRY_RUN, 'text').text);
  expect(lastLine(renderReport(CONVERGED, 'text').text)).toBe(
    'Next: Nothing to do: the same plan command finds no changes now.',
  );
});

test('says that an approval is unsigned and that there was no policy', () => {
  const text = renderReport(REPORT, 'text').text;
  expect(text).toContain('unsigned');
  expect(text).toContain('without a policy file');
});

describe('counts what the last run wrote', () => {
  const run = (number: number, applied: number) => ({
    number,
    started_at: '2026-11-23T14:38:47Z',
    finished_at: '2026-11-23T14:39:02Z',
    requests: 3,
    applied,
  });
  const total = CONVERGED.totals.applied;
  const verdictAfter = (...applied: readonly number[]) => {
    const report = { ...CONVERGED, runs: applied.map((count, index) => run(index + 1, count)) };
    const text = renderReport(report, 'text', { brief: true }).text.replace(/\s+/g, ' ');
    const html = renderReport(report, 'html').text;
    const [verdict] = /^[^.]*\./.exec(text) ?? [''];
    expect(html).toContain(verdict);
    expect(renderReport(report, 'markdown').text.replace(/`(\d+)`/g, '$1')).toContain(verdict);
    return verdict;
  };

  test('in the only run, and in one that resumed the plan', () => {
    expect(verdictAfter(total)).toBe(`${total} changes applied; the shop matches the plan.`);
    expect(verdictAfter(total - 1, 1)).toBe(
      `1 change applied, ${total - 1} applied before; the shop matches the plan.`,
    );
  });

  test('in a run that found everything done', () => {
    expect(verdictAfter(total, 0)).toBe(
      `Nothing to write: all ${total} changes were applied before; the shop matches the plan.`,
    );
    const text = renderReport({ ...CONVERGED, runs: [run(1, total), run(2, 0)] }, 'text').text;
    expect(text).toContain(`run 1: ${total} changes written, 3 requests`);
    expect(text).toContain('run 2: 0 changes written, 3 requests');
  });
});
