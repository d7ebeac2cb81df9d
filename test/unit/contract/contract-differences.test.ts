import { expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { contractDifferences, differenceText } from '../../../src/contract/contract-differences.ts';

test('two contracts of one name: says which rules differ', () => {
  const [first, ...others] = GTM_V1.attributes;
  if (first === undefined) throw new Error('the contract has attributes');
  const other = { ...GTM_V1, attributes: [{ ...first, source: 'else' }, ...others] };
  expect(contractDifferences(GTM_V1, GTM_V1)).toEqual([]);
  expect(differenceText(GTM_V1, other)).toBe(`in attributes.${first.slug}`);
  expect(differenceText(GTM_V1, { ...GTM_V1, metadata: [] })).toMatch(/^in metadata\.\w+, .* and \d+ more$/);
  expect(differenceText(GTM_V1, { ...GTM_V1, attributes: [...others, first] })).toBe(
    'in the order of its rules',
  );
});
