import { describe, expect, test } from '@jest/globals';
import type { Assessment } from '../../../src/apply/assess-change.ts';
import { roundsOf } from '../../../src/apply/value-rounds.ts';

import { planOf, roles, term } from '../../support/catalogue.ts';

const plan = (naming: 'key' | 'external_reference', ...labels: readonly string[]) =>
  planOf(
    roles(
      labels.map((label, index) => term(`k${index}`, label)),
      {},
      { contract: { naming }, options: { create_missing: true } },
    ),
  );

const rounds = (naming: 'key' | 'external_reference', ...labels: readonly string[]) => {
  const made = plan(naming, ...labels);
  const open = made.changes
    .filter(({ ref }) => ref.startsWith('value.'))
    .map((change): Assessment => ({ change, pending: [], already: [], conflicts: [] }));
  return roundsOf(made, open).map((round) =>
    round.map(({ change }) => (change.after as { readonly slug: string }).slug),
  );
};

describe('values whose slugs touch are written one after the other', () => {
  test('in one round where they do not', () => {
    expect(rounds('external_reference', 'Sales', 'Ops')).toEqual([['sales', 'ops']]);
  });

  test('in the order in which their slugs were predicted', () => {
    expect(rounds('external_reference', 'C+', 'C-', 'C 2', 'Ops')).toEqual([
      ['c'],
      ['c-2'],
      ['c-2-2', 'ops'],
    ]);
  });

  test('in one round in mode key, where each has its own key', () => {
    expect(rounds('key', 'C+', 'C-')).toEqual([['k0', 'k1']]);
  });
});
