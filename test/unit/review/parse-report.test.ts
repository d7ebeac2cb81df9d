import { expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { parseReport } from '../../../src/review/parse-report.ts';
import { REPORT } from '../../support/sample-plan.ts';

function refusalOf(document: unknown): string {
  try {
    parseReport(JSON.stringify(document), 'report.json');
  } catch (error) {
    return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
  }
  return '';
}

test('is read back from its file, and a file that is none is refused with the place', () => {
  expect(parseReport(JSON.stringify(REPORT), 'report.json')).toEqual(REPORT);
  expect(refusalOf([])).toBe('document_malformed: report.json is not a report');
  expect(refusalOf({ ...REPORT, format_version: '2.0' })).toMatch(/^format_unknown: /);
  expect(refusalOf({ ...REPORT, outcomes: [{ ...REPORT.outcomes[0], outcome: 'fine' }] })).toContain(
    'outcomes[0].outcome',
  );
  expect(refusalOf({ ...REPORT, later: 1 })).toContain('later');
});

test('of a newer minor version it ignores new members, and nothing else', () => {
  const newer = { ...REPORT, format_version: '1.7', later: 1 };
  expect(parseReport(JSON.stringify(newer), 'report.json').plan).toEqual(REPORT.plan);
  expect(refusalOf({ ...newer, mode: 'fine' })).toMatch(/^document_malformed: report\.json: .*mode/);
});

test('a report with the member names of an unpublished version is refused', () => {
  expect(refusalOf({ ...REPORT, complete: true })).toMatch(/^document_malformed: .*complete/);
});
