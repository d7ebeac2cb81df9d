import { describe, expect, test } from '@jest/globals';
import { integrityOf, integrityWarnings } from '../../../../src/plan/file/integrity.ts';
import { isPrinted, printPlan } from '../../../../src/plan/file/print.ts';
import { digestOf, idOf, type Plan } from '../../../../src/plan/plan.ts';
import { EVERY_KIND, sceneOf } from '../../../support/simulation/scene.ts';

describe('a plan file', () => {
  const { plan } = sceneOf(EVERY_KIND('key'));
  const [digest, text] = [digestOf(plan), printPlan(plan)];
  const codes = (one: Plan, written = text, folderId: string | null = null) =>
    integrityWarnings(
      {
        plan: one,
        format: one.format_version === '1.9' ? 'newer' : 'current',
        integrity: integrityOf(one, { isPrinted: () => isPrinted(one, written), text: () => written }),
      },
      folderId,
    ).map(({ code }) => code);

  test('is not doubted as it was written, and is in a folder of another name or of a newer version', () => {
    expect(codes(plan, text, idOf(digest))).toEqual([]);
    expect(codes(plan, text, '0'.repeat(16))).toEqual(['folder_differs']);
    expect(codes({ ...plan, format_version: '1.9' })).toEqual(['newer_format']);
  });

  test('that cannot be built again is as altered as one that comes out different', () => {
    const broken = { ...plan, desired: { ...plan.desired, offerings: [{}] } } as unknown as Plan;
    expect(codes(broken, 'x')).toEqual(['printed_otherwise', 'not_rebuilt']);
  });
});
