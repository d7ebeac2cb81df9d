import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../src/core/json/json-value.ts';
import { parsePlanProvenance } from '../../../src/plan/plan-provenance.ts';

describe('provenance.json', () => {
  const made = {
    format_version: '1.0',
    plan: 'a'.repeat(16),
    digest: 'b'.repeat(64),
    made_at: '2026-11-23T09:00:00.000Z',
    made_by: 'ada',
    tool: 'sailplan 0.1.0',
    shop: { name: 'Shop', domain: 'shop.example.com', version: '3.23.28' },
    wagtail: null,
    reads: { products: { requests: 1, items: 2, total: 2 } },
    inputs: {},
    names: {},
    links: {},
    snippets: { 'roles.founder': { id: 7, model: 'catalog.role' } },
    users: {
      'value.gsv_roles.founder': { products: 3, published: { 'default-channel': 2 } },
      'value.gsv_roles.old': { products: 3, published: null },
    },
    shop_written_at: null,
    refreshed: { from: 'plan', since: '2026-11-23T09:00:00.000Z', written: 1, read_again: 2, kept: 300 },
  };

  test('is read as it was written', () => {
    expect(parsePlanProvenance(made)).toEqual(made);
    expect(parsePlanProvenance({ ...made, shop: null })?.shop).toBeNull();
  });

  test.each<[string, Json]>([
    ['a list', []],
    ['a text', 'made'],
    ['without a digest', { ...made, digest: 5 }],
    ['without the time', { ...made, made_at: null }],
  ])('that is %s is none', (_, value) => {
    expect(parsePlanProvenance(value)).toBeNull();
  });

  test('gives up each part that is misshapen, and nothing else', () => {
    const bent = {
      ...made,
      shop: { name: 'Shop', domain: 5, version: '3.23.28' },
      reads: {
        one: [],
        two: { requests: -1, items: 2, total: 2 },
        three: { requests: 1, items: 'many', total: 2 },
        four: { requests: 1, items: 2, total: 2.5 },
      },
      inputs: [],
      snippets: { 'roles.one': 'x', 'roles.two': { id: null }, 'roles.three': { id: 1, model: 7 } },
      users: { one: 5, two: { products: -3 }, three: { products: 1, published: 'many' } },
      refreshed: 'yes',
    };
    expect(parsePlanProvenance(bent)).toEqual({
      ...made,
      shop: null,
      reads: {},
      inputs: {},
      snippets: { 'roles.three': { id: 1, model: null } },
      users: { three: { products: 1, published: null } },
      refreshed: null,
    });
    for (const refreshed of [
      { ...made.refreshed, from: 5 },
      { ...made.refreshed, since: null },
      { ...made.refreshed, written: 'one' },
      { ...made.refreshed, read_again: -1 },
      { ...made.refreshed, kept: 1.5 },
    ])
      expect(parsePlanProvenance({ ...made, refreshed })?.refreshed).toBeNull();
  });
});
