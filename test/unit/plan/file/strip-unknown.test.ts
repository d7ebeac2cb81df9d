import { expect, test } from '@jest/globals';
import stripUnknown from '../../../../src/plan/generated/strip-unknown.js';

test('of a plan of a newer version what has another shape is left for the schema to refuse', () => {
  for (const value of [5, 'plan', null, [5]] as const) expect(stripUnknown(value)).toBe(true);
  const odd = { changes: 5, hazards: { a: 1 }, actual: { products: [1], attributes: 7 }, summary: null };
  const stripped = structuredClone(odd);
  stripUnknown(stripped);
  expect(stripped).toEqual(odd);
});
