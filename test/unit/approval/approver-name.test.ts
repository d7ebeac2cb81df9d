import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileNameFor, nameError } from '../../../src/approval/approver-name.ts';
import { verifyApproval } from '../../../src/approval/verify-approvals.ts';
import { approvalFile, inputWith, refusalsOf } from '../../support/approvals.ts';

describe('the file of an approval', () => {
  test('is named after the person, safely and always the same', () => {
    expect(fileNameFor('Kim Doe')).toMatch(/^kim-doe-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('../../etc/passwd')).toMatch(/^etc-passwd-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('金')).toMatch(/^approver-[0-9a-f]{12}\.json$/);
    expect(fileNameFor('KIM doe')).toBe(fileNameFor('Kim Doe'));
  });

  test('keeps apart names that look alike once they are made safe', () => {
    const names = ['a.b', 'a-b', 'a b', 'a_b', 'ä-b', 'á b'];
    expect(new Set(names.map(fileNameFor)).size).toBe(names.length);
  });

  test('is a plain file name for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (who) => {
        expect(fileNameFor(who)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.json$/);
        nameError(who);
      }),
      { seed: 7 },
    );
  });

  test('holds only what its own name says', async () => {
    const { bytes } = approvalFile('Kim Doe');
    const verdict = await verifyApproval(inputWith({ approvals: [{ file: 'lee.json', bytes }] }));
    expect(refusalsOf(verdict)).toContain('approval_invalid');
  });
});

test.each([
  'YOU',
  'you@example.com',
  '<name>',
  '...',
  'your-name',
  'first.last@company.com',
  'todo',
  'Your Name',
  'me@example.org',
])('%s is a placeholder and names nobody', (who) => {
  expect(nameError(who)).toMatch(/is a placeholder, not a person$/);
});

test.each([
  'Youssef',
  'you-jin@example.org',
  'Kim <kim@example.com>',
  'name@example.org.uk.test',
])('%s may be a person', (who) => {
  expect(nameError(who)).toBeNull();
});
