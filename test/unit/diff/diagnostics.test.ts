import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import { hintOf, MESSAGES, messageOf } from '../../../src/plan/diagnostic-messages.ts';
import { planOf } from '../../support/catalogue.ts';
import { CASES, cases, TOLD_ELSEWHERE, whole } from '../../support/diagnostic-cases.ts';

describe('each problem skips its resource, and nothing else', () => {
  test.each(cases)('%s', (code, one) => {
    const plan = planOf(whole(one));
    const found = plan.diagnostics.filter((problem) => problem.code === code && problem.ref === one.ref);
    expect(found.map(({ severity }) => severity)).toContain(one.severity);
    expect(plan.skipped.map(({ ref }) => ref)).toEqual(one.out ?? []);
    expect(plan.errored).toBe(false);
    expect(plan.summary.skipped).toBe(plan.skipped.length);
  });

  test.each(cases.filter(([, { given }]) => given.options === undefined))('%s with --strict', (code, one) => {
    const { given } = one;
    const plan = planOf({ ...whole(one), options: { ...given.options, strict: true } });
    const { severity } = one.strict ?? one;
    const found = plan.diagnostics.filter((problem) => problem.code === code && problem.ref === one.ref);
    expect(found.map((problem) => problem.severity)).toContain(severity);
    expect(plan.errored).toBe(severity === 'error' || (one.out ?? []).length > 0);
  });
});

describe('words', () => {
  test('there are some for every code that the sources can give a problem', () => {
    const sources = ['diff', 'wagtail', 'saleor'].flatMap((folder) =>
      readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(`src/${folder}/${name}`, 'utf8')),
    );
    const given =
      /(?:\bcode: |\breport\(\s*(?:'\w+'|[^,']*'\w+' : '\w+'),\s*|\b(?:fail|note|problem|warn)\((?:[a-z][\w.]*, )?)'([a-z]+_[a-z_]+)'/g;
    const codes = new Set(
      sources.flatMap((text) => [...text.matchAll(given)].map(([, code]) => code as string)),
    );
    expect(codes.size).toBeGreaterThan(25);
    const isFailure = (code: string) => new Failure(code as FailureCode, '').exitCode !== undefined;
    expect([...codes].filter((code) => !Object.hasOwn(MESSAGES, code) && !isFailure(code))).toEqual([]);
  });

  test('every code has a case here or is told elsewhere', () => {
    expect([...Object.keys(CASES), ...TOLD_ELSEWHERE].sort()).toEqual(Object.keys(MESSAGES).sort());
  });

  test.each(cases)('%s is said in one line without a hole', (_, one) => {
    for (const problem of planOf(whole(one)).diagnostics) {
      const message = messageOf(problem);
      expect(message).not.toMatch(/undefined|null|\[object|NaN|\n|\.$/);
      expect(message.length).toBeGreaterThan(10);
      if (problem.code !== 'excluded_with') expect(hintOf(problem)).not.toBe('');
    }
  });

  test.each<[string, object, string]>([
    [
      'shop_version_newer',
      { version: '3.25.0' },
      'Saleor 3.25.0 is newer than the tested versions (3.21 to 3.24)',
    ],
    [
      'product_missing',
      { page_id: 1, title: 'Lead scout', saleor_product_id: null, saleor_product_slug: 'lead-scout' },
      'page 1 (Lead scout): Saleor has no product with slug "lead-scout"',
    ],
    [
      'product_missing',
      { page_id: 1, title: 'Lead scout', saleor_product_id: 'UHJvZHVjdDo5', saleor_product_slug: null },
      'page 1 (Lead scout): Saleor has no product with id UHJvZHVjdDo5',
    ],
    [
      'permission_missing_to_apply',
      { permission: 'MANAGE_PRODUCTS' },
      'applying this plan needs the permission MANAGE_PRODUCTS; the token used for planning lacks it',
    ],
    [
      'attribute_maybe_hidden',
      { permission: 'MANAGE_PRODUCTS' },
      'the attribute "gsv_roles" may exist but be hidden: the token lacks MANAGE_PRODUCTS',
    ],
    [
      'attribute_of_another_kind',
      { type: 'PAGE_TYPE' },
      'Saleor has "gsv_roles" as an attribute of pages, which products cannot have',
    ],
    [
      'locale_unknown_to_saleor',
      { locale: 'tlh' },
      'Saleor has no language "tlh", so labels in it are not written',
    ],
    [
      'extra_values_counted',
      { values: 3, used: 1, products: 2 },
      '3 values in Saleor belong to no term: 2 unused, 1 used by products (2 uses in total)',
    ],
    [
      'extra_values_counted',
      { values: 1, used: 0, products: 0 },
      '1 value in Saleor belongs to no term: 1 unused, 0 used by products (0 uses in total)',
    ],
    [
      'rest_not_rebuilt',
      { offerings: 1, products: 2 },
      '1 offering and 2 products without changes are stored in the plan as one digest, so they cannot be rebuilt; bulk_change and removes_last_member use the plan’s own counts of them',
    ],
    [
      'excluded',
      { field: 'metadata.x', reason: 'launch' },
      'attribute.gsv_roles, metadata.x is excluded: launch',
    ],
    [
      'term_unknown',
      {
        page_id: 1,
        title: 'Lead scout',
        field: 'roles',
        key: 'foundr',
        taxonomy: 'roles',
        near: ['founder', 'found'],
      },
      'page 1 (Lead scout): roles has the key "foundr", which is not in roles (did you mean founder or found?)',
    ],
    [
      'label_in_translation',
      { label: '日本語', slug: null },
      'gsv_roles: label "日本語" is stored as a translation, because Saleor would change the slug',
    ],
    [
      'extra_value',
      { name: 'Ops', kept: 'in_use', users: 4 },
      'gsv_roles: Saleor has this value (Ops), but Wagtail has no such term; 4 products or variants use it, so it is not deleted',
    ],
    [
      'used_value_deleted',
      { name: 'Ops', users: 12, products: Array.from({ length: 12 }, (_, index) => `p${index}`) },
      'gsv_roles (Ops) is deleted although 12 products or variants use it (compared products: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more)',
    ],
    [
      'label_too_long',
      { key: 'ops', length: 300, max: 250 },
      'gsv_roles.ops: the label has 300 characters; Saleor allows 250',
    ],
  ])('%s reads', (code, data, message) => {
    const problem = { severity: 'warning' as const, code, ref: 'attribute.gsv_roles', data: data as never };
    expect(messageOf(problem)).toBe(message);
    expect(hintOf(problem)).not.toBe('');
  });

  test('a code from elsewhere is shown as it is, whatever its name', () => {
    for (const code of ['told_by_a_newer_version', 'constructor', 'to_string', '__proto__']) {
      const problem = { severity: 'error' as const, code, ref: 'shop', data: {} };
      expect([messageOf(problem), hintOf(problem)]).toEqual([`${code} (shop)`, '']);
    }
  });

  test('no message breaks on data that are not what they should be', () => {
    for (const code of Object.keys(MESSAGES)) {
      for (const data of [{}, { labels: 1, others: [null], near: {}, products: 'x' }])
        expect(messageOf({ severity: 'error', code, ref: '', data })).toEqual(expect.any(String));
    }
  });
});
