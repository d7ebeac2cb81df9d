import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetadataRule } from '../../../src/contract/contract.ts';
import { estimateLabel, isAmount, isLess } from '../../../src/contract/estimate-label.ts';
import { ESTIMATE } from '../../support/catalogue.ts';

describe('the estimate’s label', () => {
  const rule = (given: Partial<MetadataRule> = {}): MetadataRule => ({ ...ESTIMATE, ...given });

  test.each<[number | string | null, number | string | null, string | null]>([
    [15, 15, '~15/run'],
    [15, null, '~15/run'],
    [null, 15, '~15/run'],
    [10, 20, '~15/run'],
    [10, 15, '~13/run'],
    [0, 1, '~1/run'],
    [0, 0, '~0/run'],
    [null, null, null],
    ['15.50', '15.50', '~15.5/run'],
    ['15.50', null, '~15.5/run'],
    ['15.50', '15.5', '~15.5/run'],
    ['15.50', '16.50', '~16/run'],
    ['0.01', '0.02', '~0.02/run'],
    ['0.10', '0.20', '~0.15/run'],
    ['1.005', '1.005001', '~1.01/run'],
    ['0.00995', '0.00005', '~0.01/run'],
    ['10.00', '20.00', '~15/run'],
    [10, '20.5', '~15.25/run'],
    ['10.00', null, '~10/run'],
    ['100', '100.00', '~100/run'],
    ['1.00', '2.50', '~1.75/run'],
    ['0.00', null, '~0/run'],
    [-3, -2, '~-2/run'],
    ['-0.02', '-0.01', '~-0.01/run'],
    ['-1.50', '-0.50', '~-1/run'],
    ['9007199254740991', '9007199254740993', '~9007199254740992/run'],
  ])('of %s to %s is %s', (min, max, label) => {
    expect(estimateLabel(rule(), min, max)).toBe(label);
  });

  test('is made by the contract’s template, with its own for a range', () => {
    expect(estimateLabel(rule({ template: '{min}–{max}, about {mid}' }), 10, 20)).toBe('10–20, about 15');
    const both = rule({ template: '{mid} a run', template_range: '{min} to {max}' });
    expect(estimateLabel(both, 10, 20)).toBe('10 to 20');
    expect(estimateLabel(both, 10, null)).toBe('10 a run');
    expect(estimateLabel(rule({ template: '$& {avg}' }), 1, 1)).toBe('$& {avg}');
  });

  test('lies between its two ends', () => {
    const hundredths = fc.integer({ min: 0, max: 1_000_000 }).map((n) => (n / 100).toFixed(2));
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const mid = Number(estimateLabel(rule({ template: '{mid}' }), a, b));
        expect(Math.abs(mid - (Number(a) + Number(b)) / 2)).toBeLessThanOrEqual(0.5);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('an amount is a whole number, or a decimal as a source writes it', () => {
    for (const right of [0, 15, -3, '15', '15.50', '-0.5', '0']) expect(isAmount(right)).toBe(true);
    for (const wrong of [
      1.5,
      Number.NaN,
      2 ** 53,
      '',
      ' 15',
      '15.',
      '.5',
      '1e5',
      '015',
      '1,5',
      null,
      true,
      undefined,
    ])
      expect(isAmount(wrong)).toBe(false);
    expect([isLess('9', '10'), isLess('15.50', 15), isLess(15, '15.0')]).toEqual([true, false, false]);
  });
});
