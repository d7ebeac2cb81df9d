import { expect, test } from '@jest/globals';
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
