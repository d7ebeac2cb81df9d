import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import { differingMembers } from '../../../src/plan/file/integrity.ts';
import { printPlan } from '../../../src/plan/file/print.ts';
import { build, digestOf, idOf, inputsOf } from '../../../src/plan/plan.ts';
import { permissionsFor } from '../../../src/plan/required-permissions.ts';
import { fileNameOf } from '../../../src/plan/target-file-name.ts';
import { readExport } from '../../../src/wagtail/export/read-export.ts';
import { random } from '../../support/arbitrary.ts';
import { attribute, planOf, product, productType, ROLES } from '../../support/catalogue.ts';
import { recordedPlan } from '../../support/recorded-plan.ts';
import { decided, RICH, rich } from '../../support/rich-plan.ts';

describe('a plan', () => {
  test('of the recordings proves itself, and the same reading in another order gives the same bytes', () => {
    const plan = recordedPlan();
    const read = decided(printPlan(plan));
    expect(differingMembers(read)).toEqual([]);
    expect(digestOf(read)).toBe(digestOf(plan));
    expect(plan.summary.by_kind.product.update).toBeGreaterThan(5);

    const document = JSON.parse(readFileSync('test/recordings/wagtail-export.json', 'utf8'));
    const next = random(11);
    const mix = <T>(items: T[]): T[] =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
    document.offerings = mix(document.offerings);
    for (const name of mix(Object.keys(document.taxonomies))) {
      const terms = mix(document.taxonomies[name]);
      delete document.taxonomies[name];
      document.taxonomies[name] = terms;
    }
    delete document.content_sha256;
    const again = build({
      ...inputsOf(plan),
      desired: readExport(JSON.stringify(document), GTM_V1),
      actual: { ...plan.actual, target: plan.target },
    });
    expect(digestOf(again)).toBe(digestOf(plan));
  });

  test('holds what was compared and nothing else', () => {
    expect(Object.keys(rich.actual.products)).toEqual(['offering-1', 'offering-2']);
    expect(Object.keys(rich.desired.taxonomies)).toEqual(['categories', 'roles']);
    const wider = planOf({
      ...RICH,
      actual: {
        ...RICH.actual,
        attributes: { ...RICH.actual?.attributes, brand: attribute({ ...ROLES, slug: 'brand' }) },
        product_types: { ...RICH.actual?.product_types, shoes: productType('shoes', []) },
        products: {
          ...RICH.actual?.products,
          'offering-2': product(2, { brand: 'acme' }, { note: 'fragile' }),
        },
      },
    });
    expect(digestOf(wider)).toBe(digestOf(rich));
  });

  test('has the first 16 digits of its digest as its id, and digest and id are as long as they say', () => {
    expect(digestOf(rich)).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf(digestOf(rich))).toBe(digestOf(rich).slice(0, 16));
  });

  test('counts its changes by action and kind, and the skipped pages', () => {
    expect(rich.summary).toEqual({
      create: 4,
      update: 3,
      delete: 0,
      skipped: 2,
      by_kind: {
        attribute: { create: 1, update: 0, delete: 0 },
        assignment: { create: 1, update: 0, delete: 0 },
        value: { create: 0, update: 2, delete: 0 },
        translation: { create: 2, update: 0, delete: 0 },
        product: { create: 0, update: 1, delete: 0 },
      },
    });
  });

  test('needs only the permissions of what it changes', () => {
    expect(permissionsFor(rich.changes)).toEqual([
      'MANAGE_PRODUCTS',
      'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES',
      'MANAGE_TRANSLATIONS',
    ]);
    expect(permissionsFor(rich.changes.filter(({ ref }) => ref.startsWith('product.')))).toEqual([
      'MANAGE_PRODUCTS',
    ]);
    expect(permissionsFor([])).toEqual([]);
  });

  test('is kept under a name that a person can read and that no other target has', () => {
    const target = { name: null, api_url: 'https://Shop.example.com:8000/graphql/' };
    expect(fileNameOf(target)).toMatch(/^shop-example-com-8000-[0-9a-f]{8}$/);
    expect(fileNameOf({ ...target, name: 'Prod (EU)' })).toMatch(/^prod-eu-[0-9a-f]{8}$/);
    expect(fileNameOf({ ...target, name: '—' })).toMatch(/^shop-[0-9a-f]{8}$/);
    expect(fileNameOf({ name: null, api_url: 'not a url' })).toMatch(/^shop-[0-9a-f]{8}$/);
    expect(fileNameOf(target)).not.toBe(
      fileNameOf({ ...target, api_url: 'https://shop.example.com:8000/graphql' }),
    );
  });
});
