import { describe, expect, test } from '@jest/globals';
import jsonpatch from 'fast-json-patch';
import { changeOf, diffOf, offering, product, refsOf, term } from '../../support/catalogue.ts';

describe('exclusions', () => {
  const hold = (ref: string, field: string | null = null) => ({ ref, field, reason: 'launch' });
  const held = (exclude: readonly ReturnType<typeof hold>[]) =>
    diffOf({
      options: { create_missing: true, exclude },
      desired: {
        taxonomies: {
          categories: [term('sales', 'Sales')],
          roles: [term('founder', 'FOUNDER'), term('ops', 'Ops')],
        },
        offerings: [offering(1, { roles: ['founder', 'ops'], card_tagline: 'New' })],
      },
    });
  const ALL = ['update value.gsv_roles.founder', 'create value.gsv_roles.ops', 'update product.offering-1'];

  test('is nothing by itself', () => {
    expect(refsOf(held([]))).toEqual(ALL);
  });

  test('is a resource, with what needs it', () => {
    const found = held([hold('value.gsv_roles.ops')]);
    expect(refsOf(found)).toEqual(ALL.slice(0, 1));
    expect(found.diagnostics.map(({ code, ref, data }) => [code, ref, data])).toEqual([
      ['excluded', 'value.gsv_roles.ops', { field: null, reason: 'launch' }],
      ['excluded_with', 'product.offering-1', { needs: 'value.gsv_roles.ops' }],
    ]);
  });

  test('is a field, and then nothing is needed for it', () => {
    const found = held([hold('value.gsv_roles.ops'), hold('product.offering-1', 'attributes.gsv_roles')]);
    expect(refsOf(found)).toEqual(['update value.gsv_roles.founder', 'update product.offering-1']);
    const change = changeOf(found, 'product.offering-1');
    expect(change.needs).toEqual([]);
    expect(change.after).toMatchObject({
      attributes: { gsv_roles: { founder: true } },
      metadata: { outcome_tagline: 'New' },
    });
    expect(
      jsonpatch.applyPatch(structuredClone(change.before), change.patch as never, true, false).newDocument,
    ).toEqual(change.after);
  });

  test('is the whole change when no field is left of it', () => {
    expect(refsOf(held([hold('value.gsv_roles.founder', 'slug')]))).toEqual(ALL.slice(1));
    expect(refsOf(held([hold('value.gsv_roles.ops', 'name')]))).toEqual(ALL.slice(0, 1));
    expect(refsOf(held([hold('product.offering-1', 'metadata')]))).toEqual(ALL);
    expect(
      refsOf(held([hold('product.offering-1', 'metadata'), hold('product.offering-1', 'attributes')])),
    ).toEqual(ALL.slice(0, 2));
  });

  test('is nothing where the field does not change, or is none', () => {
    for (const field of [
      'metadata.cp_offering_id',
      'metadata.unheard_of',
      'attribute.gsv_roles',
      'colour',
      'metadata.outcome_tagline.x',
    ]) {
      const found = held([hold('product.offering-1', field)]);
      expect([refsOf(found), found.diagnostics]).toEqual([ALL, []]);
    }
  });

  test('may be a key that a page adds or takes away', () => {
    const found = diffOf({
      options: {
        exclude: [
          hold('product.offering-1', 'metadata.outcome_tagline'),
          hold('product.offering-1', 'metadata.primary_role'),
        ],
      },
      desired: { offerings: [offering(1, { primary_role: null, category: null })] },
      actual: { products: { 'offering-1': product(1, {}, { outcome_tagline: undefined }) } },
    });
    expect(changeOf(found, 'product.offering-1').patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'test /attributes/gsv_category',
      'replace /attributes/gsv_category',
    ]);
  });
});
