import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json/json-value.ts';
import { messageOf } from '../../../src/plan/diagnostic-messages.ts';

test('words for a whole resource, and for more than are named', () => {
  const said = (code: string, data: JsonObject) =>
    messageOf({ severity: 'warning', code, ref: 'product.first', data });
  expect(said('changed_since', { field: '' })).toMatch(/^product\.first changed after the plan was applied/);
  expect(said('nothing_to_exclude', { field: null, reason: 'asked for' })).toMatch(
    /^product\.first: there is no change to exclude/,
  );
  const others = [{ page_id: 2, title: 'Second' }];
  expect(said('product_claimed_twice', { page_id: 1, title: 'First', others, more: 3 })).toContain(
    'and 3 more',
  );
});
