import { describe, expect, test } from '@jest/globals';
import { compareFields, fieldsOf } from '../../../src/plan/field-diff.ts';
import { rich } from '../../support/rich-plan.ts';

describe('fields', () => {
  test('are what two documents of a resource differ in; a resource that comes or goes is one field', () => {
    const [old, now] = [
      { name: 'Ops', slug: 'ops' },
      { name: 'OPS', slug: 'ops' },
    ];
    expect(compareFields('value.gsv_roles.ops', old, now)).toEqual([
      { name: 'name', before: 'Ops', after: 'OPS' },
    ]);
    expect(compareFields('value.gsv_roles.ops', null, now)).toEqual([
      { name: '', before: undefined, after: now },
    ]);
    expect(compareFields('value.gsv_roles.ops', old, null)).toEqual([
      { name: '', before: old, after: undefined },
    ]);
    expect(compareFields('value.gsv_roles.ops', null, null)).toEqual([]);
  });

  test('of a product are its attributes as wholes and its metadata keys, and a misshapen document has none', () => {
    const change = rich.changes.find(({ ref }) => ref === 'product.offering-1');
    expect(fieldsOf(change as never).map(({ name }) => name)).toEqual([
      'attributes.gsv_roles',
      'attributes.gsv_verified',
      'metadata.cp_offering_id',
      'metadata.outcome_tagline',
    ]);
    expect(compareFields('product.offering-1', {}, { metadata: { a: '1' } })).toEqual([
      { name: 'metadata.a', before: undefined, after: '1' },
    ]);
    expect(compareFields('product.offering-1', { metadata: {} }, {})).toEqual([]);
  });
});
